package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import kaspeer.testkit.node.Await;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, with a Maven and a JDK that only look like some. */
final class LauncherTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path tree = Path.of("");

  @BeforeEach
  void plant() throws IOException {
    for (String name : new String[] {"kaspeer", "jdk.sh"}) {
      program("deploy/" + name, DeployFiles.text(name));
    }
    Files.createFile(tree.resolve("pom.xml"));
    Files.createDirectories(tree.resolve("modules/node"));
    program("jdk/bin/javac", "");
    Files.writeString(tree.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
    program(
        "jdk/bin/java",
        """
        #!/bin/sh
        trap 'echo >"$TREE/ended"; exit' TERM
        echo >"$TREE/started"
        for _ in $(seq 300); do /bin/sleep 0.1; done
        """);
    program("bin/mvn", "#!/bin/sh\nmkdir -p \"$TREE/modules/node/target/dist\"\n");
    program("bin/sleep", "#!/bin/sh\nexec /bin/sleep 1\n");
  }

  private void program(String name, String text) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    assertThat(Files.writeString(file, text).toFile().setExecutable(true)).isTrue();
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", tree.resolve("deploy/kaspeer").toString(), "run");
    builder.redirectErrorStream(true).redirectOutput(tree.resolve("out").toFile());
    builder.environment().put("JAVA_HOME", tree.resolve("jdk").toString());
    builder.environment().put("TREE", tree.toString());
    builder
        .environment()
        .merge("PATH", tree.resolve("bin").toString(), (old, own) -> own + ":" + old);
    return builder.start();
  }

  private void await(String file) {
    Await.until(file, LIMIT, () -> Files.exists(tree.resolve(file)), this::output);
  }

  private String output() {
    try {
      return Files.readString(tree.resolve("out"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whoStopsItWhileItPreparesAFasterStartStopsTheDemoToo()
      throws IOException, InterruptedException {
    Process launcher = launch();
    await("started");
    launcher.destroy();
    assertThat(launcher.waitFor(LIMIT)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(143);
    await("ended");
  }
}
