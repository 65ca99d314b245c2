package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoProcessTest {
  @TempDir private Path dir;

  @Test
  void threeNodesSyncAndBlocksAndPaymentsCrossBetweenThemAndThePaymentsAreAccepted()
      throws IOException, InterruptedException {
    try (ChildProcess demo = ChildProcess.start(dir, "demo", "--blocks", "40", "--rate", "4")) {
      demo.awaitOutput("A has made 40 blocks");
      demo.awaitOutput("B has synced ");
      demo.awaitOutput("C has synced ");
      demo.await(
          "a block at C",
          () ->
              matches(
                  demo,
                  "block [0-9a-f]{12}…, blue score \\d+, \\d transactions: A → B \\d+ ms → C \\d+ ms"));
      for (String handedTo : new String[] {"A", "B", "C"}) {
        demo.await(
            "a payment from " + handedTo + " to the others",
            () ->
                matches(
                    demo,
                    "payment [0-9a-f]{12}… of \\d+\\.\\d\\d KAS: "
                        + handedTo
                        + " → [ABC] \\d+ ms → [ABC] \\d+ ms"));
      }
      demo.await(
          "a payment accepted",
          () ->
              matches(
                  demo,
                  "payment [0-9a-f]{12}… of \\d+\\.\\d\\d KAS, accepted: [ABC] \\d+ ms, [ABC] \\d+ ms, [ABC] \\d+ ms"));
      Matcher home = Pattern.compile("their data is in (\\S+) until").matcher(demo.out());
      assertThat(home.find()).isTrue();
      assertThat(Path.of(home.group(1))).isDirectory();
      demo.terminate();
      assertThat(demo.awaitEnd()).isZero();
      assertThat(Files.exists(Path.of(home.group(1)))).isFalse();
      assertThat(demo.errLines()).isEmpty();
    }
  }

  private static boolean matches(ChildProcess process, String pattern) {
    try {
      return Pattern.compile(pattern).matcher(process.out()).find();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
