package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashTest {
  private static final int KILLS = 8;

  @TempDir Path directory;

  /** What the last whole line of the writer acknowledged. */
  private record Acknowledged(int headers, int bodies) {
    static Acknowledged of(String line) {
      int first = line.indexOf(' ') + 1;
      int second = line.indexOf(' ', first);
      return new Acknowledged(
          Integer.parseInt(line, first, second, 10),
          Integer.parseInt(line, second + 1, line.length(), 10));
    }
  }

  private Process start(long seed, int writeBuffer, List<String> before) throws IOException {
    return WriterProcess.start(directory, seed, writeBuffer, before);
  }

  @Test
  void killedAtAnyMomentAllThatWasCommittedIsThere() throws Exception {
    SplittableRandom random = new SplittableRandom(20_251_122);
    int headersBefore = 0;
    for (int round = 0; round < KILLS; round++) {
      Process writer = start(random.nextLong(), 1 << 20, List.of());
      Acknowledged last;
      try (BufferedReader lines = writer.inputReader()) {
        for (int line = 1 + random.nextInt(60); line > 1; line--) {
          assertThat(lines.readLine()).startsWith("committed");
        }
        String heard = lines.readLine();
        assertThat(heard).startsWith("committed");
        // Not Process.destroyForcibly, which would close our end of the pipe as well.
        assertThat(writer.toHandle().destroyForcibly()).isTrue();
        assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        last = Acknowledged.of(lastWhole(heard, lines));
      }
      int found = checkStore(last);
      assertThat(found).isGreaterThan(headersBefore);
      headersBefore = found;
    }
  }

  /** Waits for a file to be made in the store's directory. */
  private void awaitFile(WatchService watch, String name) throws InterruptedException {
    boolean made = Files.exists(directory.resolve(name));
    while (!made) {
      WatchKey key = watch.poll(60, TimeUnit.SECONDS);
      assertThat(key).as("nothing happens in %s", directory).isNotNull();
      made =
          Objects.requireNonNull(key).pollEvents().stream()
              .anyMatch(e -> Path.of(name).equals(e.context()));
      key.reset();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lock", "FORMAT", "db"})
  void killedWhileItIsMadeTheStoreOpensNextTime(String file) throws Exception {
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      Process writer = start(1, 1 << 20, List.of());
      awaitFile(watch, file);
      assertThat(writer.toHandle().destroyForcibly()).isTrue();
      assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    try (RocksDagStore store = RocksDagStore.open(StoreOptions.of(directory, TestData.params()))) {
      int next = store.headerCount();
      store.commit(TestData.headers(next, next + 1));
      assertThat(store.headerCount()).isEqualTo(next + 1);
    }
  }

  @Test
  void whenTheDiskRefusesTheWriterIsToldAndNothingCommittedIsLost() throws Exception {
    Path shell = Path.of("/bin/sh");
    assumeTrue(Files.isExecutable(shell), "needs /bin/sh to limit the size of files");
    // Files may grow to 24 or 48 MB, as the shell counts: enough to unpack RocksDB, too little for
    // the log.
    Process writer =
        start(
            1,
            512 << 20,
            List.of(shell.toString(), "-c", "ulimit -f 48000; trap '' XFSZ; exec \"$@\"", "sh"));
    Acknowledged last = new Acknowledged(0, 0);
    String refusal = "";
    try (BufferedReader lines = writer.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("committed")) {
          last = Acknowledged.of(line);
        } else {
          refusal = line;
        }
      }
    }
    assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(refusal).startsWith("refused IO cannot write to the database");
    assertThat(last.headers()).isPositive();
    checkStore(last);
  }

  /** The acknowledgements that were on their way when the writer was killed count too. */
  private static String lastWhole(String heard, BufferedReader lines) throws IOException {
    String last = heard;
    StringBuilder line = new StringBuilder();
    for (int c = lines.read(); c >= 0; c = lines.read()) {
      if (c == '\n') {
        last = line.toString();
        line.setLength(0);
      } else {
        line.append((char) c);
      }
    }
    return last;
  }

  /** Returns the number of headers found. */
  private int checkStore(Acknowledged acknowledged) {
    StoreOptions options = new StoreOptions(directory, TestData.params(), 1 << 20, 1 << 20, 0);
    int[] count = {0};
    int[] bodies = {0};
    try (RocksDagStore store = RocksDagStore.open(options)) {
      store.forEachHeader(
          stored -> {
            int id = count[0]++;
            assertThat(stored.id()).isEqualTo(id);
            assertThat(TestData.fields(stored.header()))
                .isEqualTo(TestData.fields(TestData.header(id)));
            assertThat(stored.dagData()).isEqualTo(TestData.dagData(id));
            if (stored.hasBody()) {
              bodies[0]++;
              assertThat(store.body(id))
                  .satisfies(
                      b ->
                          assertThat(TestData.fields(b))
                              .isEqualTo(TestData.fields(TestData.body(id))));
            }
          });
      assertThat(count[0]).isGreaterThanOrEqualTo(acknowledged.headers());
      assertThat(store.headerCount()).isEqualTo(count[0]);
    }
    assertThat(bodies[0]).isGreaterThan(0).isLessThan(count[0]);
    return count[0];
  }
}
