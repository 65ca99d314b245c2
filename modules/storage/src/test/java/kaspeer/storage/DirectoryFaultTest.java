package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryFaultTest {
  @TempDir private Path dir;

  @Test
  void whatMayNotBeWrittenSaysSoAndNamesTheFile() {
    assertThat(
            DirectoryFault.text(
                dir, new AccessDeniedException(dir.resolve("admin-token").toString())))
        .isEqualTo(
            "no permission to use the data directory "
                + dir
                + " ("
                + dir.resolve("admin-token")
                + "): let the user who runs the node write there, or name another with"
                + " --data-dir");
  }

  @Test
  void theSystemsOwnReasonIsGiven() {
    assertThat(
            DirectoryFault.text(
                dir, new FileSystemException(dir.toString(), null, "Read-only file system")))
        .isEqualTo(
            "cannot use the data directory "
                + dir
                + ": Read-only file system; name another with --data-dir");
  }
}
