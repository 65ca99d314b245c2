package kaspeer.primitives.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
  @TempDir private Path dir;

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void aFileIsMadeOnceForItsOwnerAndLeavesNothingBesides() throws IOException {
    Path file = dir.resolve("secret");
    assertThat(SecretFile.makeIfAbsent(file, () -> "first\n")).isTrue();
    assertThat(SecretFile.makeIfAbsent(file, () -> "second\n")).isFalse();
    assertThat(file).content().isEqualTo("first\n");
    assertThat(names()).containsExactly("secret");
    assumeTrue(SecretFile.hasOwners(dir), "needs POSIX file permissions");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void anEmptyFileCountsAsNone() throws IOException {
    Path file = dir.resolve("secret");
    Files.createFile(file);
    assertThat(SecretFile.makeIfAbsent(file, () -> "text")).isTrue();
    assertThat(file).content().isEqualTo("text");
    assumeTrue(SecretFile.hasOwners(dir), "needs POSIX file permissions");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void untilTheFileIsWholeThereIsNoneOfItsName() throws IOException {
    Path file = dir.resolve("secret");
    assertThatThrownBy(
            () ->
                SecretFile.makeIfAbsent(
                    file,
                    () -> {
                      throw new IllegalStateException("stopped here");
                    }))
        .hasMessage("stopped here");
    assertThat(names()).isEmpty();
    assertThat(
            SecretFile.makeIfAbsent(
                file,
                () -> {
                  assertThat(file).doesNotExist();
                  return "text";
                }))
        .isTrue();
  }

  @Test
  void whatAStopLeftBehindIsOverwrittenAndNeverTaken() throws IOException {
    Files.writeString(dir.resolve("secret.new"), "half of a much longer te");
    assertThat(SecretFile.makeIfAbsent(dir.resolve("secret"), () -> "text")).isTrue();
    assertThat(dir.resolve("secret")).content().isEqualTo("text");
    assertThat(names()).containsExactly("secret");
  }

  @Test
  void whatCameMeanwhileIsNotReplaced() throws IOException {
    Path file = dir.resolve("secret");
    assertThat(
            SecretFile.makeIfAbsent(
                file,
                () -> {
                  try {
                    Files.writeString(file, "other");
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                  return "text";
                }))
        .isFalse();
    assertThat(file).content().isEqualTo("other");
    assertThat(names()).containsExactly("secret");
  }
}
