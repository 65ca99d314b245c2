package kaspeer.crypto.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HexFormat;
import kaspeer.crypto.signature.Secp256k1.Outcome;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcdsaTest {
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  private static final byte[] SECRET = secret(new byte[] {7});
  private static final byte[] KEY = Secp256k1.compressedPublicKey(SECRET);
  private static final byte[] MESSAGE = secret(new byte[] {42});
  private static final byte[] SIGNATURE = Secp256k1.signEcdsa(MESSAGE, SECRET);

  @Test
  void theKeyOfOneIsTheGenerator() {
    assertThat(Secp256k1.compressedPublicKey(secret(new byte[0])))
        .isEqualTo(hex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
  }

  @Test
  void thePrefixTellsTheParityOfY() {
    // Minus the generator has the same x and an odd y.
    byte[] negated = bytes(ORDER.subtract(BigInteger.ONE));
    assertThat(Secp256k1.compressedPublicKey(negated))
        .isEqualTo(hex("0379be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"));
  }

  @Property(tries = 100)
  void whatIsSignedVerifiesAndItsNegativeDoesNot(
      @ForAll @Size(32) byte[] message, @ForAll @Size(30) byte[] secretTail) {
    byte[] secret = secret(secretTail);
    byte[] key = Secp256k1.compressedPublicKey(secret);
    byte[] signature = Secp256k1.signEcdsa(message, secret);
    assertThat(Secp256k1.verifyEcdsa(signature, message, key)).isEqualTo(Outcome.VALID);

    // s and order - s satisfy the same equation; only the lower one counts.
    byte[] highS = bytes(r(signature), ORDER.subtract(s(signature)));
    assertThat(Secp256k1.verifyEcdsa(highS, message, key)).isEqualTo(Outcome.INVALID);
  }

  @Property(tries = 200)
  void oneChangedBitNeverMakesAnotherValidSignature(
      @ForAll @IntRange(max = 511) int bit, @ForAll @IntRange(max = 255) int messageBit) {
    Outcome changed = Secp256k1.verifyEcdsa(flipped(SIGNATURE, bit), MESSAGE, KEY);
    assertThat(changed).isEqualTo(Outcome.INVALID);
    assertThat(Secp256k1.verifyEcdsa(SIGNATURE, flipped(MESSAGE, messageBit), KEY))
        .isEqualTo(Outcome.INVALID);
  }

  @Test
  void numbersFromTheOrderOnAreMalformed() {
    BigInteger max = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
    for (BigInteger tooLarge : new BigInteger[] {ORDER, ORDER.add(BigInteger.ONE), max}) {
      assertThat(Secp256k1.verifyEcdsa(bytes(tooLarge, s(SIGNATURE)), MESSAGE, KEY))
          .isEqualTo(Outcome.MALFORMED_SIGNATURE);
      assertThat(Secp256k1.verifyEcdsa(bytes(r(SIGNATURE), tooLarge), MESSAGE, KEY))
          .isEqualTo(Outcome.MALFORMED_SIGNATURE);
    }
  }

  @Test
  void theLargestNumbersAndZeroAreOnlyWrong() {
    BigInteger largest = ORDER.subtract(BigInteger.ONE);
    for (BigInteger number : new BigInteger[] {largest, BigInteger.ZERO}) {
      assertThat(Secp256k1.verifyEcdsa(bytes(number, s(SIGNATURE)), MESSAGE, KEY))
          .isEqualTo(Outcome.INVALID);
      assertThat(Secp256k1.verifyEcdsa(bytes(r(SIGNATURE), number), MESSAGE, KEY))
          .isEqualTo(Outcome.INVALID);
    }
  }

  /** Not on the curve, beyond the field, bad prefixes, wrong lengths and the uncompressed form. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "02eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34",
        "02fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
        "020000000000000000000000000000000000000000000000000000000000000000",
        "0079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "0679be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
            + "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
        ""
      })
  void aKeyThatIsNoCompressedPointIsMalformedWhateverTheSignature(String key) {
    assertThat(Secp256k1.verifyEcdsa(SIGNATURE, MESSAGE, hex(key)))
        .isEqualTo(Outcome.MALFORMED_KEY);
    assertThat(Secp256k1.verifyEcdsa(bytes(ORDER, ORDER), MESSAGE, hex(key)))
        .isEqualTo(Outcome.MALFORMED_KEY);
    assertThat(Secp256k1.verifyEcdsa(new byte[0], MESSAGE, hex(key)))
        .isEqualTo(Outcome.MALFORMED_KEY);
  }

  /** Among them the lengths of the DER form, which is not taken. */
  @ParameterizedTest
  @ValueSource(ints = {0, 63, 65, 70, 71, 72, 73})
  void aSignatureOfAnotherLengthIsMalformed(int length) {
    assertThat(Secp256k1.verifyEcdsa(new byte[length], MESSAGE, KEY))
        .isEqualTo(Outcome.MALFORMED_SIGNATURE);
  }

  @Test
  void argumentsThatNoScriptCanMakeAreRefused() {
    assertThatThrownBy(() -> Secp256k1.verifyEcdsa(SIGNATURE, new byte[31], KEY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Secp256k1.signEcdsa(MESSAGE, bytes(ORDER)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Secp256k1.compressedPublicKey(new byte[32]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] secret(byte[] tail) {
    byte[] secret = new byte[32];
    System.arraycopy(tail, 0, secret, 31 - tail.length, tail.length);
    secret[31] = 1;
    return secret;
  }

  private static BigInteger r(byte[] signature) {
    return new BigInteger(1, signature, 0, 32);
  }

  private static BigInteger s(byte[] signature) {
    return new BigInteger(1, signature, 32, 32);
  }

  private static byte[] bytes(BigInteger... numbers) {
    byte[] bytes = new byte[32 * numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      byte[] number = numbers[i].toByteArray();
      int length = Math.min(32, number.length);
      System.arraycopy(number, number.length - length, bytes, 32 * (i + 1) - length, length);
    }
    return bytes;
  }

  private static byte[] flipped(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return changed;
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
