package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole node whose disk takes nothing any more while it mines. What it says goes through pipes:
 * the limit that stands for the disk holds for all files of the process.
 */
class StoreFailureProcessTest {
  private static final String STARTED = "admin endpoint and page at http://127.0.0.1:";
  private static final Pattern PORT = Pattern.compile(Pattern.quote(STARTED) + "(\\d+)");
  private static final Pattern BLOCK_COUNT = Pattern.compile("\"blockCount\"\\s*:\\s*(\\d+)");
  private static final String NO_SPACE = "No space left on device";
  private static final String FILLER = "filler";
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

  /**
   * Everything until the end of a stream; completes a future with the first line that has some
   * text, or with none if there is no such line.
   */
  private static CompletableFuture<List<String>> read(
      InputStream stream, String awaited, CompletableFuture<String> came) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<String> lines = new ArrayList<>();
          try (BufferedReader reader =
              new BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.add(line);
              if (line.contains(awaited)) {
                came.complete(line);
              }
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          came.complete("");
          return lines;
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  /** What a node printed until its end, and how it began. */
  private record Running(
      Process process,
      CompletableFuture<String> started,
      CompletableFuture<List<String>> out,
      CompletableFuture<List<String>> err) {
    static Running of(Process process) {
      CompletableFuture<String> started = new CompletableFuture<>();
      return new Running(
          process,
          started,
          read(process.getInputStream(), STARTED, started),
          read(process.getErrorStream(), "kaspeer: ", new CompletableFuture<>()));
    }

    /** Answers the port of the admin endpoint. */
    int awaitStarted() throws Exception {
      Matcher port = PORT.matcher(started.get(LIMIT_SECONDS, TimeUnit.SECONDS));
      assertThat(port.find()).as(started::join).isTrue();
      return Integer.parseInt(port.group(1));
    }

    /** The node cannot write any more: one line that says why, and its exit code. */
    void assertGivesUp(String why) throws Exception {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      List<String> printed = out.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(err.get(LIMIT_SECONDS, TimeUnit.SECONDS))
          .as(() -> String.join("\n", printed))
          .singleElement()
          .asString()
          .startsWith("kaspeer: the node cannot go on: cannot write ")
          .contains(why);
      assertThat(process.exitValue()).isEqualTo(1);
    }

    void stop() throws Exception {
      process.toHandle().destroy(); // which leaves the streams open
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(out.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isNotEmpty();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false; // there is no such command here
    }
  }

  /** From now on the process can make no file longer. */
  private static boolean refuseWrites(Process process) throws InterruptedException {
    return run("prlimit", "--pid", Long.toString(process.pid()), "--fsize=0:0");
  }

  private static long blockCount(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String body =
          client
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/dag"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      Matcher count = BLOCK_COUNT.matcher(body);
      assertThat(count.find()).as(body).isTrue();
      return Long.parseLong(count.group(1));
    }
  }

  /**
   * Takes all the room there is on a node's disk, also what the database has set aside for the rest
   * of its log: cut to the length they have, its files give that back. Meanwhile the node stands
   * still, so that the length is the right one.
   */
  private static void fill(Process node, Path data) throws Exception {
    String pid = Long.toString(node.pid());
    assertThat(run("kill", "-STOP", pid)).isTrue();
    try (Stream<Path> files = Files.list(data.resolve("db"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(run("truncate", "--size=+0", file.toString())).isTrue();
      }
    }
    fill(data.resolve(FILLER));
    assertThat(run("kill", "-CONT", pid)).isTrue();
  }

  private static void fill(Path file) throws IOException {
    byte[] zeros = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> {
                while (true) {
                  out.write(zeros);
                }
              })
          .withMessageContaining(NO_SPACE);
    }
  }

  @Test
  void aDiskThatRefusesIsOneLineAndAnExitCodeAndTheNextStartGoesOn() throws Exception {
    Running node = Running.of(start("--mine", "20"));
    try {
      node.awaitStarted();
      assumeTrue(refuseWrites(node.process), "needs prlimit, of Linux");
      node.assertGivesUp("File too large");
    } finally {
      node.process.destroyForcibly();
    }
    Running again = Running.of(start());
    try {
      again.awaitStarted();
      again.stop();
    } finally {
      again.process.destroyForcibly();
    }
  }

  @Test
  void aFullDiskIsOneLineAndAnExitCodeAndWithRoomAgainNothingIsLost() throws Exception {
    Path disk = Files.createDirectory(dir.resolve("data"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()),
        "needs the right to mount a file system");
    try {
      Running node = Running.of(start("--mine", "20"));
      long before;
      try {
        before = blockCount(node.awaitStarted());
        fill(node.process, disk);
        node.assertGivesUp("the disk is full");
      } finally {
        node.process.destroyForcibly().waitFor();
      }
      Files.delete(disk.resolve(FILLER));
      Running again = Running.of(start());
      try {
        assertThat(blockCount(again.awaitStarted())).isGreaterThanOrEqualTo(before);
        again.stop();
      } finally {
        again.process.destroyForcibly().waitFor();
      }
    } finally {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }
}
