package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Scripts that mean no good end, with a script error or without, within their bounds. */
class HostileScriptTest {
  private static final int MAX_ADDED_BY_AN_OPCODE = 3;

  @Property(tries = 1500)
  void randomBytesEndWithinBounds(
      @ForAll @Size(max = 60) byte[] signatureScript,
      @ForAll @Size(max = 300) byte[] script,
      @ForAll @LongRange(max = 1_000_000) long limit) {
    assertEnds(signatureScript, script, limit);
  }

  @Property(tries = 1500)
  void randomOpcodesOnAFullStackEndWithinBounds(
      @ForAll long seed, @ForAll @LongRange(max = 1_000_000) long limit) {
    Random random = new Random(seed);
    ScriptBuilder script = new ScriptBuilder();
    for (int i = 0; i < 100; i++) {
      switch (random.nextInt(4)) {
        case 0 -> script.number(random.nextInt(6) - 1);
        case 1 -> script.literal(new byte[random.nextInt(70)]);
        case 2 -> script.number(random.nextLong() >>> random.nextInt(64));
        default -> script.raw(new byte[] {(byte) (0x61 + random.nextInt(0x7b))});
      }
    }
    assertEnds(ShortForm.parse("1 2 3 'abc' 0 -1"), script.build(), limit);
  }

  @Property(tries = 500)
  void aRandomRedeemScriptEndsWithinBounds(
      @ForAll List<Opcode> opcodes, @ForAll @LongRange(max = 1_000_000) long limit) {
    ScriptBuilder redeemScript = new ScriptBuilder();
    opcodes.forEach(redeemScript::op);
    byte[] script = StandardScripts.payToScriptHash(redeemScript.build()).script();
    byte[] arguments = ShortForm.parse("1 2 3 'abc' 0 1 2 1");
    assertEnds(StandardScripts.spendScriptHash(arguments, redeemScript.build()), script, limit);
  }

  private static void assertEnds(byte[] signatureScript, byte[] script, long limit) {
    Spending spending = Spending.of(signatureScript, script);
    UnitMeter meter = new UnitMeter(limit, Spending.UNITS_PER_SIGNATURE);
    ScriptEngine engine =
        new ScriptEngine(
            spending.build(),
            0,
            CovenantContext.EMPTY,
            ChainCommitments.NONE,
            new SignatureVerifier(new SignatureCache(0)),
            meter);
    try {
      engine.execute();
      assertThat(engine.stack.size()).isZero();
    } catch (ScriptException e) {
      assertThat(e.error()).isNotNull();
    }
    assertThat(meter.used()).isBetween(0L, limit);
    assertThat(engine.stack.size() + engine.altStack.size())
        .isLessThanOrEqualTo(ScriptLimits.MAX_STACK_SIZE + MAX_ADDED_BY_AN_OPCODE);
  }

  @Test
  void doublingEndsWithTheLargestElement() {
    String script = "'a' " + "DUP CAT ".repeat(30);

    assertThat(Spending.of("", script).error()).isEqualTo(ScriptError.ELEMENT_TOO_BIG);
  }

  @Test
  void halfAMillionNestedConditionalsTakeNoMemory() {
    byte[] script = new byte[1_000_000];
    Arrays.fill(script, 0, 500_000, (byte) Opcode.OP_IF.code());
    Arrays.fill(script, 500_000, 999_999, (byte) Opcode.OP_ENDIF.code());
    script[999_999] = Opcode.PUSH_1;
    byte[] closed = script.clone();
    closed[0] = (byte) Opcode.OP_NOP.code();

    assertThat(Spending.of("0", "").error()).isEqualTo(ScriptError.EVAL_FALSE);
    assertThat(Spending.of(ShortForm.parse("0"), script).error())
        .isEqualTo(ScriptError.UNBALANCED_CONDITIONAL);
    assertThat(Spending.of(ShortForm.parse("0"), closed).error()).isNull();
  }

  @Test
  void aPushThatClaimsFourGigabytesAllocatesNothing() {
    assertThat(Spending.of("", "0x4e 0xffffffff").error()).isEqualTo(ScriptError.MALFORMED_PUSH);
    assertThat(Spending.of("", "0x4e 0xffff").error()).isEqualTo(ScriptError.MALFORMED_PUSH);
    assertThat(Spending.of("0x4d 0xff", "1").error()).isEqualTo(ScriptError.MALFORMED_PUSH);
  }
}
