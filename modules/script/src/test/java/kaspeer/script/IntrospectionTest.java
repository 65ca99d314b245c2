package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What scripts see of their transaction (consensus reference 6.8.3, b2 to d6). */
class IntrospectionTest {
  private static final String SUBNETWORK = "0011223300000000000000000000000000000000";

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "TXVERSION, 1",
    "TXINPUTCOUNT, 2",
    "TXOUTPUTCOUNT, 2",
    "TXLOCKTIME, 77",
    "TXGAS, -5",
    "TXINPUTINDEX, 0",
    "TXPAYLOADLEN, 4",
    "0 OUTPOINTINDEX, 4294967295",
    "1 OUTPOINTINDEX, 7",
    "0 TXINPUTAMOUNT, 1000",
    "1 TXINPUTDAASCORE, -1",
    "0 TXINPUTDAASCORE, 12",
    "0 TXINPUTISCOINBASE, 1",
    "1 TXINPUTISCOINBASE, 0",
    "1 TXINPUTSPKLEN, 5",
    "1 TXINPUTSCRIPTSIGLEN, 3",
    "0 TXOUTPUTAMOUNT, 300",
    "1 TXOUTPUTSPKLEN, 4"
  })
  void aNumberIsSeen(String query, long expected) {
    assertThat(spending(query + " " + expected + " NUMEQUAL").error()).isNull();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "TXSUBNETID, " + SUBNETWORK,
    "0 4 TXPAYLOADSUBSTR, 01020304",
    "1 3 TXPAYLOADSUBSTR, 0203",
    "4 4 TXPAYLOADSUBSTR, ''",
    "1 OUTPOINTTXID, 0000000000000000000000000000000000000000000000000000000000000009",
    "1 0 3 TXINPUTSCRIPTSIGSUBSTR, aabbcc",
    "1 1 2 TXINPUTSCRIPTSIGSUBSTR, bb",
    "1 TXINPUTSEQ, 0100000000000080",
    "1 TXINPUTSPK, 1234ddeeff",
    "1 1 4 TXINPUTSPKSUBSTR, 34ddee",
    "1 TXOUTPUTSPK, 0001aabb",
    "1 0 3 TXOUTPUTSPKSUBSTR, 0001aa"
  })
  void bytesAreSeen(String query, String expected) {
    byte[] script =
        new ScriptBuilder()
            .raw(ShortForm.parse(query))
            .literal(HexFormat.of().parseHex(expected))
            .op(Opcode.OP_EQUAL)
            .build();
    assertThat(spending(script).error()).isNull();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "2 TXINPUTAMOUNT, NO_SUCH_INPUT",
    "2 TXINPUTSPK, NO_SUCH_INPUT",
    "2 TXINPUTSEQ, NO_SUCH_INPUT",
    "2 0 0 TXINPUTSPKSUBSTR, NO_SUCH_INPUT",
    "2 AUTHOUTPUTCOUNT, NO_SUCH_INPUT",
    "2 TXOUTPUTAMOUNT, NO_SUCH_OUTPUT",
    "2 OUTPUTCOVENANTID, NO_SUCH_OUTPUT",
    "-1 TXOUTPUTSPK, INVALID_INDEX",
    "0 -1 0 TXINPUTSPKSUBSTR, INVALID_INDEX",
    "2147483648 TXINPUTSPK, NUMBER_TOO_BIG",
    "1 TXINPUTAMOUNT, NUMBER_TOO_BIG",
    "1 TXOUTPUTAMOUNT, NUMBER_TOO_BIG",
    "3 2 TXPAYLOADSUBSTR, INVALID_RANGE",
    "0 5 TXPAYLOADSUBSTR, RANGE_OUT_OF_BOUNDS",
    "0 1000001 TXPAYLOADSUBSTR, ELEMENT_TOO_BIG",
    "1 0 6 TXINPUTSPKSUBSTR, RANGE_OUT_OF_BOUNDS",
    "TXINPUTSPK, STACK_UNDERFLOW",
    "0 0 TXINPUTSPKSUBSTR, STACK_UNDERFLOW"
  })
  void whatIsNotThereCannotBeSeen(String query, ScriptError error) {
    assertThat(spending(query).error()).isEqualTo(error);
  }

  @Test
  void aLockTimeOfTheSmallestNumberCannotBePushed() {
    Spending spending = Spending.of("", "TXLOCKTIME").lockTime(Long.MIN_VALUE);

    assertThat(spending.error()).isEqualTo(ScriptError.NUMBER_NOT_ENCODABLE);
  }

  @Test
  void theSequencingCommitmentIsThatOfTheBlockOnTheStack() {
    Hash block = Spending.hash(3);
    Hash commitment = Spending.hash(4);
    String script = "0x20 0x" + block + " CHAINBLOCKSEQCOMMIT 0x20 0x" + commitment + " EQUAL";
    ChainCommitments chain = asked -> asked.equals(block) ? commitment : Hash.ZERO;

    assertThat(Spending.of("", script).chain(chain).error()).isNull();
    assertThat(Spending.of("", script).error()).isEqualTo(ScriptError.BLOCK_UNKNOWN);
  }

  @ParameterizedTest(name = "{0} against lock time {1}, sequence {2}: {3}")
  @CsvSource({
    "100, 100, 0, true",
    "99, 100, 0, true",
    "101, 100, 0, false",
    "100, 100, -1, false",
    "499999999999, 500000000000, 0, false",
    "500000000000, 500000000000, 0, true",
    "500000000000, -1, 0, true"
  })
  void theLockTimeMustBeAtLeastThatOfTheScript(
      long wanted, long lockTime, long sequence, boolean satisfied) {
    Spending spending =
        Spending.of("", wanted + " CHECKLOCKTIMEVERIFY 1").lockTime(lockTime).sequence(sequence);

    assertThat(spending.error()).isEqualTo(satisfied ? null : ScriptError.UNSATISFIED_LOCK_TIME);
  }

  @ParameterizedTest(name = "{0} against sequence {1}: {2}")
  @CsvSource({
    "0x0105, 5, true",
    "0x0105, 4, false",
    "0x0105, -9223372036854775808, false",
    "0x080500000000000080, -1, true",
    "0x08ffffffff00000000, 4294967295, true",
    "0x050500000001, 5, true"
  })
  void theSequenceMustBeAtLeastThatOfTheScript(String wanted, long sequence, boolean satisfied) {
    Spending spending = Spending.of("", wanted + " CHECKSEQUENCEVERIFY 1").sequence(sequence);

    assertThat(spending.error()).isEqualTo(satisfied ? null : ScriptError.UNSATISFIED_LOCK_TIME);
  }

  @ParameterizedTest
  @CsvSource({"CHECKLOCKTIMEVERIFY", "CHECKSEQUENCEVERIFY"})
  void aLockHasAtMostEightBytes(String opcode) {
    assertThat(Spending.of("", "0x09 0x" + "00".repeat(9) + " " + opcode).error())
        .isEqualTo(ScriptError.NUMBER_TOO_BIG);
  }

  private static Spending spending(String script) {
    return spending(ShortForm.parse(script));
  }

  private static Spending spending(byte[] script) {
    Spending spending = new Spending().lockTime(77);
    spending.subnetwork(
        SubnetworkId.of(HexFormat.of().parseHex(SUBNETWORK)), -5, new byte[] {1, 2, 3, 4});
    spending.input(
        new Input(new Outpoint(Spending.hash(8), -1), new byte[0], 0, 0),
        new UtxoEntry(1000, new ScriptPublicKey(0, script), 12, true, null));
    spending.input(
        new Input(new Outpoint(Spending.hash(9), 7), hex("aabbcc"), 1 | 1L << 63, 0),
        new UtxoEntry(-1, new ScriptPublicKey(0x1234, hex("ddeeff")), -1, false, null));
    spending.output(300, hex("51"), null);
    spending.outputs.add(new Output(-2, new ScriptPublicKey(1, hex("aabb")), null));
    return spending;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
