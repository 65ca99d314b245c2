package kaspeer.primitives.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A small file that only its owner can read, made once: whole, and lasting when it is there. A kill
 * or a full disk at any moment leaves none, or the whole one.
 */
public final class SecretFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private SecretFile() {}

  /**
   * Makes a file, unless there is one already. An empty one counts as none: earlier versions could
   * be stopped before they wrote into it. Two processes must not do so at once with one file.
   *
   * @param text what it is to hold, as UTF-8; asked for only if the file is made
   * @return whether the file was made
   * @throws IOException if it cannot be made; then there is none of that name, or the empty one
   */
  public static boolean makeIfAbsent(Path file, Supplier<String> text) throws IOException {
    if (Files.exists(file) && !isEmpty(file)) {
      return false;
    }
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Path part = folder.resolve(file.getFileName() + ".new");
    try {
      // What an earlier start left behind may be of any length.
      Files.deleteIfExists(part);
      Files.createFile(part, attributes(folder));
      write(part, text.get());
      if (Files.exists(file) && isEmpty(file)) {
        Files.delete(file);
      }
      // Does not replace what came meanwhile.
      Files.move(part, file);
    } catch (FileAlreadyExistsException e) {
      if (isEmpty(file)) {
        throw e;
      }
      return false;
    } finally {
      Files.deleteIfExists(part);
    }
    force(folder);
    return true;
  }

  /** By what can be read: what an orchestrator mounts may have no size. */
  private static boolean isEmpty(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() < 0;
    }
  }

  /** Whether files in this folder have permissions for their owner alone. */
  public static boolean hasOwners(Path folder) throws IOException {
    return Files.getFileStore(folder).supportsFileAttributeView("posix");
  }

  private static FileAttribute<?>[] attributes(Path folder) throws IOException {
    return hasOwners(folder)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static void write(Path part, String text) throws IOException {
    try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }

  /** Without this the name may be gone after a power cut, though what is in the file is not. */
  private static void force(Path folder) throws IOException {
    if (hasOwners(folder)) {
      // Elsewhere a folder cannot be opened, and its entries last by themselves.
      try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
        entries.force(true);
      }
    }
  }
}
