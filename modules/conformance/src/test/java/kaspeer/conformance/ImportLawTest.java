package kaspeer.conformance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may import whom (ARCHITECTURE.md), as far as the modules' POMs do not see to it. */
class ImportLawTest {
  /** What each room may import of the others. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("primitives", Set.of()),
          Map.entry("crypto", Set.of("primitives")),
          Map.entry("script", Set.of("primitives", "crypto")),
          Map.entry("consensus", Set.of("primitives", "crypto", "script")),
          Map.entry("storage", Set.of("primitives", "consensus")),
          Map.entry("mempool", Set.of("primitives", "script", "consensus")),
          Map.entry("wire", Set.of("primitives")),
          Map.entry("flow", Set.of("primitives", "wire")),
          Map.entry("transport", Set.of("primitives", "wire")),
          Map.entry("flows", Set.of("primitives", "wire", "flow")),
          Map.entry("plugin", Set.of("primitives", "wire", "flow")),
          Map.entry(
              "engine", Set.of("primitives", "wire", "flow", "transport", "consensus", "mempool")),
          Map.entry(
              "cluster",
              Set.of("primitives", "wire", "flow", "transport", "consensus", "mempool", "engine")),
          Map.entry(
              "admin",
              Set.of("primitives", "wire", "flow", "transport", "consensus", "mempool", "engine")));

  /** Rooms that may import all, and that none of the others may import. */
  private static final Set<String> ON_TOP = Set.of("node", "testkit", "conformance", "benchmarks");

  private static JavaClasses ours = new ClassFileImporter().importClasses();

  @BeforeAll
  static void read() {
    ours =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("kaspeer");
  }

  static Stream<String> rooms() {
    return MAY_IMPORT.keySet().stream().sorted();
  }

  /**
   * A module without an entry would be one without a law. The package of flow-api is flow, that of
   * a plug-in below plugin.
   */
  @Test
  void everyModuleIsListed() throws IOException {
    Set<String> listed = new TreeSet<>(MAY_IMPORT.keySet());
    listed.addAll(ON_TOP);
    try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
      assertThat(
              modules
                  .filter(module -> Files.exists(module.resolve("pom.xml")))
                  // What was published by others is compiled in picocli, without a line of ours.
                  .filter(module -> Files.exists(module.resolve("src")))
                  .map(module -> module.getFileName().toString().replace("flow-api", "flow"))
                  .map(module -> module.startsWith("plugin-") ? "plugin" : module)
                  .distinct())
          .containsExactlyInAnyOrderElementsOf(listed);
    }
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomImportsOnlyWhatItMay(String room) {
    String[] forbidden =
        Stream.concat(MAY_IMPORT.keySet().stream(), ON_TOP.stream())
            .filter(other -> !other.equals(room))
            .filter(other -> !MAY_IMPORT.getOrDefault(room, Set.of()).contains(other))
            .map(other -> "kaspeer." + other + "..")
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage("kaspeer." + room + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(forbidden));
  }

  @Test
  void onlyTransportNamesGrpc() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("kaspeer.transport..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.grpc.."));
  }

  @Test
  void onlyStorageNamesRocksDb() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("kaspeer.storage..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.rocksdb.."));
  }

  @Test
  void thePlainRoomsKnowNoActorNoNetworkAndNoDatabase() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "kaspeer.primitives..",
                "kaspeer.crypto..",
                "kaspeer.script..",
                "kaspeer.consensus..",
                "kaspeer.mempool..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.apache.pekko..", "io.grpc..", "org.rocksdb..", "com.google.protobuf.."));
  }

  @Test
  void flowsOfOneTopicDoNotKnowThoseOfAnother() {
    check(
        slices()
            .matching("kaspeer.flows.(*)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                com.tngtech.archunit.base.DescribedPredicate.alwaysTrue(),
                com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                    "kaspeer.flows.common..")));
  }

  @Test
  void actorsAreTyped() {
    check(
        classes()
            .that()
            .resideInAPackage("kaspeer..")
            .should()
            .notBeAssignableTo("org.apache.pekko.actor.AbstractActor"));
  }

  private static void check(ArchRule rule) {
    rule.check(ours);
  }
}
