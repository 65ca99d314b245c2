package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ChaCha20Test {
  /** The first two blocks of the key of zeros, as in the specifications of the cipher. */
  @Test
  void theKeyOfZeros() {
    assertThat(keystream(Hash.ZERO, 2))
        .isEqualTo(
            HexFormat.of()
                .parseHex(
                    "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7"
                        + "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
                        + "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed"
                        + "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f"));
  }

  /** With all nonces 0 the form of RFC 8439, with its shorter counter, is the same. */
  @Property(tries = 100)
  void isTheCipherOfThePlatform(@ForAll @Size(32) byte[] key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("ChaCha20");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(key, "ChaCha20"),
        new ChaCha20ParameterSpec(new byte[12], 0));
    assertThat(keystream(Hash.of(key), 6)).isEqualTo(cipher.doFinal(new byte[384]));
  }

  private static byte[] keystream(Hash key, int blocks) {
    long[] words = new long[8 * blocks];
    new ChaCha20().keystream(key, words);
    byte[] bytes = new byte[8 * words.length];
    for (int i = 0; i < words.length; i++) {
      Bytes.putLongLe(bytes, 8 * i, words[i]);
    }
    return bytes;
  }
}
