package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What Docker Compose itself says of the compose file. */
final class ComposeConfigTest {
  private static String run(String... command) throws IOException, InterruptedException {
    return runOn("simnet", command);
  }

  private static String runOn(String network, String... command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KASPEER_NETWORK", network);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() == 0 ? "" : out + " (exit code " + process.exitValue() + ")";
  }

  private static boolean isThere() throws InterruptedException {
    try {
      return run("docker", "compose", "version").isEmpty();
    } catch (IOException noDocker) {
      return false;
    }
  }

  @Test
  void theFileIsOneThatComposeTakes() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        isThere(),
        "no Docker Compose here; to run this test: apt-get install -y docker-compose-plugin, from"
            + " Docker's own repository");
    String file = DeployFiles.FOLDER.resolve("compose.yaml").toString();
    String[] config = {"docker", "compose", "-f", file, "config", "--quiet"};
    assertThat(run(config)).isEmpty();
    assertThat(runOn("", config)).contains("KASPEER_NETWORK", "set it to simnet or devnet");
  }
}
