package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the engine of kaspad 2.1.0 (crate {@code kaspa-txscript}) made of random scripts, two that
 * end and one that fails for each opcode, on the transaction below.
 *
 * <p>A line has the opcode, a script, and either the script units it used and the stack it left,
 * top last, or the name of kaspad's error.
 */
class KaspadOpcodesTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String ERROR = "error";

  /** Which of the inputs runs the script. */
  static final int INPUT = 1;

  record Case(String opcode, byte[] script, String outcome, String stack) {
    @Override
    public String toString() {
      return opcode + " " + HEX.formatHex(script);
    }
  }

  private static Hash hash(int fill) {
    long word = fill * 0x0101010101010101L;
    return Hash.ofWords(word, word, word, word);
  }

  /**
   * By the first byte of a block's hash: unknown, beside the chain, too deep, or with a commitment
   * of that byte.
   */
  static final ChainCommitments CHAIN =
      block -> {
        int first = block.toBytes()[0] & 0xFF;
        return switch (first % 4) {
          case 0 -> throw new ScriptException(ScriptError.BLOCK_UNKNOWN, "0");
          case 1 -> throw new ScriptException(ScriptError.BLOCK_NOT_ON_CHAIN, "1");
          case 2 -> throw new ScriptException(ScriptError.BLOCK_TOO_DEEP, "2");
          default -> hash(first);
        };
      };

  /** Three inputs, of which the second one's entry has a script, and three outputs. */
  static Spending spending(byte[] script) {
    Hash covenant = hash(0xC0);
    byte[] subnetwork = new byte[SubnetworkId.SIZE];
    subnetwork[0] = 7;
    byte[] payload = {1, 2, 3, 4, 5};
    Spending spending =
        new Spending().lockTime(1234).subnetwork(SubnetworkId.of(subnetwork), 55, payload);
    for (int i = 0; i < 3; i++) {
      byte[] signatureScript = i == INPUT ? new byte[0] : new byte[] {0x51, (byte) (0x52 + i)};
      byte[] spent = i == INPUT ? script : new byte[] {0x53, 0x54, 0x55};
      spending.input(
          new Input(new Outpoint(hash(0x10 + i), 3 * i), signatureScript, 40 + i, 1000),
          new UtxoEntry(
              1_000_000L * (i + 1),
              new ScriptPublicKey(0, spent),
              77 + i,
              i == 0,
              i == 2 ? null : covenant));
    }
    spending.outputs.add(new Output(5, new ScriptPublicKey(0, new byte[] {1, 2}), null));
    for (int i = 0; i < 2; i++) {
      spending.outputs.add(
          new Output(
              600 + i, new ScriptPublicKey(0, new byte[] {0x51}), new Covenant(i, covenant)));
    }
    return spending;
  }

  static Stream<Case> cases() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    KaspadOpcodesTest.class.getResourceAsStream("/kaspad/opcodes.txt")),
                StandardCharsets.US_ASCII))) {
      return lines
          .lines()
          .map(line -> line.split(" ", -1))
          .map(word -> new Case(word[0], HEX.parseHex(word[1]), word[2], word[3]))
          .toList()
          .stream();
    }
  }

  /** The elements, bottom first. */
  private static String stack(ScriptEngine engine) throws ScriptException {
    Deque<String> elements = new ArrayDeque<>();
    while (engine.stack.size() > 0) {
      elements.addFirst(HEX.formatHex(engine.stack.pop()));
    }
    return String.join(",", elements);
  }

  private static ScriptEngine engine(Spending spending, UnitMeter meter) {
    SignatureVerifier verifier = new SignatureVerifier(new SignatureCache(0));
    return new ScriptEngine(spending.build(), INPUT, spending.covenants(), CHAIN, verifier, meter);
  }

  /**
   * That of zero-knowledge proofs is not here yet; the others only ever fail, or need another one.
   */
  private static final Set<Opcode> WITHOUT_END =
      EnumSet.of(
          Opcode.OP_ZKPRECOMPILE,
          Opcode.OP_VER,
          Opcode.OP_RETURN,
          Opcode.OP_RESERVED1,
          Opcode.OP_RESERVED2,
          Opcode.OP_INVALID,
          Opcode.OP_ELSE,
          Opcode.OP_ENDIF,
          Opcode.OP_CHECKSIGVERIFY);

  @Test
  void everyOpcodeThatCanEndIsThere() throws IOException {
    Set<String> there =
        cases()
            .filter(one -> !one.outcome.equals(ERROR))
            .map(Case::opcode)
            .collect(Collectors.toSet());
    assertThat(Stream.of(Opcode.values()))
        .filteredOn(opcode -> opcode.kind() == Opcode.Kind.NORMAL)
        .filteredOn(opcode -> !WITHOUT_END.contains(opcode))
        .extracting(Opcode::name)
        .isSubsetOf(there);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aScriptEndsAsInKaspad(Case one) throws ScriptException {
    UnitMeter meter = new UnitMeter(UnitMeter.UNLIMITED, Spending.UNITS_PER_SIGNATURE);
    ScriptEngine engine = engine(spending(one.script), meter);
    // All leave two elements or more, so that none can spend: the stack is what counts.
    ScriptException end = catchThrowableOfType(ScriptException.class, engine::execute);
    if (one.outcome.equals(ERROR)) {
      assertThat(end.error()).as(one.stack).isNotEqualTo(ScriptError.UNCLEAN_STACK);
    } else {
      assertThat(end.error()).isEqualTo(ScriptError.UNCLEAN_STACK);
      assertThat(meter.used()).isEqualTo(Long.parseLong(one.outcome));
      assertThat(stack(engine)).isEqualTo(one.stack);
    }
  }
}
