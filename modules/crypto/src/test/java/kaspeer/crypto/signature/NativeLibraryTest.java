package kaspeer.crypto.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import kaspeer.crypto.signature.Secp256k1.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
  @Test
  void loadsHere() {
    assertThatCode(Secp256k1::load).doesNotThrowAnyException();
  }

  @Test
  void aFailureSaysWhatIsMissingEachTime() {
    IOException cause = new IOException("libsecp256k1-jni.so");
    NativeLibrary missing =
        new NativeLibrary(
            () -> {
              throw cause;
            });
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(missing::symbols)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(System.getProperty("os.arch"))
          .hasMessageContaining(System.getProperty("java.io.tmpdir"))
          .hasCause(cause);
    }
  }

  @Test
  void itStaysInTheFolderOfTheProcess(@TempDir Path folder) throws IOException {
    List<Path> opened = new ArrayList<>();
    SymbolLookup symbols = _ -> Optional.empty();
    assertThat(
            NativeLibrary.load(
                packed(),
                folder,
                file -> {
                  opened.add(file);
                  return symbols;
                }))
        .isSameAs(symbols);
    assertThat(opened).containsExactly(folder.resolve(NativeLibrary.FILE));
    assertThat(opened.getFirst()).isNotEmptyFile();
  }

  @Test
  void whereThatFolderRunsNoProgramsItPassesThroughTheTemporaryOne(@TempDir Path folder)
      throws IOException {
    List<Path> opened = new ArrayList<>();
    NativeLibrary.load(
        packed(),
        folder,
        file -> {
          assertThat(file).isNotEmptyFile();
          opened.add(file);
          if (file.startsWith(folder)) {
            throw new IllegalArgumentException("Cannot open library: " + file);
          }
          return _ -> Optional.empty();
        });
    assertThat(opened).hasSize(2);
    assertThat(opened.getLast()).doesNotExist();
    assertThat(opened.getLast().getParent()).doesNotExist();
  }

  @Test
  void whatCannotBeOpenedAnywhereLeavesNothingBehind() {
    List<Path> opened = new ArrayList<>();
    assertThatThrownBy(
            () ->
                NativeLibrary.load(
                    packed(),
                    null,
                    file -> {
                      opened.add(file);
                      throw new IllegalArgumentException("Cannot open library: " + file);
                    }))
        .hasMessageContaining("Cannot open library");
    assertThat(opened)
        .singleElement()
        .satisfies(file -> assertThat(file.getParent()).doesNotExist());
  }

  private static URL packed() {
    return Objects.requireNonNull(NativeLibrary.packed());
  }

  @Test
  void manyThreadsMayUseItAtOnce() {
    byte[] secret = new byte[32];
    secret[0] = 1;
    byte[] key = Secp256k1.xOnlyPublicKey(secret);
    byte[] compressed = Secp256k1.compressedPublicKey(secret);
    boolean all =
        IntStream.range(0, 400)
            .parallel()
            .allMatch(
                i -> {
                  byte[] message = new byte[32];
                  message[i % 32] = (byte) i;
                  byte[] schnorr = Secp256k1.signSchnorr(message, secret, null);
                  byte[] ecdsa = Secp256k1.signEcdsa(message, secret);
                  return Secp256k1.verifySchnorr(schnorr, message, key) == Outcome.VALID
                      && Secp256k1.verifyEcdsa(ecdsa, message, compressed) == Outcome.VALID;
                });
    assertThat(all).isTrue();
  }
}
