package kaspeer.crypto.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
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
    UnsatisfiedLinkError cause = new UnsatisfiedLinkError("libsecp256k1-jni.so");
    NativeLibrary missing =
        new NativeLibrary(
            () -> {
              throw cause;
            });
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(missing::library)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(System.getProperty("os.arch"))
          .hasMessageContaining(System.getProperty("java.io.tmpdir"))
          .hasCause(cause);
    }
  }

  @Test
  void fromAFolderThatRunsNoProgramsItIsNotLoaded(@TempDir Path folder) {
    NativeLibrary.offer(
        folder,
        file -> {
          throw new UnsatisfiedLinkError(file + ": failed to map segment");
        });
    assertThat(folder).isDirectoryContaining("glob:**/*secp256k1-jni*");
    assertThat(System.getProperty(NativeLibrary.PATH)).isNull();
    try {
      NativeLibrary.offer(folder, file -> assertThat(Path.of(file)).isRegularFile());
      assertThat(System.getProperty(NativeLibrary.PATH)).isEqualTo(folder.toString());
    } finally {
      System.clearProperty(NativeLibrary.PATH);
      System.clearProperty(NativeLibrary.NAME);
    }
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
