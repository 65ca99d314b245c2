package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What scripts cost (consensus reference 6.8.2). */
class MeteringTest {
  private static final byte[] ELEVEN = new byte[11];

  @ParameterizedTest(name = "{0} costs {1}")
  @CsvSource(
      delimiter = ':',
      quoteCharacter = '"',
      value = {
        // Literals and moves cost nothing.
        "'abc' DROP 1 : 0",
        "0x4c 0x03 0x616263 0x4d 0x0300 0x616263 2DROP 16 : 0",
        "-1 : 0",
        "'abc' 'de' SWAP 2DROP 1 : 0",
        "'abc' 'de' 'f' ROT 2DROP DROP 1 : 0",
        "'a' 'b' 'c' 'd' 2SWAP 2DROP 2DROP 1 : 0",
        "'a' 'b' 'c' 'd' 'e' 'f' 2ROT 2DROP 2DROP 2DROP 1 : 0",
        "'abc' 'de' 1 ROLL 2DROP 1 : 0",
        "'abc' 'de' NIP DROP 1 : 0",
        "'abc' TOALTSTACK FROMALTSTACK DROP 1 : 0",
        "1 1 EQUALVERIFY 1 1 NUMEQUALVERIFY 1 VERIFY 1 : 0",
        "0 IF 'abc' DUP ENDIF 1 : 0",
        // Copies cost their bytes.
        "'abc' DUP 2DROP 1 : 3",
        "'abc' 'de' 2DUP 2DROP 2DROP 1 : 5",
        "'abc' 'de' 'f' 3DUP 2DROP 2DROP 2DROP 1 : 6",
        "'abc' 'de' OVER 2DROP DROP 1 : 3",
        "'abc' 'de' 'f' 'g' 2OVER 2DROP 2DROP 2DROP 1 : 5",
        "'abc' 'de' 1 PICK 2DROP DROP 1 : 3",
        "'abc' IFDUP 2DROP 1 : 3",
        "0x02 0x0000 IFDUP DROP 1 : 0",
        "'abc' 'de' TUCK 2DROP DROP 1 : 2",
        // Results cost their bytes.
        "1 1 ADD DROP 1 : 1",
        "100 100 ADD DROP 1 : 2",
        "1 1 SUB DROP 1 : 0",
        "1 1 EQUAL : 1",
        "1 0 EQUAL DROP 1 : 0",
        "DEPTH DROP 1 : 0",
        "1 DEPTH EQUAL : 2",
        "'abc' SIZE 2DROP 1 : 1",
        "'abc' 'de' CAT DROP 1 : 5",
        "'abcde' 1 3 SUBSTR DROP 1 : 2",
        "'abc' INVERT DROP 1 : 3",
        "5 3 NUM2BIN DROP 1 : 3",
        "0x03 0x050000 BIN2NUM DROP 1 : 1",
        // Introspection costs what it says.
        "TXSUBNETID DROP 1 : 20",
        "0 OUTPOINTTXID DROP 1 : 32",
        "0 TXINPUTSEQ DROP 1 : 8",
        "0 TXINPUTSPK DROP 1 : 6",
        "0 TXINPUTSPKLEN DROP 1 : 1",
        "0 1 3 TXINPUTSPKSUBSTR DROP 1 : 2",
        "0 INPUTCOVENANTID DROP 1 : 32",
        // An empty signature is false for nothing, in a multisig without keys too.
        "0 0 CHECKSIG DROP 1 : 0",
        "0 0 CHECKMULTISIG : 1",
        "0 0 CHECKMULTISIGVERIFY 1 : 1",
      })
  void theScriptCosts(String script, long units) throws ScriptException {
    assertThat(Spending.of("", script).run()).isEqualTo(units);
  }

  @ParameterizedTest
  @CsvSource({
    "OP_BLAKE2B, -1, 2",
    "OP_BLAKE2B_WITH_KEY, 64, 2",
    "OP_SHA256, -1, 1",
    "OP_BLAKE3, -1, 1",
    "OP_BLAKE3_WITH_KEY, 32, 1"
  })
  void aHashCostsItsDataByTheByteButNotItsKey(Opcode opcode, int keySize, int unitsPerByte)
      throws ScriptException {
    ScriptBuilder script = new ScriptBuilder().literal(ELEVEN);
    if (keySize >= 0) {
      script.literal(new byte[keySize]);
    }
    Spending spending = Spending.of(new byte[0], script.op(opcode).build());
    long units = ELEVEN.length * unitsPerByte + 32 + extra(spending);

    assertThat(spending.run(0, units)).isEqualTo(units);
    assertThat(spending.error(units - 1)).isEqualTo(ScriptError.SCRIPT_UNITS_EXCEEDED);
    assertThat(spending.error(ELEVEN.length * unitsPerByte - 1 + extra(spending)))
        .isEqualTo(ScriptError.SCRIPT_UNITS_EXCEEDED);
  }

  private static long extra(Spending spending) {
    return 100L * Math.max(0, spending.spent.getFirst().scriptPublicKey().script().length - 35);
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureCheckCostsBeforeItIsLookedAt(SignatureScheme scheme) {
    Opcode opcode =
        scheme == SignatureScheme.SCHNORR ? Opcode.OP_CHECKSIG : Opcode.OP_CHECKSIG_ECDSA;
    byte[] script = new ScriptBuilder().raw(ShortForm.parse("1 1")).op(opcode).build();
    Spending spending = Spending.of(new byte[0], script);

    assertThat(spending.error(Spending.UNITS_PER_SIGNATURE - 1))
        .isEqualTo(ScriptError.SCRIPT_UNITS_EXCEEDED);
    assertThat(spending.error(Spending.UNITS_PER_SIGNATURE))
        .isEqualTo(ScriptError.MALFORMED_PUBLIC_KEY);
  }

  @Test
  void aCheckedSignatureCostsOneMoreForItsResultEvenIfThatIsVerifiedAtOnce()
      throws ScriptException {
    byte[] key = Keys.xOnly(1);
    Spending plain = Spending.of(new byte[0], StandardScripts.payToPubKey(key).script());
    Spending verified =
        Spending.of(
            new byte[0],
            new ScriptBuilder()
                .literal(key)
                .op(Opcode.OP_CHECKSIGVERIFY)
                .op(Opcode.OP_DEPTH)
                .op(Opcode.OP_NOT)
                .build());

    assertThat(sign(plain).run()).isEqualTo(100_001);
    // The result of NOT is paid for too, and a byte of script beyond the free 35.
    assertThat(sign(verified).run()).isEqualTo(100_002 + extra(verified));
  }

  private static Spending sign(Spending spending) {
    byte[] signature = Keys.sign(SignatureScheme.SCHNORR, 1, spending, SignatureHash.ALL);
    return spending.signed(new ScriptBuilder().literal(signature).build());
  }

  @ParameterizedTest(name = "signed with {0} and {1} of three: {2} checks")
  @CsvSource({"1, 2, 2", "1, 3, 3", "2, 3, 3"})
  void aMultisigCostsEachKeyThatIsTried(int first, int second, int checks) throws ScriptException {
    List<byte[]> keys = List.of(Keys.xOnly(1), Keys.xOnly(2), Keys.xOnly(3));
    byte[] redeemScript = StandardScripts.multisig(keys, 2);
    Spending spending =
        Spending.of(new byte[0], StandardScripts.payToScriptHash(redeemScript).script());
    byte[] signatures =
        new ScriptBuilder()
            .literal(Keys.sign(SignatureScheme.SCHNORR, first, spending, SignatureHash.ALL))
            .literal(Keys.sign(SignatureScheme.SCHNORR, second, spending, SignatureHash.ALL))
            .build();
    spending.signed(StandardScripts.spendScriptHash(signatures, redeemScript));

    // The script hash costs its data twice, its result, and the result of the comparison.
    assertThat(spending.run()).isEqualTo(checks * 100_000L + 1 + 2 * redeemScript.length + 32 + 1);
  }

  @ParameterizedTest(name = "{0} bytes")
  @CsvSource({"11, 0", "34, 0", "35, 0", "36, 100", "102, 6700"})
  void aScriptPublicKeyLongerThanTheStandardOnesCostsByTheByte(int length, long units)
      throws ScriptException {
    byte[] script = new byte[length];
    Arrays.fill(script, (byte) Opcode.OP_NOP.code());
    script[0] = Opcode.PUSH_1;

    assertThat(Spending.of(new byte[0], script).run()).isEqualTo(units);
  }

  @ParameterizedTest(name = "version {0} commits to {1}: {2}")
  @CsvSource({
    "0, 0, 9999",
    "0, 1, 109999",
    "0, 255, 25509999",
    "1, 0, 9999",
    "1, 1, 19999",
    "1, 65535, 655359999"
  })
  void anInputMayUseWhatItCommitsToAndAlmostAUnitMore(int version, int commit, long units) {
    assertThat(ScriptLimits.unitsAllowed(version, commit)).isEqualTo(units);
  }

  @ParameterizedTest(name = "{0} need {1}")
  @CsvSource({"0, 0", "9999, 0", "10000, 1", "19999, 1", "20000, 2", "655359999, 65535"})
  void theComputeBudgetForUnitsIsTheLeastThatAllowsThem(long units, long budget) {
    assertThat(ScriptLimits.computeBudgetFor(units)).isEqualTo(budget);
  }

  @Test
  void anInputMayNotUseMoreThanItCommitsTo() throws ScriptException {
    byte[] redeemScript = ShortForm.parse("DUP EQUAL");
    byte[] script = StandardScripts.payToScriptHash(redeemScript).script();
    int overhead = 2 * redeemScript.length + 32 + 1 + 1;
    byte[] fitting = new ScriptBuilder().literal(new byte[9_999 - overhead]).build();
    byte[] larger = new ScriptBuilder().literal(new byte[10_000 - overhead]).build();
    Spending spending = Spending.of(StandardScripts.spendScriptHash(fitting, redeemScript), script);

    spending.check();
    spending.signed(StandardScripts.spendScriptHash(larger, redeemScript));
    assertThatThrownBy(spending::check)
        .isInstanceOfSatisfying(
            ScriptException.class,
            e -> assertThat(e.error()).isEqualTo(ScriptError.SCRIPT_UNITS_EXCEEDED));
    spending.commit(1).check();
  }

  @Test
  void aChargeThatCannotBePaidChangesNothing() throws ScriptException {
    UnitMeter meter = new UnitMeter(250, 100);
    meter.chargeSignature();
    meter.chargeSignature();

    assertThatThrownBy(meter::chargeSignature).isInstanceOf(ScriptException.class);
    assertThatThrownBy(() -> meter.charge(Long.MAX_VALUE)).isInstanceOf(ScriptException.class);
    assertThat(meter.used()).isEqualTo(200);
    meter.charge(50);
    assertThat(meter.used()).isEqualTo(250);
  }
}
