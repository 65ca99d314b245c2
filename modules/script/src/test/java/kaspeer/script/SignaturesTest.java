package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures in scripts (consensus reference 6.8.4). */
class SignaturesTest {
  private static final BigInteger ORDER =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);

  @ParameterizedTest
  @EnumSource
  void aSignatureOfTheInputSpends(SignatureScheme scheme) {
    for (int hashType : new int[] {0x01, 0x02, 0x04, 0x81, 0x82, 0x84}) {
      Spending spending = payTo(scheme);
      byte[] signature = Keys.sign(scheme, 1, spending, hashType);

      assertThat(spend(spending, signature)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureOfAnotherKeyDoesNot(SignatureScheme scheme) {
    Spending spending = payTo(scheme);
    byte[] signature = Keys.sign(scheme, 2, spending, SignatureHash.ALL);

    assertThat(spend(spending, signature)).isEqualTo(ScriptError.EVAL_FALSE);
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureWithAnotherHashTypeThanItSignsDoesNot(SignatureScheme scheme) {
    Spending spending = payTo(scheme);
    byte[] signature = Keys.sign(scheme, 1, spending, SignatureHash.ALL);
    signature[64] = SignatureHash.NONE;

    assertThat(spend(spending, signature)).isEqualTo(ScriptError.EVAL_FALSE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 6, 7, 8, 0x80, 0x83, 0xff})
  void aHashTypeThatDoesNotExistFails(int hashType) {
    Spending spending = payTo(SignatureScheme.SCHNORR);
    byte[] signature = Keys.sign(SignatureScheme.SCHNORR, 1, spending, SignatureHash.ALL);
    signature[64] = (byte) hashType;

    assertThat(spend(spending, signature)).isEqualTo(ScriptError.INVALID_HASH_TYPE);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptySignatureIsFalse(SignatureScheme scheme) {
    assertThat(spend(payTo(scheme), new byte[0])).isEqualTo(ScriptError.EVAL_FALSE);
  }

  @Test
  void anEcdsaSignatureWithTheOtherHalfOfSIsFalse() {
    Spending spending = payTo(SignatureScheme.ECDSA);
    byte[] signature = Keys.sign(SignatureScheme.ECDSA, 1, spending, SignatureHash.ALL);
    BigInteger s = new BigInteger(1, signature, 32, 32);
    byte[] other = ORDER.subtract(s).toByteArray();
    System.arraycopy(other, other.length - 32, signature, 32, 32);

    assertThat(spend(spending, signature)).isEqualTo(ScriptError.EVAL_FALSE);
  }

  @Test
  void anEcdsaSignatureWithANumberOfTheOrderIsMalformed() {
    Spending spending = payTo(SignatureScheme.ECDSA);
    byte[] signature = Keys.sign(SignatureScheme.ECDSA, 1, spending, SignatureHash.ALL);
    System.arraycopy(ORDER.toByteArray(), 1, signature, 0, 32);

    assertThat(spend(spending, signature)).isEqualTo(ScriptError.MALFORMED_SIGNATURE);
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureFromTheStackIsOfTheMessageThere(SignatureScheme scheme) {
    Spending input = payTo(scheme);
    byte[] message = scheme.message(input.build(), 0, SignatureHash.ALL).toBytes();
    byte[] signature = Keys.sign(scheme, 1, message);

    assertThat(fromStack(scheme, signature, message)).isNull();
    message[0] ^= 1;
    assertThat(fromStack(scheme, signature, message)).isEqualTo(ScriptError.EVAL_FALSE);
  }

  private static @Nullable ScriptError fromStack(
      SignatureScheme scheme, byte[] signature, byte[] message) {
    Opcode opcode =
        scheme == SignatureScheme.SCHNORR
            ? Opcode.OP_CHECKSIG_FROM_STACK
            : Opcode.OP_CHECKSIG_FROM_STACK_ECDSA;
    byte[] script =
        new ScriptBuilder()
            .literal(signature)
            .literal(message)
            .literal(Keys.key(scheme, 1))
            .op(opcode)
            .build();
    return Spending.of(new byte[0], script).error();
  }

  @ParameterizedTest(name = "{0} of keys 1 to 3, signed by {1}: {2}")
  @CsvSource({
    "0, '', ",
    "1, 1, ",
    "1, 3, ",
    "2, 1 2, ",
    "2, 1 3, ",
    "2, 2 3, ",
    "3, 1 2 3, ",
    "2, 2 1, NULL_FAIL",
    "2, 1 1, NULL_FAIL",
    "1, 4, NULL_FAIL",
    "2, 1 0, NULL_FAIL",
    "2, 0 1, NULL_FAIL",
    "1, 0, EVAL_FALSE",
    "2, 0 0, EVAL_FALSE",
    "2, 1, STACK_UNDERFLOW",
    "1, 1 2, UNCLEAN_STACK"
  })
  void aMultisigWantsSignaturesInTheOrderOfItsKeys(
      int required, String signers, @Nullable ScriptError error) {
    for (SignatureScheme scheme : SignatureScheme.values()) {
      List<byte[]> keys = List.of(Keys.key(scheme, 1), Keys.key(scheme, 2), Keys.key(scheme, 3));
      byte[] redeemScript =
          scheme == SignatureScheme.SCHNORR
              ? StandardScripts.multisig(keys, required)
              : StandardScripts.multisigEcdsa(keys, required);
      Spending spending =
          Spending.of(new byte[0], StandardScripts.payToScriptHash(redeemScript).script());
      ScriptBuilder signatures = new ScriptBuilder();
      for (char signer : signers.replace(" ", "").toCharArray()) {
        signatures.literal(
            signer == '0'
                ? new byte[0]
                : Keys.sign(scheme, signer - '0', spending, SignatureHash.ALL));
      }
      spending.signed(StandardScripts.spendScriptHash(signatures.build(), redeemScript));

      assertThat(spending.error()).as("%s", scheme).isEqualTo(error);
    }
  }

  @Test
  void aScriptHashIsSpentWithTheScriptAndWhatItWants() {
    byte[] redeemScript = ShortForm.parse("1ADD 3 NUMEQUAL");
    byte[] other = ShortForm.parse("NOP 1ADD 3 NUMEQUAL");
    byte[] script = StandardScripts.payToScriptHash(redeemScript).script();
    byte[] two = ShortForm.parse("2");
    byte[] three = ShortForm.parse("3");

    assertThat(Spending.of(StandardScripts.spendScriptHash(two, redeemScript), script).error())
        .isNull();
    assertThat(Spending.of(StandardScripts.spendScriptHash(three, redeemScript), script).error())
        .isEqualTo(ScriptError.EVAL_FALSE);
    assertThat(Spending.of(StandardScripts.spendScriptHash(two, other), script).error())
        .isEqualTo(ScriptError.EVAL_FALSE);
  }

  private static Spending payTo(SignatureScheme scheme) {
    byte[] key = Keys.key(scheme, 1);
    return new Spending()
        .input(
            new byte[0],
            Spending.entry(
                scheme == SignatureScheme.SCHNORR
                    ? StandardScripts.payToPubKey(key)
                    : StandardScripts.payToPubKeyEcdsa(key)))
        .output(1, new byte[0], null)
        .version(0);
  }

  private static @Nullable ScriptError spend(Spending spending, byte[] signature) {
    return spending.signed(new ScriptBuilder().literal(signature).build()).error();
  }
}
