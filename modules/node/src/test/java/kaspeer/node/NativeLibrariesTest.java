package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a node unpacks to run, in a process of its own. */
@EnabledOnOs(OS.LINUX)
class NativeLibrariesTest {
  @TempDir Path dir;

  @Test
  void theyAreUnpackedIntoTheDataDirectoryAndNowhereElse()
      throws IOException, InterruptedException {
    Path data = dir.resolve("data");
    for (int start = 0; start < 2; start++) {
      try (ChildProcess node = ChildProcess.start(dir, arguments(data))) {
        for (String library : List.of("rocksdb", "secp256k1")) {
          node.await(library, () -> isLoaded(node, library, data));
        }
        node.kill();
      }
    }
  }

  @Test
  void aNodeThatCannotCheckSignaturesEndsAtOnceAndSaysWhatIsMissing()
      throws IOException, InterruptedException {
    Path noFolder = Files.createFile(dir.resolve("file"));
    List<String> jvm =
        List.of(
            "-Dkaspeer.native.folder=" + noFolder.resolve("native"),
            "-Djava.io.tmpdir=" + noFolder.resolve("tmp"),
            "-Xlog:disable");
    // RocksDB has another place to go: the data directory.
    try (ChildProcess node = ChildProcess.start(dir, jvm, arguments(dir.resolve("data")))) {
      assertThat(node.awaitEnd()).as(node.out()).isEqualTo(1);
      // The JVM's own words about the folder come first.
      assertThat(node.errLines())
          .last()
          .asString()
          .startsWith("kaspeer: signatures cannot be checked: libsecp256k1 cannot be loaded")
          .contains(noFolder.resolve("tmp").toString());
    }
  }

  private static boolean isLoaded(ChildProcess node, String library, Path data) {
    try {
      List<Path> folders =
          node.mappedFiles().stream()
              .filter(file -> file.toString().contains(library))
              .map(Path::getParent)
              .distinct()
              .toList();
      if (!folders.isEmpty()) {
        assertThat(folders).containsExactly(data.toRealPath().resolve("native"));
      }
      return !folders.isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] arguments(Path data) {
    return new String[] {
      "run",
      "--network",
      "simnet",
      "--data-dir",
      data.toString(),
      "--listen",
      "127.0.0.1:0",
      "--admin",
      "127.0.0.1:0",
      "--no-dns-seed",
      "--out-peers",
      "0"
    };
  }
}
