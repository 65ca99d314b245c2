package kaspeer.primitives.natives;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Where the native libraries of the process are unpacked, and stay: to unpack them takes longer
 * than to load them, and in the system's temporary folder each kill would leave a copy behind.
 */
public final class NativeFolder {
  /** The system property that names the folder: the launcher's, for all nodes that it starts. */
  public static final String PROPERTY = "kaspeer.native.folder";

  private static final int BUFFER = 1 << 16;

  private NativeFolder() {}

  /** The folder of this process; null if none was named. */
  public static @Nullable Path common() {
    String name = System.getProperty(PROPERTY);
    return name == null ? null : Path.of(name);
  }

  /** Names the folder, unless that was done already. */
  public static void useIfNoneIsNamed(Path folder) {
    if (common() == null) {
      System.setProperty(PROPERTY, folder.toAbsolutePath().toString());
    }
  }

  /**
   * Makes sure that a file is what a library in a jar is, by size and checksum. Several processes
   * may do so at once.
   *
   * @param library within a jar
   * @param file whose folder is made if it is missing
   * @throws IOException if it cannot be read or written
   */
  public static void unpack(URL library, Path file) throws IOException {
    if (!(library.openConnection() instanceof JarURLConnection connection)) {
      throw new IOException(library + " is in no jar");
    }
    JarEntry entry = connection.getJarEntry();
    if (!isWhole(file, entry)) {
      Path folder = Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Path part = Files.createTempFile(folder, "library", ".part");
      try {
        try (InputStream in = connection.getInputStream()) {
          Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!part.toFile().setReadable(true, false)) {
          throw new IOException(part + " cannot be made readable");
        }
        move(part, file);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean isWhole(Path file, JarEntry entry) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == entry.getSize()
          && checksum(file) == entry.getCrc();
    } catch (IOException e) {
      return false;
    }
  }

  private static long checksum(Path file) throws IOException {
    CRC32 crc = new CRC32();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        crc.update(buffer, 0, read);
      }
    }
    return crc.getValue();
  }
}
