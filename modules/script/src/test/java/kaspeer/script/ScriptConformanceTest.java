package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.primitives.json.JsonNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The script tests of the reference implementation, all of them (consensus reference 10.5). */
class ScriptConformanceTest {
  private static final int ROWS = 955;
  private static final Hash KNOWN_BLOCK = filled("input_block");
  private static final Hash COMMITMENT = filled("output_root_hash");
  private static final ChainCommitments CHAIN =
      block -> {
        if (!block.equals(KNOWN_BLOCK)) {
          throw new ScriptException(ScriptError.BLOCK_UNKNOWN);
        }
        return COMMITMENT;
      };

  private record Row(String signatureScript, String script, String expected, String comment) {}

  @Test
  void everyScriptOfTheReferenceEndsAsItDoesThere() throws IOException {
    List<Row> rows = rows();
    List<String> wrong = new ArrayList<>();
    for (Row row : rows) {
      ScriptError error = error(row);
      if (!namesOf(error).contains(row.expected)) {
        wrong.add(row + " was " + error);
      }
    }
    assertThat(rows).hasSize(ROWS);
    assertThat(wrong).isEmpty();
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (JsonNode row :
        JsonNode.parse(ConformanceData.read("script/script_tests.json")).elements()) {
      List<String> cells = row.elements().stream().map(JsonNode::asString).toList();
      if (cells.size() > 1) {
        String comment = cells.size() > 4 ? cells.get(4) : "";
        rows.add(new Row(cells.get(0), cells.get(1), cells.get(3), comment));
      }
    }
    return rows;
  }

  private static @Nullable ScriptError error(Row row) {
    byte[] script = ShortForm.parse(row.script);
    Transaction funding =
        new Spending()
            .input(
                new Input(new Outpoint(Hash.ZERO, -1), new byte[2], -1L, 20),
                Spending.entry(new byte[0]))
            .output(0, script, null)
            .transaction();
    Input spender =
        new Input(new Outpoint(funding.id(), 0), ShortForm.parse(row.signatureScript), -1L, 20);
    return new Spending()
        .input(spender, new UtxoEntry(0, new ScriptPublicKey(0, script), 0, true, null))
        .output(0, new byte[0], null)
        .chain(CHAIN)
        .error();
  }

  /** What the data calls an error; some names it uses for one are those of Bitcoin's. */
  private static Set<String> namesOf(@Nullable ScriptError error) {
    if (error == null) {
      return Set.of("OK");
    }
    return switch (error) {
      case NUMBER_TOO_BIG,
          NUMBER_OVERFLOW,
          NUMBER_NOT_ENCODABLE,
          INVALID_NUMBER_SIZE,
          DIVISION_BY_ZERO,
          OPERAND_LENGTH_MISMATCH,
          INVALID_INDEX,
          RANGE_OUT_OF_BOUNDS,
          NO_SUCH_COVENANT_INPUT,
          NO_SUCH_COVENANT_OUTPUT,
          NO_SUCH_AUTHORIZED_OUTPUT,
          INVALID_MESSAGE_LENGTH ->
          Set.of("UNKNOWN_ERROR");
      case MALFORMED_PUSH, RESERVED_OPCODE, INVALID_OPCODE -> Set.of("BAD_OPCODE");
      case EMPTY_STACK ->
          Set.of(
              "EMPTY_STACK", "EVAL_FALSE", "UNBALANCED_CONDITIONAL", "INVALID_ALTSTACK_OPERATION");
      case STACK_UNDERFLOW, INVALID_STACK_DEPTH ->
          Set.of("INVALID_STACK_OPERATION", "INVALID_ALTSTACK_OPERATION");
      case VERIFY_FAILED -> Set.of("VERIFY", "EQUALVERIFY");
      case MALFORMED_PUBLIC_KEY -> Set.of("PUBKEYFORMAT");
      case MALFORMED_SIGNATURE -> Set.of("INVALID_SIG");
      case INVALID_HASH_TYPE -> Set.of("SIG_HASHTYPE");
      case SIGNATURE_SCRIPT_NOT_PUSH_ONLY -> Set.of("SIG_PUSHONLY");
      case UNCLEAN_STACK -> Set.of("CLEANSTACK");
      case EARLY_RETURN -> Set.of("OP_RETURN");
      case DISABLED_OPCODE -> Set.of("DISABLED_OPCODE");
      case ELEMENT_TOO_BIG -> Set.of("PUSH_SIZE");
      case INVALID_HASH_KEY_LENGTH -> Set.of("PUSH_SIZE", "BAD_OPCODE");
      case TOO_MANY_OPERATIONS -> Set.of("OP_COUNT");
      case STACK_OVERFLOW -> Set.of("STACK_SIZE");
      case INVALID_KEY_COUNT -> Set.of("PUBKEY_COUNT");
      case INVALID_SIGNATURE_COUNT -> Set.of("SIG_COUNT");
      case UNSATISFIED_LOCK_TIME -> Set.of("UNSATISFIED_LOCKTIME");
      case SCRIPT_TOO_LONG -> Set.of("SCRIPT_SIZE");
      case NULL_FAIL -> Set.of("NULLFAIL");
      case EVAL_FALSE, UNBALANCED_CONDITIONAL -> Set.of(error.name());
      default -> Set.of();
    };
  }

  private static Hash filled(String text) {
    byte[] bytes = new byte[Hash.SIZE];
    Arrays.fill(bytes, (byte) 'f');
    byte[] start = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, bytes, 0, start.length);
    return Hash.of(bytes);
  }
}
