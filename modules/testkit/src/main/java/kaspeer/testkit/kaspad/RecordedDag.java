package kaspeer.testkit.kaspad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Data folders of a kaspad that has mined a simnet DAG of a given size, 3 to 6 blocks wide. Mined
 * once on a machine (about a hundred blocks a second), then kept in {@code ~/.cache/kaspeer/dags}.
 */
public final class RecordedDag {
  private RecordedDag() {}

  /** A copy of the DAG of {@code blocks} blocks in {@code target}, to start a kaspad on. */
  @SuppressWarnings("try") // the lock is held, not used
  public static Path copyTo(Path target, Path binary, int blocks) {
    Path original =
        Path.of(System.getProperty("user.home"), ".cache", "kaspeer", "dags", "simnet-" + blocks);
    try {
      Files.createDirectories(original.getParent());
      Path lockFile = original.resolveSibling(original.getFileName() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (!Files.exists(original.resolve("complete"))) {
          delete(original);
          mine(original, binary, blocks);
          Files.createFile(original.resolve("complete"));
        }
        copy(original, target);
        return target;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void mine(Path folder, Path binary, int blocks) {
    try (Kaspad kaspad = Kaspad.start(binary, folder, List.of())) {
      new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(1))
          .mine(blocks, 3, 6);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path copied = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copied);
        } else {
          Files.copy(file, copied);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          (Iterable<Path>) files.sorted(java.util.Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    }
  }
}
