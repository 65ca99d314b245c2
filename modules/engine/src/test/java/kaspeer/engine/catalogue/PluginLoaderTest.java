package kaspeer.engine.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import kaspeer.testkit.plugin.PluginJar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jars are loaded, and which keep a node from starting. */
final class PluginLoaderTest {
  private static final String SOURCE =
      """
      package plug;
      import kaspeer.flow.*;
      import kaspeer.wire.proto.KaspadMessage.PayloadCase;
      import org.apache.pekko.actor.typed.Behavior;
      import org.apache.pekko.actor.typed.javadsl.Behaviors;
      public class Watcher implements FlowFactory<FlowEvent> {
        static { ONCE }
        public FlowDescriptor descriptor() {
          return FlowDescriptor.observing("watcher", Extension.Observe.of(PayloadCase.PING));
        }
        public FlowEvent wrap(FlowEvent event) { return event; }
        public Behavior<FlowEvent> create(FlowContext context) { return Behaviors.ignore(); }
      }
      """;

  @TempDir private Path plugins;

  private static PluginJar watcher(String once) {
    return PluginJar.named("watching-1.0").factory("plug.Watcher", SOURCE.replace("ONCE", once));
  }

  @Test
  void aListedJarIsLoadedWithClassesOfItsOwn() {
    watcher("").writeTo(plugins);
    try (PluginLoader loader = PluginLoader.load(plugins, Set.of("watching-1.0"))) {
      assertThat(loader.flows()).hasSize(1);
      FlowCatalogue.Registration flow = loader.flows().getFirst();
      assertThat(flow.origin()).isEqualTo("watching-1.0.jar");
      assertThat(flow.descriptor().name()).isEqualTo("watcher");
      assertThat(flow.factory().getClass().getClassLoader())
          .isNotSameAs(getClass().getClassLoader());
      assertThat(loader.refused()).isEmpty();
    }
  }

  @Test
  void aJarThatIsNotListedIsToldAndNotEvenOpened() throws IOException {
    Files.writeString(plugins.resolve("other.jar"), "this is no jar");
    try (PluginLoader loader = PluginLoader.load(plugins, Set.of())) {
      assertThat(loader.flows()).isEmpty();
      assertThat(loader.refused()).containsExactly("other.jar");
    }
  }

  @Test
  void aListedJarMustBeThere() {
    watcher("").writeTo(plugins);
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of("watching-1.0", "sonar")))
        .isInstanceOf(CatalogueException.class)
        .hasMessage("there is no plug-in sonar in " + plugins);
    Path absent = plugins.resolve("absent");
    assertThatThrownBy(() -> PluginLoader.load(absent, Set.of("sonar")))
        .hasMessage("there is no plug-in sonar in " + absent);
  }

  @Test
  void withoutADirectoryThereAreNoPlugins() {
    try (PluginLoader loader = PluginLoader.load(plugins.resolve("absent"), Set.of())) {
      assertThat(loader.flows()).isEmpty();
    }
  }

  @Test
  void aJarForAnotherVersionOfTheInterfaceIsRefused() {
    watcher("").apiVersion("99").writeTo(plugins);
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of("watching-1.0")))
        .hasMessageContaining("watching-1.0.jar is for version 99 of the flow API")
        .hasMessageContaining("this node has version 1");
    watcher("").apiVersion("").writeTo(plugins);
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of("watching-1.0")))
        .hasMessageContaining("is for version none of the flow API (Kaspeer-Flow-Api");
  }

  @Test
  void aBrokenJarIsNamed() throws IOException {
    PluginJar.named("empty").writeTo(plugins);
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of("empty")))
        .hasMessageContaining("empty.jar names no flow");
    PluginJar.named("hollow").service("plug.NotThere").writeTo(plugins);
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of("hollow")))
        .hasMessageContaining("hollow.jar")
        .hasMessageContaining("plug.NotThere");
    watcher("if (true) throw new IllegalStateException(\"ouch\");").writeTo(plugins);
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of("watching-1.0")))
        .hasMessageContaining("watching-1.0.jar");
    Files.writeString(plugins.resolve("junk.jar"), "this is no jar");
    assertThatThrownBy(() -> PluginLoader.load(plugins, Set.of("junk")))
        .hasMessageContaining("cannot read the plug-in junk.jar");
  }

  @Test
  void aPluginDoesNotSeeTheNodesOwnClasses() {
    watcher(
            """
            try {
              Class.forName("kaspeer.engine.Engine");
              throw new IllegalStateException("the engine is visible");
            } catch (ClassNotFoundException hidden) {
            }
            """)
        .writeTo(plugins);
    try (PluginLoader loader = PluginLoader.load(plugins, Set.of("watching-1.0"))) {
      assertThat(loader.flows()).hasSize(1);
    }
  }
}
