package kaspeer.engine.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginLoaderTest {
  private static final String SOURCE =
      """
      package plug;
      import java.util.*;
      import kaspeer.flow.*;
      import kaspeer.flow.FlowDescriptor.*;
      import org.apache.pekko.actor.typed.Behavior;
      import org.apache.pekko.actor.typed.javadsl.Behaviors;
      public class Watcher implements FlowFactory<FlowEvent> {
        public FlowDescriptor descriptor() {
          return new FlowDescriptor(
              "watcher", VersionRange.ALL, Phase.READY, List.of(), Set.of(), OnFailure.RESTART);
        }
        public FlowEvent wrap(FlowEvent event) { return event; }
        public Behavior<FlowEvent> create(FlowContext context) { return Behaviors.ignore(); }
      }
      """;

  @TempDir Path plugins;

  private void writeJar(String provider) throws IOException {
    Path sources = Files.createDirectories(plugins.resolve("src/plug"));
    Path source = Files.writeString(sources.resolve("Watcher.java"), SOURCE);
    Path classes = Files.createDirectories(plugins.resolve("classes"));
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    int result =
        compiler.run(
            null,
            null,
            null,
            "-d",
            classes.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            source.toString());
    assertThat(result).isZero();
    try (OutputStream file = Files.newOutputStream(plugins.resolve("watcher.jar"));
        JarOutputStream jar = new JarOutputStream(file);
        Stream<Path> compiled = Files.walk(classes)) {
      compiled
          .filter(Files::isRegularFile)
          .forEach(one -> add(jar, classes.relativize(one).toString(), one));
      jar.putNextEntry(new JarEntry("META-INF/services/kaspeer.flow.FlowFactory"));
      jar.write(provider.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void add(JarOutputStream jar, String name, Path file) {
    try {
      jar.putNextEntry(new JarEntry(name));
      Files.copy(file, jar);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void aFlowOnTheListIsTakenFromItsJarInALoaderOfItsOwn() throws IOException {
    writeJar("plug.Watcher");
    try (PluginLoader loader = PluginLoader.load(plugins, Set.of("watcher"))) {
      assertThat(loader.flows()).hasSize(1);
      FlowCatalogue.Registration flow = loader.flows().getFirst();
      assertThat(flow.origin()).isEqualTo("watcher.jar");
      assertThat(flow.factory().descriptor().name()).isEqualTo("watcher");
      assertThat(flow.factory().getClass().getClassLoader())
          .isNotSameAs(getClass().getClassLoader());
      assertThat(loader.refused()).isEmpty();
    }
  }

  @Test
  void aFlowThatIsNotOnTheListIsLeftOut() throws IOException {
    writeJar("plug.Watcher");
    try (PluginLoader none = PluginLoader.load(plugins, Set.of("other"));
        PluginLoader any = PluginLoader.load(plugins, Set.of(PluginLoader.ANY))) {
      assertThat(none.flows()).isEmpty();
      assertThat(none.refused()).isEqualTo(List.of("watcher of watcher.jar"));
      assertThat(any.flows()).hasSize(1);
    }
  }

  @Test
  void aBrokenPluginIsNamed() throws IOException {
    writeJar("plug.NotThere");
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of(PluginLoader.ANY)))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining("watcher.jar");
  }

  @Test
  void withoutADirectoryThereAreNoPlugins() {
    try (PluginLoader loader =
        PluginLoader.load(plugins.resolve("absent"), Set.of(PluginLoader.ANY))) {
      assertThat(loader.flows()).isEmpty();
    }
  }
}
