package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One script for each way to fail. */
class ScriptErrorTest {
  private static final String ZERO_HASH = "0x20 0x" + "00".repeat(32) + " ";
  private static final String KEY =
      "0x20 0x1b84c5567b126440995d3ed5aaba0565d71e1834604819ff9c17f5e9d5dd078f ";
  private static final int TIGHT_LIMIT = 2;

  @ParameterizedTest
  @EnumSource
  void thereIsAScriptThatFailsByIt(ScriptError error) {
    assertThatThrownBy(() -> example(error).run(0, limit(error)))
        .isInstanceOfSatisfying(ScriptException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageStartingWith(error.description())
        .hasNoCause();
  }

  private static long limit(ScriptError error) {
    return error == ScriptError.SCRIPT_UNITS_EXCEEDED ? TIGHT_LIMIT : UnitMeter.UNLIMITED;
  }

  private static Spending example(ScriptError error) {
    return switch (error) {
      case MALFORMED_PUSH -> script("0x05 0x01");
      case SCRIPT_TOO_LONG -> Spending.of(new byte[0], new byte[1_000_001]);
      case ELEMENT_TOO_BIG -> Spending.of(new byte[0], doubled(new byte[500_001]));
      case STACK_OVERFLOW -> script("1 ".repeat(245));
      case TOO_MANY_OPERATIONS ->
          Spending.of(ShortForm.parse("0 ".repeat(21)), operations(999_990));
      case SCRIPT_UNITS_EXCEEDED -> script("'abc' DUP EQUAL");
      case INVALID_OPCODE -> script("0xdb");
      case RESERVED_OPCODE -> script("RESERVED");
      case DISABLED_OPCODE -> script("1 0 IF LEFT ENDIF");
      case SIGNATURE_SCRIPT_NOT_PUSH_ONLY -> Spending.of("NOP", "1");
      case UNBALANCED_CONDITIONAL -> script("1 IF");
      case STACK_UNDERFLOW -> script("DUP");
      case EMPTY_STACK -> script("NOP");
      case INVALID_STACK_DEPTH -> script("1 1 PICK");
      case UNCLEAN_STACK -> script("1 1");
      case EVAL_FALSE -> script("0");
      case VERIFY_FAILED -> script("0 VERIFY");
      case EARLY_RETURN -> script("RETURN");
      case NUMBER_TOO_BIG -> script("0x09 0x010203040506070809 1ADD");
      case NUMBER_OVERFLOW -> script("9223372036854775807 1ADD");
      case NUMBER_NOT_ENCODABLE -> script("1000 1 NUM2BIN");
      case INVALID_NUMBER_SIZE -> script("1 9 NUM2BIN");
      case DIVISION_BY_ZERO -> script("1 0 DIV");
      case OPERAND_LENGTH_MISMATCH -> script("'a' 'bc' AND");
      case INVALID_INDEX -> script("-1 OUTPOINTTXID");
      case INVALID_RANGE -> script("'abc' 2 1 SUBSTR");
      case RANGE_OUT_OF_BOUNDS -> script("'abc' 0 4 SUBSTR");
      case NO_SUCH_INPUT -> script("1 OUTPOINTTXID");
      case NO_SUCH_OUTPUT -> script("1 TXOUTPUTSPK");
      case NO_SUCH_COVENANT_INPUT -> script(ZERO_HASH + "0 COVINPUTIDX");
      case NO_SUCH_COVENANT_OUTPUT -> script(ZERO_HASH + "0 COVOUTPUTIDX");
      case NO_SUCH_AUTHORIZED_OUTPUT -> script("0 0 AUTHOUTPUTIDX");
      case INVALID_HASH_LENGTH -> script("'a' COVINPUTCOUNT");
      case INVALID_HASH_KEY_LENGTH -> script("'a' 'b' BLAKE3WITHKEY");
      case UNSATISFIED_LOCK_TIME -> script("1 CHECKLOCKTIMEVERIFY");
      case BLOCK_UNKNOWN -> script(ZERO_HASH + "CHAINBLOCKSEQCOMMIT");
      case BLOCK_NOT_ON_CHAIN, BLOCK_TOO_DEEP ->
          script(ZERO_HASH + "CHAINBLOCKSEQCOMMIT")
              .chain(
                  block -> {
                    throw new ScriptException(error);
                  });
      case INVALID_HASH_TYPE -> script("0x01 0x03 'key' CHECKSIG");
      case MALFORMED_PUBLIC_KEY -> script("0x01 0x01 'key' CHECKSIG");
      case MALFORMED_SIGNATURE -> script("0x01 0x01 " + KEY + "CHECKSIG");
      case INVALID_MESSAGE_LENGTH -> script("'s' 'm' " + KEY + "CHECKSIGFROMSTACK");
      case INVALID_KEY_COUNT -> script("0 21 CHECKMULTISIG");
      case INVALID_SIGNATURE_COUNT -> script("2 'a' 1 CHECKMULTISIG");
      case NULL_FAIL -> script("0x41 0x" + "00".repeat(64) + "01 1 " + KEY + "1 CHECKMULTISIG");
      case INVALID_ZK_TAG -> script("0x01 0x22 ZKPRECOMPILE");
      case UNSUPPORTED_ZK -> script("0x01 0x20 ZKPRECOMPILE");
    };
  }

  private static Spending script(String script) {
    return Spending.of("", script);
  }

  private static byte[] doubled(byte[] data) {
    return new ScriptBuilder().literal(data).op(Opcode.OP_DUP).op(Opcode.OP_CAT).build();
  }

  /** That many operations that do nothing, and a multisig that counts 21. */
  private static byte[] operations(int count) {
    byte[] nothing = new byte[count];
    Arrays.fill(nothing, (byte) Opcode.OP_NOP.code());
    return new ScriptBuilder().raw(nothing).number(20).op(Opcode.OP_CHECKMULTISIG).build();
  }
}
