package kaspeer.node;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import kaspeer.admin.http.AdminToken;
import kaspeer.storage.DirectoryFault;

/** The data directory as far as a node without a DAG of its own uses it. */
final class DataDirectory {
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
      throw new StartException(DirectoryFault.text(dataDir, e), e);
    } catch (IOException e) {
      throw new StartException("cannot use the admin token: " + e.getMessage(), e);
    }
  }
}
