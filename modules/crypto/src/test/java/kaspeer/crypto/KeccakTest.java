package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values were computed by an independent implementation. */
class KeccakTest {
  @Test
  void thePermutationOfZeroIsTheKnownOne() {
    long[] state = new long[Keccak.LANES];
    Keccak.permute(state);
    assertThat(state)
        .startsWith(
            0xf1258f7940e1dde7L, 0x84d5ccf933c0478aL, 0xd598261ea65aa9eeL, 0xbd1547306f80494dL)
        .endsWith(0xeaf1ff7b5ceca249L);
  }

  @ParameterizedTest
  @CsvSource({
    "ProofOfWorkHash,10,9cd7495d31e43ec8cc3f1cf5076387373ee68ac8642833fc138402c11d83dcb9",
    "ProofOfWorkHash,4,fac1113f51036a23b0039e28244de67132e9956f516982fb95e46df9db972c2c",
    "ProofOfWorkHash,0,bd2e1adb1d740799ae5f25afd116d2f531d6a1151e61b73a686fe99cdafade4e",
    "HeavyHash,10,e1a6e9f07d18c939351574c0371eefd74c56e76f0a2396493134a6c822341376",
    "HeavyHash,4,06b78965d03fa403d08684320d5e1a7aaefe89deb11efc619ddde198df21e30c",
    "HeavyHash,0,dbc398191701cf87fd67d6fcf63cc5805c883f45ed349de93fca9df415457840"
  })
  void cshakeHasItsCustomisation(String customisation, int lanes, String expected) {
    long[] state = Keccak.cshake256(customisation);
    byte[] message = TestBytes.message(8 * lanes);
    for (int i = 0; i < lanes; i++) {
      state[i] ^= Bytes.longLe(message, 8 * i);
    }
    Keccak.finish(state, lanes);
    assertThat(TestBytes.toHash(Arrays.copyOf(state, 4))).isEqualTo(Hash.fromHex(expected));
  }
}
