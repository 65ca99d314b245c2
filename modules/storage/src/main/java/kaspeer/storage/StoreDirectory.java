package kaspeer.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import kaspeer.primitives.Params;
import kaspeer.storage.StoreException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a store: locked while it is open, and marked with what it is. A node that has no
 * store holds its directory so too: one process at a time is in it, and those of one network.
 *
 * <pre>
 * lock      held by the process that has the store open
 * FORMAT    text: format version, network, genesis, consensus parameters
 * db/       the RocksDB database
 * native/   RocksDB's own library while it is in use
 * </pre>
 *
 * <p>FORMAT is checked before the database is touched, so that a directory that is not ours stays
 * as it was.
 */
public final class StoreDirectory implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String FORMAT = "FORMAT";
  private static final String FORMAT_NEW = "FORMAT.new";

  private static final String NATIVE = "native";

  /**
   * What is there before a directory is marked: of a first start that was cut off, and what a file
   * system of its own has.
   */
  private static final Set<String> BEFORE = Set.of(LOCK, FORMAT_NEW, NATIVE, "lost+found");

  /**
   * The directories that this process holds, by their real paths. Theirs is not to be tried: where
   * locks belong to the process, closing the file a second time would let go of the lock on it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final Path held;
  private final FileChannel channel;
  private final FileLock lock;

  private StoreDirectory(Path root, Path held, FileChannel channel, FileLock lock) {
    this.root = root;
    this.held = held;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes or checks the directory, and locks it.
   *
   * @param others names of files and folders beside the store's that may be there before the first
   *     start; whatever else is there belongs to somebody else
   * @throws StoreException for every {@link Reason} but {@code DISK_FULL} and {@code CLOSED}
   */
  public static StoreDirectory open(Path path, Params params, Set<String> others) {
    Path root = path.toAbsolutePath().normalize();
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new StoreException(
          Reason.NOT_OURS,
          root + " is not a directory: move it away, or name another with --data-dir");
    }
    try {
      Files.createDirectories(root);
      requireOursOrEmpty(root, others);
      StoreDirectory directory = lock(root);
      try {
        directory.checkFormat(params);
        return directory;
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StoreException(Reason.IO, DirectoryFault.text(root, e), e);
    }
  }

  Path database() {
    return root.resolve("db");
  }

  Path nativeLibraries() {
    return root.resolve(NATIVE);
  }

  /** A second close does nothing. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new StoreException(
          Reason.IO, "cannot unlock the data directory " + root + ": " + e.getMessage(), e);
    } finally {
      HELD.remove(held);
    }
  }

  private static void requireOursOrEmpty(Path root, Set<String> others) throws IOException {
    if (Files.exists(root.resolve(FORMAT))) {
      return;
    }
    try (Stream<Path> children = Files.list(root)) {
      Path stranger =
          children
              .filter(p -> !BEFORE.contains(p.getFileName().toString()))
              .filter(p -> !others.contains(p.getFileName().toString()))
              .findFirst()
              .orElse(null);
      if (stranger != null) {
        throw new StoreException(
            Reason.NOT_OURS,
            root
                + " is not a Kaspeer data directory: it has no "
                + FORMAT
                + " file, but has "
                + stranger.getFileName());
      }
    }
  }

  private static StoreDirectory lock(Path root) throws IOException {
    Path held = root.toRealPath();
    if (!HELD.add(held)) {
      throw inUse(root, " process " + ProcessHandle.current().pid());
    }
    StoreDirectory opened = null;
    try {
      FileChannel channel =
          FileChannel.open(
              root.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      try {
        FileLock lock = tryLock(channel);
        if (lock == null) {
          throw inUse(root, holder(channel));
        }
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(
                Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        opened = new StoreDirectory(root, held, channel, lock);
        return opened;
      } finally {
        if (opened == null) {
          channel.close();
        }
      }
    } finally {
      if (opened == null) {
        HELD.remove(held);
      }
    }
  }

  private static StoreException inUse(Path root, String by) {
    return new StoreException(Reason.IN_USE, "the data directory " + root + " is in use by" + by);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // This process holds it, though not by this class: as if another one did.
      return null;
    }
  }

  private static String holder(FileChannel channel) {
    ByteBuffer pid = ByteBuffer.allocate(20);
    try {
      channel.read(pid, 0);
    } catch (IOException e) {
      // Some systems let nobody read a locked file; then the number stays unknown.
      pid.clear();
    }
    String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
    return text.isEmpty() ? " another process" : " process " + text;
  }

  private void checkFormat(Params params) throws IOException {
    Path file = root.resolve(FORMAT);
    if (Files.exists(file)) {
      StoreFormat format = StoreFormat.parse(root, Files.readString(file));
      format.requireFits(params);
      if (!format.isOlder()) {
        return;
      }
    }
    Path fresh = root.resolve(FORMAT_NEW);
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer text = StandardCharsets.UTF_8.encode(StoreFormat.of(root, params).text());
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
