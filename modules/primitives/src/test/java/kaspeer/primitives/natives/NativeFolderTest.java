package kaspeer.primitives.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir private Path directory;
  private final byte[] content = new byte[200_000];

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(content);
  }

  private Path file() {
    return directory.resolve("deep/natives/libany.so");
  }

  private URL packed() throws IOException {
    Path jar = directory.resolve("some.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry("os/libsome.so"));
      zip.write(content);
    }
    return URI.create("jar:" + jar.toUri() + "!/os/libsome.so").toURL();
  }

  @Test
  void whatIsUnpackedStaysAndIsNotUnpackedAgain() throws IOException {
    URL library = packed();
    NativeFolder.unpack(library, file());
    assertThat(file()).hasBinaryContent(content);
    Files.setLastModifiedTime(file(), LONG_AGO);
    NativeFolder.unpack(library, file());
    assertThat(Files.getLastModifiedTime(file())).isEqualTo(LONG_AGO);
  }

  @Test
  void whatWasCutShortOrChangedIsUnpackedAnew() throws IOException {
    URL library = packed();
    NativeFolder.unpack(library, file());
    Files.write(file(), new byte[100]);
    NativeFolder.unpack(library, file());
    assertThat(file()).hasBinaryContent(content);
    byte[] changed = content.clone();
    changed[77_777] ^= 1;
    Files.write(file(), changed);
    NativeFolder.unpack(library, file());
    assertThat(file()).hasBinaryContent(content);
  }

  @Test
  void severalMayUnpackAtOnceAndNothingElseIsLeft() throws IOException {
    URL library = packed();
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            _ -> {
              try {
                NativeFolder.unpack(library, file());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    try (Stream<Path> left = Files.list(file().getParent())) {
      assertThat(left).containsExactly(file());
    }
    assertThat(file()).hasBinaryContent(content);
  }

  @Test
  void aFolderThatCannotBeMadeIsAnError() throws IOException {
    Path occupied = Files.createFile(directory.resolve("file"));
    URL library = packed();
    assertThatThrownBy(() -> NativeFolder.unpack(library, occupied.resolve("libany.so")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> NativeFolder.unpack(occupied.toUri().toURL(), file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in no jar");
  }
}
