package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole node whose disk takes nothing any more while it mines. What it says goes through pipes:
 * the limit that stands for the disk holds for all files of the process.
 */
class StoreFailureProcessTest {
  private static final String STARTED = "admin endpoint and page at http://127.0.0.1:";
  private static final long LIMIT_SECONDS = ChildProcess.LIMIT.toSeconds();

  @TempDir private Path dir;

  private Process start(String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "run",
                "--network",
                "simnet",
                "--no-dns-seed",
                "--data-dir",
                dir.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--admin",
                "127.0.0.1:0"));
    arguments.addAll(List.of(more));
    return ChildProcess.builder(arguments.toArray(new String[0])).start();
  }

  /** Everything until the end of a stream; completes a future when some text has come. */
  private static CompletableFuture<List<String>> read(
      InputStream stream, String awaited, CompletableFuture<Boolean> came) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<String> lines = new ArrayList<>();
          try (BufferedReader reader =
              new BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.add(line);
              if (line.contains(awaited)) {
                came.complete(true);
              }
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          came.complete(false);
          return lines;
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  /** From now on the process can make no file longer. */
  private static boolean refuseWrites(Process process) throws InterruptedException {
    try {
      return new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=0:0")
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }

  @Test
  void aDiskThatRefusesIsOneLineAndAnExitCodeAndTheNextStartGoesOn() throws Exception {
    Process node = start("--mine", "20");
    try {
      CompletableFuture<Boolean> started = new CompletableFuture<>();
      CompletableFuture<List<String>> out = read(node.getInputStream(), STARTED, started);
      CompletableFuture<List<String>> err =
          read(node.getErrorStream(), "kaspeer: ", new CompletableFuture<>());
      assertThat(started.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assumeTrue(refuseWrites(node), "needs prlimit, of Linux");

      assertThat(node.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      List<String> printed = out.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(err.get(LIMIT_SECONDS, TimeUnit.SECONDS))
          .as(() -> String.join("\n", printed))
          .singleElement()
          .asString()
          .startsWith("kaspeer: the node cannot go on: cannot write ")
          .contains("File too large");
      assertThat(node.exitValue()).isEqualTo(1);
    } finally {
      node.destroyForcibly();
    }
    Process again = start();
    try {
      CompletableFuture<Boolean> started = new CompletableFuture<>();
      CompletableFuture<List<String>> out = read(again.getInputStream(), STARTED, started);
      assertThat(started.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      again.toHandle().destroy(); // which leaves the streams open
      assertThat(again.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(again.exitValue()).isZero();
      assertThat(out.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isNotEmpty();
    } finally {
      again.destroyForcibly();
    }
  }
}
