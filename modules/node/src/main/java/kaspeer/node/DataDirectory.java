package kaspeer.node;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import kaspeer.admin.http.AdminToken;
import kaspeer.node.config.NodeConfig.Plugins;
import kaspeer.node.mining.MiningKey;
import kaspeer.storage.DirectoryFault;

/** What is in the data directory besides the store. */
final class DataDirectory {
  /**
   * Names of what is not the store's and may be there before its first start: what operators lay
   * there, such as the token that the members of a cluster share, and what a node leaves.
   */
  static final Set<String> OTHERS =
      Set.of(Plugins.FOLDER, AdminToken.FILE, AdminAddressFile.NAME, MiningKey.FILE);

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
