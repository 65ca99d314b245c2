package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of opcodes (consensus reference 6.8.3). */
class OpcodeTest {
  @Test
  void everyCodeAbovePushesHasAnOpcodeOrIsInvalid() {
    long[] invalid =
        IntStream.rangeClosed(0x61, 0xff)
            .filter(code -> Opcode.of(code) == Opcode.OP_INVALID)
            .asLongStream()
            .toArray();

    assertThat(invalid)
        .isEqualTo(
            IntStream.concat(IntStream.of(0xca), IntStream.rangeClosed(0xdb, 0xff))
                .asLongStream()
                .toArray());
    assertThat(Arrays.stream(Opcode.values()).map(Opcode::code)).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0}: {1}, skipped: {2}")
  @CsvSource({
    "0x80, DISABLED_OPCODE, true",
    "0x81, DISABLED_OPCODE, true",
    "0x8d, DISABLED_OPCODE, true",
    "0x8e, DISABLED_OPCODE, true",
    "0x98, DISABLED_OPCODE, true",
    "0x99, DISABLED_OPCODE, true",
    "0x65, RESERVED_OPCODE, true",
    "0x66, RESERVED_OPCODE, true",
    "0x50, RESERVED_OPCODE, false",
    "0x62, RESERVED_OPCODE, false",
    "0x89, RESERVED_OPCODE, false",
    "0x8a, RESERVED_OPCODE, false",
    "0xca, INVALID_OPCODE, false",
    "0xdb, INVALID_OPCODE, false",
    "0xff, INVALID_OPCODE, false",
    "0x6a, EARLY_RETURN, false"
  })
  void anOpcodeWithoutMeaningFails(String code, ScriptError error, boolean evenSkipped) {
    assertThat(Spending.of("", code).error()).isEqualTo(error);
    assertThat(Spending.of("1", "0 IF " + code + " ENDIF").error())
        .isEqualTo(evenSkipped ? error : null);
  }

  @ParameterizedTest
  @MethodSource
  void aSignatureScriptMayOnlyPush(int code) {
    byte[] signatureScript = {0, 0, 0, 0, (byte) code};
    Opcode opcode = Opcode.of(code);
    ScriptError expected =
        switch (opcode.kind()) {
          case DISABLED -> ScriptError.DISABLED_OPCODE;
          case ALWAYS_ILLEGAL -> ScriptError.RESERVED_OPCODE;
          default -> ScriptError.SIGNATURE_SCRIPT_NOT_PUSH_ONLY;
        };

    assertThat(Spending.of(signatureScript, new byte[] {Opcode.PUSH_1}).error())
        .isEqualTo(expected);
  }

  static IntStream aSignatureScriptMayOnlyPush() {
    return IntStream.rangeClosed(0x61, 0xff);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'1 IF 1 ELSE 0 ENDIF'",
    "'0 IF 0 ELSE 1 ENDIF'",
    "'0 NOTIF 1 ENDIF'",
    "'0 IF RETURN 1 IF RETURN ELSE RETURN ENDIF RETURN ELSE 1 ENDIF'",
    "'1 IF 1 ELSE 0 ELSE 1 NIP ENDIF'",
    "'1 TOALTSTACK 1'",
    "'6 -4 DIV -1 NUMEQUALVERIFY -7 2 MOD -1 NUMEQUAL'",
    "'3 2 5 WITHIN 2 2 5 WITHIN BOOLAND 5 2 5 WITHIN NOT BOOLAND'",
    "'2 1 TUCK 2 PICK DEPTH 4 ROLL 2DROP 2DROP'"
  })
  void aScriptEndsInTrue(String script) {
    assertThat(Spending.of("", script).error()).isNull();
  }

  @Test
  void theAltStackIsGoneWithItsScript() {
    assertThat(Spending.of("1", "TOALTSTACK FROMALTSTACK").error()).isNull();
    byte[] redeemScript = ShortForm.parse("FROMALTSTACK");
    byte[] script = StandardScripts.payToScriptHash(redeemScript).script();
    assertThat(
            Spending.of(StandardScripts.spendScriptHash(ShortForm.parse("1"), redeemScript), script)
                .error())
        .isEqualTo(ScriptError.EMPTY_STACK);
  }

  @Test
  void theLargestStackIsOf244ElementsOnBothStacksTogether() {
    String full = "1 ".repeat(243) + "TOALTSTACK 1 ";
    String drops = "2DROP ".repeat(121);

    assertThat(Spending.of("", full + drops).error()).isNull();
    assertThat(Spending.of("", full + "1").error()).isEqualTo(ScriptError.STACK_OVERFLOW);
  }
}
