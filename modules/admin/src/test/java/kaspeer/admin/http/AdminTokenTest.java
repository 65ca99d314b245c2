package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
  @TempDir private Path dir;

  @Test
  void theFirstStartMakesATokenThatOnlyItsOwnerCanReadAndLaterOnesKeepIt() throws IOException {
    AdminToken first = AdminToken.load(dir);
    String text = AdminToken.read(dir.resolve("admin-token"));
    assertThat(text).hasSize(64);
    assertThat(first.matches(text)).isTrue();
    assertThat(AdminToken.load(dir).matches(text)).isTrue();
    assertThat(AdminToken.read(dir.resolve("admin-token"))).isEqualTo(text);
    assumePosix();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(dir.resolve("admin-token"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aTokenThatOthersCouldReadIsTakenFromThem() throws IOException {
    assumePosix();
    Path file = dir.resolve("admin-token");
    Files.writeString(file, "a-token-of-my-own-choice\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(AdminToken.load(dir).matches("a-token-of-my-own-choice")).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aTokenThatNobodyElseCanReadIsLeftAsItIs() throws IOException {
    assumePosix();
    Path file = dir.resolve("admin-token");
    Files.writeString(file, "a-token-of-my-own-choice\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    AdminToken.load(dir);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--------");
  }

  /**
   * As where an orchestrator mounts it: a file of the kernel's stands for one nobody can change.
   */
  @Test
  void aTokenThatCannotBeTakenFromOthersIsUsedAsItIs() throws IOException {
    assumePosix();
    Path fixed = Path.of("/proc/sys/kernel/random/boot_id");
    assumeTrue(Files.isReadable(fixed), "needs a file that nobody can change");
    Files.createSymbolicLink(dir.resolve("admin-token"), fixed);
    assertThat(AdminToken.load(dir).matches(Files.readString(fixed).strip())).isTrue();
  }

  /** Earlier versions could be stopped between making the file and writing into it. */
  @Test
  void anEmptyFileIsNoTokenYet() throws IOException {
    Files.createFile(dir.resolve("admin-token"));
    AdminToken made = AdminToken.load(dir);
    assertThat(made.matches(AdminToken.read(dir.resolve("admin-token")))).isTrue();
  }

  @Test
  void aFileThatHoldsNoTokenIsRefused() throws IOException {
    for (String text :
        new String[] {"\n", "short", "has spaces in it, and is long", "x".repeat(2000)}) {
      Files.writeString(dir.resolve("admin-token"), text);
      assertThatThrownBy(() -> AdminToken.load(dir))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("admin-token");
    }
  }

  @Test
  void aDirectoryIsNoTokenAndIsLeftAsItIs() throws IOException {
    assumePosix();
    Path made = Files.createDirectory(dir.resolve("admin-token"));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> AdminToken.load(dir))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(made + " is a directory, not a file with a token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void onlyTheTokenItselfMatches() {
    AdminToken token = AdminToken.of("0123456789abcdef");
    assertThat(token.matches("0123456789abcdef")).isTrue();
    assertThat(token.matches("0123456789abcdeF")).isFalse();
    assertThat(token.matches("")).isFalse();
  }

  private void assumePosix() throws IOException {
    assumeTrue(
        Files.getFileStore(dir).supportsFileAttributeView("posix"), "needs POSIX file permissions");
  }
}
