package kaspeer.node;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import kaspeer.admin.http.AdminToken;

/**
 * The data directory as far as a node without a DAG of its own uses it, and what to say of one that
 * cannot be used: which it is, why, and what to do.
 */
final class DataDirectory {
  private static final String ELSEWHERE = ", or name another with --data-dir";

  private DataDirectory() {}

  /**
   * Makes the directory if it is not there, and reads the admin token, or makes that.
   *
   * @throws StartException if one of them cannot be had
   */
  static AdminToken token(Path dataDir) throws StartException {
    try {
      Files.createDirectories(dataDir);
      return AdminToken.load(dataDir);
    } catch (FileSystemException e) {
      throw new StartException(text(dataDir, e), e);
    } catch (IOException e) {
      throw new StartException("cannot use the admin token: " + e.getMessage(), e);
    }
  }

  /** What to tell the operator. Many of these exceptions say no more than a file's name. */
  static String text(Path dataDir, IOException failure) {
    Path root = dataDir.toAbsolutePath().normalize();
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
