package kaspeer.crypto.signature;

import static org.assertj.core.api.Assertions.assertThat;

import kaspeer.crypto.signature.Secp256k1.Outcome;
import org.junit.jupiter.api.Test;

class KnownPointsTest {
  @Test
  void whatIsKnownIsFoundByTheWholeKeyOnly() {
    KnownPoints points = new KnownPoints(64);
    byte[] point = new byte[64];
    byte[] key = key(1, 0);
    points.add(key, point);
    assertThat(points.find(key(1, 0))).isSameAs(point);
    for (int i = 2; i < 256; i++) {
      assertThat(points.find(key(i, 0))).isNull();
      assertThat(points.find(key(1, i))).isNull();
    }
    assertThat(points.find(new byte[0])).isNull();
  }

  @Test
  void aKeyThatIsChangedLaterIsKnownAsItWas() {
    KnownPoints points = new KnownPoints(64);
    byte[] key = key(1, 0);
    points.add(key, new byte[64]);
    key[0] = 9;
    assertThat(points.find(key(9, 0))).isNull();
    assertThat(points.find(key(1, 0))).isNotNull();
  }

  @Test
  void itHoldsNoMoreThanItHasSlots() {
    KnownPoints points = new KnownPoints(4);
    for (int i = 0; i < 256; i++) {
      points.add(key(i, 0), new byte[64]);
      assertThat(points.find(key(i, 0))).isNotNull();
    }
    int known = 0;
    for (int i = 0; i < 256; i++) {
      known += points.find(key(i, 0)) == null ? 0 : 1;
    }
    assertThat(known).isBetween(1, 4);
  }

  /** Each key is met again after the others. */
  @Test
  void aSignatureIsCheckedAgainstItsOwnKeyWhateverIsKnown() {
    byte[][] keys = new byte[200][];
    byte[][] signatures = new byte[keys.length][];
    byte[] message = key(7, 7);
    for (int i = 0; i < keys.length; i++) {
      byte[] secret = key(1, i);
      keys[i] = Secp256k1.xOnlyPublicKey(secret);
      signatures[i] = Secp256k1.signSchnorr(message, secret, null);
    }
    for (int turn = 0; turn < 2; turn++) {
      for (int i = 0; i < keys.length; i++) {
        byte[] next = keys[(i + 1) % keys.length];
        assertThat(Secp256k1.verifySchnorr(signatures[i], message, keys[i]))
            .isEqualTo(Outcome.VALID);
        assertThat(Secp256k1.verifySchnorr(signatures[i], message, next))
            .isEqualTo(Outcome.INVALID);
      }
    }
  }

  private static byte[] key(int first, int last) {
    byte[] key = new byte[32];
    key[0] = (byte) first;
    key[31] = (byte) last;
    return key;
  }
}
