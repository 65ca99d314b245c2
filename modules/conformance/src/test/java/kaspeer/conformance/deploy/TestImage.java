package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The image of this source tree, built by {@code deploy/image} once for all tests of a run. */
public final class TestImage {
  /** Its name. */
  public static final String NAME = "kaspeer:container-test";

  private static final String INSTALL =
      "apt-get install -y --no-install-recommends docker.io iptables && dockerd";

  private static boolean built;

  private TestImage() {}

  /**
   * Builds it, if this process has not yet. Without a Docker engine the test is skipped.
   *
   * @param folder for the log
   */
  public static synchronized void build(Path folder) throws IOException, InterruptedException {
    boolean engine =
        System.getenv("DOCKER_HOST") != null || Files.exists(Path.of("/var/run/docker.sock"));
    Assumptions.assumeTrue(engine, "no Docker engine here; to run this test: " + INSTALL);
    if (built) {
      return;
    }
    Path log = folder.resolve("image.log");
    Process build =
        new ProcessBuilder(DeployFiles.FOLDER.resolve("image").toString(), NAME)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(build.waitFor(10, TimeUnit.MINUTES)).as("built in time").isTrue();
    assertThat(build.exitValue()).as(Files.readString(log)).isZero();
    built = true;
  }
}
