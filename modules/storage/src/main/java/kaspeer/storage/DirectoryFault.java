package kaspeer.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What to say of a data directory that cannot be used: which it is, why, and what to do. */
public final class DirectoryFault {
  private static final String ELSEWHERE = ", or name another with --data-dir";

  private DirectoryFault() {}

  /**
   * A line for the operator. Many of these exceptions say no more than a file's name.
   *
   * @param directory the data directory, in which or at which it happened
   */
  public static String text(Path directory, IOException failure) {
    Path root = directory.toAbsolutePath().normalize();
    if (!(failure instanceof FileSystemException failed)) {
      return "cannot use the data directory " + root + ": " + failure.getMessage();
    }
    String place = failed.getFile();
    String at =
        place == null || root.equals(Path.of(place).toAbsolutePath().normalize())
            ? ""
            : " (" + place + ")";
    return switch (failed) {
      case AccessDeniedException _ ->
          "no permission to use the data directory "
              + root
              + at
              + ": let the user who runs the node write there"
              + ELSEWHERE;
      case FileAlreadyExistsException _ -> notDirectory(root, at);
      case NotDirectoryException _ -> notDirectory(root, at);
      default ->
          "cannot use the data directory "
              + root
              + at
              + ": "
              + reason(failed)
              + "; name another with --data-dir";
    };
  }

  private static String notDirectory(Path root, String at) {
    return "cannot use the data directory "
        + root
        + at
        + ": there is a file of that name; move it away"
        + ELSEWHERE;
  }

  private static String reason(FileSystemException failed) {
    if (failed.getReason() != null) {
      return failed.getReason();
    }
    return failed instanceof NoSuchFileException ? "it cannot be made" : "it cannot be used";
  }
}
