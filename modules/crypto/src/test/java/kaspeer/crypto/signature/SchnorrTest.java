package kaspeer.crypto.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import kaspeer.crypto.signature.Secp256k1.Outcome;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchnorrTest {
  private static final byte[] KEY =
      hex("dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659");
  private static final byte[] MESSAGE =
      hex("243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89");
  private static final byte[] SIGNATURE =
      hex(
          "6896bd60eeae296db48a229ff71dfe071bde413e6d43f917dc8dcf8c78de3341"
              + "8906d11ac976abccb20b091292bff4ea897efcb639ea871cfa95f6de339e4b0a");

  /** Numbers 0 to 3 of BIP340's test vectors. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000000000000000000000000000000000000000000000000003,"
        + "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9,"
        + "0000000000000000000000000000000000000000000000000000000000000000,"
        + "0000000000000000000000000000000000000000000000000000000000000000,"
        + "e907831f80848d1069a5371b402410364bdf1c5f8307b0084c55f1ce2dca8215"
        + "25f66a4a85ea8b71e482a74f382d2ce5ebeee8fdb2172f477df4900d310536c0",
    "b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef,"
        + "dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659,"
        + "0000000000000000000000000000000000000000000000000000000000000001,"
        + "243f6a8885a308d313198a2e03707344a4093822299f31d0082efa98ec4e6c89,"
        + "6896bd60eeae296db48a229ff71dfe071bde413e6d43f917dc8dcf8c78de3341"
        + "8906d11ac976abccb20b091292bff4ea897efcb639ea871cfa95f6de339e4b0a",
    "c90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b14e5c9,"
        + "dd308afec5777e13121fa72b9cc1b7cc0139715309b086c960e18fd969774eb8,"
        + "c87aa53824b4d7ae2eb035a2b5bbbccc080e76cdc6d1692c4b0b62d798e6d906,"
        + "7e2d58d8b3bcdf1abadec7829054f90dda9805aab56c77333024b9d0a508b75c,"
        + "5831aaeed7b44bb74e5eab94ba9d4294c49bcf2a60728d8b4c200f50dd313c1b"
        + "ab745879a5ad954a72c45a91c3a51d3c7adea98d82f8481e0e1e03674a6f3fb7",
    "0b432b2677937381aef05bb02a66ecd012773062cf3fa2549e44f58ed2401710,"
        + "25d1dff95105f5253c4022f628a996ad3a0d95fbf21d468a1b33f8c160d8f517,"
        + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff,"
        + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff,"
        + "7eb0509757e246f19449885651611cb965ecc1a187dd51b64fda1edc9637d5ec"
        + "97582b9cb13db3933705b32ba982af5af25fd78881ebb32771fc5922efc66ea3"
  })
  void signsAndVerifiesAsBip340Does(
      String secret, String key, String auxiliary, String message, String signature) {
    assertThat(Secp256k1.xOnlyPublicKey(hex(secret))).isEqualTo(hex(key));
    assertThat(Secp256k1.signSchnorr(hex(message), hex(secret), hex(auxiliary)))
        .isEqualTo(hex(signature));
    assertThat(Secp256k1.verifySchnorr(hex(signature), hex(message), hex(key)))
        .isEqualTo(Outcome.VALID);
  }

  /** Number 4: r has leading zeros. */
  @Test
  void aSmallNonceIsFine() {
    assertThat(
            Secp256k1.verifySchnorr(
                hex(
                    "00000000000000000000003b78ce563f89a0ed9414f5aa28ad0d96d6795f9c63"
                        + "76afb1548af603b3eb45c9f8207dee1060cb71c04e80f593060b07d28308d7f4"),
                hex("4df3c3f68fcc83b27e9d42c90431a72499f17875c81a599b566c9889b9696703"),
                hex("d69c3509bb99e412e68b0fe8544e72837dfa30746d8be2aa65975f29d22dc7b9")))
        .isEqualTo(Outcome.VALID);
  }

  /** Numbers 6 to 13: wrong, but never an error, even with r or s out of their ranges. */
  @ParameterizedTest
  @CsvSource({
    "R has an odd y,"
        + "fff97bd5755eeea420453a14355235d382f6472f8568a18b2f057a1460297556"
        + "3cc27944640ac607cd107ae10923d9ef7a73c643e166be5ebeafa34b1ac553e2",
    "negated message,"
        + "1fa62e331edbc21c394792d2ab1100a7b432b013df3f6ff4f99fcb33e0e1515f"
        + "28890b3edb6e7189b630448b515ce4f8622a954cfe545735aaea5134fccdb2bd",
    "negated s,"
        + "6cff5c3ba86c69ea4b7376f31a9bcb4f74c1976089b2d9963da2e5543e177769"
        + "961764b3aa9b2ffcb6ef947b6887a226e8d7c93e00c5ed0c1834ff0d0c2e6da6",
    "R is infinite and r 0,"
        + "0000000000000000000000000000000000000000000000000000000000000000"
        + "123dda8328af9c23a94c1feecfd123ba4fb73476f0d594dcb65c6425bd186051",
    "R is infinite and r 1,"
        + "0000000000000000000000000000000000000000000000000000000000000001"
        + "7615fbaf5ae28864013c099742deadb4dba87f11ac6754f93780d5a1837cf197",
    "r is no x of the curve,"
        + "4a298dacae57395a15d0795ddbfd1dcb564da82b0f269bc70a74f8220429ba1d"
        + "69e89b4c5564d00349106b8497785dd7d1d713a8ae82b32fa79d5f7fc407d39b",
    "r is the size of the field,"
        + "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"
        + "69e89b4c5564d00349106b8497785dd7d1d713a8ae82b32fa79d5f7fc407d39b",
    "s is the order,"
        + "6cff5c3ba86c69ea4b7376f31a9bcb4f74c1976089b2d9963da2e5543e177769"
        + "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
  })
  void anySixtyFourBytesAreASignature(String what, String signature) {
    assertThat(Secp256k1.verifySchnorr(hex(signature), MESSAGE, KEY))
        .as(what)
        .isEqualTo(Outcome.INVALID);
  }

  /** Numbers 5 and 14, zero, and wrong lengths. */
  @ParameterizedTest
  @CsvSource({
    "eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34",
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc30",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba6",
    "02dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659",
    "''"
  })
  void aKeyThatIsNoPointIsMalformedWhateverTheSignature(String key) {
    assertThat(Secp256k1.verifySchnorr(SIGNATURE, MESSAGE, hex(key)))
        .isEqualTo(Outcome.MALFORMED_KEY);
    assertThat(Secp256k1.verifySchnorr(new byte[63], MESSAGE, hex(key)))
        .isEqualTo(Outcome.MALFORMED_KEY);
  }

  @ParameterizedTest
  @CsvSource({"0", "63", "65", "72"})
  void aSignatureOfAnotherLengthIsMalformed(int length) {
    assertThat(Secp256k1.verifySchnorr(new byte[length], MESSAGE, KEY))
        .isEqualTo(Outcome.MALFORMED_SIGNATURE);
  }

  @Property(tries = 200)
  void oneChangedBitMakesItInvalid(
      @ForAll @IntRange(max = 511) int bit, @ForAll @IntRange(max = 255) int messageBit) {
    assertThat(Secp256k1.verifySchnorr(flipped(SIGNATURE, bit), MESSAGE, KEY))
        .isEqualTo(Outcome.INVALID);
    assertThat(Secp256k1.verifySchnorr(SIGNATURE, flipped(MESSAGE, messageBit), KEY))
        .isEqualTo(Outcome.INVALID);
  }

  @Property(tries = 100)
  void whatIsSignedVerifies(
      @ForAll @Size(32) byte[] message,
      @ForAll @Size(31) byte[] secretTail,
      @ForAll boolean auxiliary) {
    byte[] secret = new byte[32];
    secret[0] = 1;
    System.arraycopy(secretTail, 0, secret, 1, 31);
    byte[] signature = Secp256k1.signSchnorr(message, secret, auxiliary ? message : null);
    assertThat(Secp256k1.verifySchnorr(signature, message, Secp256k1.xOnlyPublicKey(secret)))
        .isEqualTo(Outcome.VALID);
  }

  @Test
  void argumentsThatNoScriptCanMakeAreRefused() {
    byte[] secret = new byte[32];
    assertThatThrownBy(() -> Secp256k1.verifySchnorr(SIGNATURE, new byte[31], KEY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Secp256k1.signSchnorr(MESSAGE, secret, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Secp256k1.xOnlyPublicKey(new byte[33]))
        .isInstanceOf(IllegalArgumentException.class);
    secret[31] = 1;
    assertThatThrownBy(() -> Secp256k1.signSchnorr(new byte[33], secret, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Secp256k1.signSchnorr(MESSAGE, secret, new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
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
