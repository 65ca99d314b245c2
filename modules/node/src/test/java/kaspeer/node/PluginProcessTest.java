package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.node.cli.Cli;
import kaspeer.testkit.plugin.PluginJar;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins and the whole program: what is loaded, what is told, what keeps it from starting. */
class PluginProcessTest {
  private static final String SOURCE =
      """
      package plug;
      import java.util.List;
      import kaspeer.flow.*;
      import kaspeer.flow.Extension.*;
      import org.apache.pekko.actor.typed.Behavior;
      import org.apache.pekko.actor.typed.javadsl.Behaviors;
      public class Sonar implements FlowFactory<FlowEvent> {
        public void start(FlowHost host) { new Thread(this::stop).start(); }
        public void stop() {
          try {
            Thread.sleep(Long.MAX_VALUE);
          } catch (InterruptedException e) {
            stop();
          }
        }
        public FlowDescriptor descriptor() {
          return FlowDescriptor.owning("NAME", new Own("sonar:1", Audience.SPEAKERS,
              List.of(new OwnMessage(1000, "sonarPing", 64)), 16, 1024));
        }
        public FlowEvent wrap(FlowEvent event) { return event; }
        public Behavior<FlowEvent> create(FlowContext context) { return Behaviors.ignore(); }
      }
      """;

  @TempDir private Path dir;

  private static PluginJar sonar(String jar, String flow) {
    return PluginJar.named(jar).factory("plug.Sonar", SOURCE.replace("NAME", flow));
  }

  /** The plug-in keeps a thread for ever, and another when it is told to stop. */
  @Test
  void aPluginIsLoadedFromTheDataDirectoryShownAndNoObstacleToTheEnd()
      throws IOException, InterruptedException {
    Path data = dir.resolve("data");
    sonar("sonar-1.0", "sonar").writeTo(data.resolve("plugins"));
    sonar("stranger", "other").writeTo(data.resolve("plugins"));
    try (ChildProcess node = ChildProcess.start(dir, arguments("--plugin", "sonar-1.0"))) {
      node.awaitOutput("Plug-in not loaded, as it is not listed: stranger.jar");
      node.awaitOutput("admin endpoint and page at http://127.0.0.1:");
      JsonNode shown = Objects.requireNonNull(flow(data, "sonar"));
      assertThat(shown.get("origin").asText()).isEqualTo("sonar-1.0.jar");
      assertThat(shown.get("extension").get("messages").get(0).get("number").asInt())
          .isEqualTo(1000);
      assertThat(shown.get("extension").get("state").asText()).isEqualTo("running");
      assertThat(flow(data, "other")).isNull();
      node.terminate();
      assertThat(node.awaitEnd()).isZero();
    }
  }

  @Test
  void whatIsListedMustFit() throws IOException, InterruptedException {
    Path plugins = dir.resolve("plugins");
    assertFails("there is no plug-in absent in " + plugins, "--plugin", "absent");
    sonar("old", "old").apiVersion("0").writeTo(plugins);
    assertFails("old.jar is for version 0 of the flow API", "--plugin", "old");
    sonar("one", "one").writeTo(plugins);
    sonar("two", "two").writeTo(plugins);
    assertFails(
        "the message number 1000 is claimed by flow one of one.jar and by flow two of two.jar",
        "--plugin",
        "one",
        "--plugin",
        "two");
  }

  private void assertFails(String message, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments(options)));
    all.addAll(List.of("--plugin-dir", dir.resolve("plugins").toString()));
    try (ChildProcess process = ChildProcess.start(dir, all.toArray(new String[0]))) {
      assertThat(process.awaitEnd()).as(process.out()).isEqualTo(1);
      assertThat(process.errLines())
          .singleElement()
          .asString()
          .startsWith("kaspeer: ")
          .contains(message);
    }
  }

  private String[] arguments(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "run",
                "--network",
                "simnet",
                "--data-dir",
                dir.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0"));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private static @Nullable JsonNode flow(Path data, String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    String[] command = {"flows", "--json", "--data-dir", data.toString()};
    assertThat(Cli.run(command, Map.of(), stream, stream)).isZero();
    for (JsonNode flow : new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8))) {
      if (flow.get("name").asText().equals(name)) {
        return flow;
      }
    }
    return null;
  }
}
