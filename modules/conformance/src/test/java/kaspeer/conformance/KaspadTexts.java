package kaspeer.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What kaspad 2.1.0 says when it refuses something, and the rule that is for us. */
final class KaspadTexts {
  private record Row(Pattern text, String rule) {}

  /** Of a transaction, in a mempool or in a block. The first that is found in a text counts. */
  private static final List<Row> OF_TRANSACTIONS =
      rows(
          Map.entry("was already accepted by the consensus", "known in a block"),
          Map.entry("is already in the mempool", "known"),
          Map.entry("is already in the orphan pool", "known"),
          // Policy of mempools.
          Map.entry("already spent by transaction .* in the mempool", "DOUBLE_SPEND"),
          Map.entry(
              "is double spending an input from already existing orphan", "ORPHAN_DOUBLE_SPEND"),
          Map.entry("impossible to have a matching UTXO entry", "IMPOSSIBLE_OUTPOINT"),
          Map.entry("which is under the required amount of .* compute mass", "COMPUTE_FEE_TOO_LOW"),
          Map.entry(
              "which is under the required amount of .* transient mass", "TRANSIENT_FEE_TOO_LOW"),
          Map.entry("version of the scriptPublicKey is higher", "OUTPUT_SCRIPT_VERSION"),
          Map.entry("transaction output #\\d+: non-standard script form", "OUTPUT_SCRIPT_CLASS"),
          Map.entry("transaction input \\d+: non-standard script form", "INPUT_SCRIPT_CLASS"),
          Map.entry("signature operations which is more than the allowed", "TOO_MANY_SIG_OPS"),
          // Form.
          Map.entry("coinbase transaction .* cannot be added", "MULTIPLE_COINBASES"),
          Map.entry("transaction compute mass of", "EXCEEDS_COMPUTE_MASS_LIMIT"),
          Map.entry("transaction transient \\(storage\\) mass of", "EXCEEDS_TRANSIENT_MASS_LIMIT"),
          Map.entry("transaction storage mass of", "EXCEEDS_STORAGE_MASS_LIMIT"),
          Map.entry("transaction gas of", "EXCEEDS_GAS_PER_LANE_LIMIT"),
          Map.entry("transaction has no inputs", "NO_TX_INPUTS"),
          Map.entry("transaction has duplicate inputs", "TX_DUPLICATE_INPUTS"),
          Map.entry("transaction has non-zero gas", "TX_HAS_GAS"),
          Map.entry("transaction version \\d+ is unknown", "UNKNOWN_TX_VERSION"),
          Map.entry("transaction has \\d+ inputs where", "TOO_MANY_INPUTS"),
          Map.entry("transaction has \\d+ outputs where", "TOO_MANY_OUTPUTS"),
          // Both are called a signature script; their limits differ.
          Map.entry("signature script is above 250000 bytes", "TOO_BIG_SIGNATURE_SCRIPT"),
          Map.entry("signature script is above 10000 bytes", "TOO_BIG_SCRIPT_PUBLIC_KEY"),
          Map.entry("transaction input #\\d+ is not finalized", "NOT_FINALIZED"),
          Map.entry("coinbase transaction has \\d+ inputs", "COINBASE_HAS_INPUTS"),
          Map.entry("coinbase transaction has \\d+ outputs", "COINBASE_TOO_MANY_OUTPUTS"),
          Map.entry(
              "script public key of coinbase output .* too long",
              "COINBASE_SCRIPT_PUBLIC_KEY_TOO_LONG"),
          Map.entry("coinbase mass commitment field", "COINBASE_NON_ZERO_MASS_COMMITMENT"),
          Map.entry("transaction output \\d+ has zero value", "TX_OUT_ZERO"),
          Map.entry("transaction output \\d+ value is higher", "TX_OUT_TOO_HIGH"),
          Map.entry("total outputs value", "TOTAL_TX_OUT_TOO_HIGH"),
          Map.entry("neither native nor coinbase", "SUBNETWORKS_DISABLED"),
          Map.entry("has covenant field but transaction version is 0", "COVENANT_BINDING_IN_V0"),
          // What is spent.
          Map.entry("is an orphan where orphan is disallowed", "ORPHAN_NOT_ALLOWED"),
          Map.entry("missing from current utxo context", "MISSING_TX_OUTPOINTS"),
          Map.entry("tried to spend coinbase outpoint", "IMMATURE_COINBASE_SPEND"),
          Map.entry("total inputs spending amount", "INPUT_AMOUNT_TOO_HIGH"),
          Map.entry("tries to spend \\d+ while its total inputs", "SPEND_TOO_HIGH"),
          Map.entry("incomputable", "MASS_INCOMPUTABLE"),
          Map.entry("is not equal to the committed mass field", "WRONG_MASS"),
          Map.entry("sequence locks conditions", "SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET"),
          Map.entry("covenants error", "COVENANTS_ERROR"),
          Map.entry("failed to verify the signature script", "SIGNATURE_INVALID"),
          Map.entry("failed to verify empty signature script", "SIGNATURE_EMPTY"));

  /** Of a block; what is said of its transactions is above. */
  private static final List<Row> OF_BLOCKS =
      rows(
          Map.entry("block is known to be invalid", "KNOWN_INVALID"),
          Map.entry("wrong block version", "WRONG_BLOCK_VERSION"),
          Map.entry("too far into the future", "TIME_TOO_FAR_INTO_THE_FUTURE"),
          Map.entry("block has no parents", "NO_PARENTS"),
          Map.entry("block has too many parents", "TOO_MANY_PARENTS"),
          Map.entry("block has ORIGIN as one of its parents", "ORIGIN_PARENT"),
          Map.entry("block has invalid proof-of-work", "INVALID_POW"),
          Map.entry("block has missing parents", "missing parents"),
          Map.entry("parent \\w+ is invalid", "INVALID_PARENT"),
          Map.entry("parent \\w+ is an ancestor of parent", "INVALID_PARENTS_RELATION"),
          Map.entry("is not in the past of this block", "PRUNING_VIOLATION"),
          Map.entry("expected header daa score", "UNEXPECTED_HEADER_DAA_SCORE"),
          Map.entry("difficulty of \\d+ is not the expected", "UNEXPECTED_DIFFICULTY"),
          Map.entry("expected header blue score", "UNEXPECTED_HEADER_BLUE_SCORE"),
          Map.entry("expected header blue work", "UNEXPECTED_HEADER_BLUE_WORK"),
          Map.entry("block timestamp of \\d+ is not after", "TIME_TOO_OLD"),
          Map.entry("merge set size limit", "MERGE_SET_TOO_BIG"),
          Map.entry("violating bounded merge depth", "VIOLATING_BOUNDED_MERGE_DEPTH"),
          Map.entry("expected indirect parents", "UNEXPECTED_INDIRECT_PARENTS"),
          Map.entry("block has no transactions", "NO_TRANSACTIONS"),
          Map.entry("invalid merkle root", "BAD_MERKLE_ROOT"),
          Map.entry("first transaction is not coinbase", "FIRST_TX_NOT_COINBASE"),
          Map.entry("block has second coinbase", "MULTIPLE_COINBASES"),
          Map.entry("block compute mass", "EXCEEDS_COMPUTE_MASS_LIMIT"),
          Map.entry("block transient storage mass", "EXCEEDS_TRANSIENT_MASS_LIMIT"),
          Map.entry("block persistent storage mass", "EXCEEDS_STORAGE_MASS_LIMIT"),
          Map.entry("block has \\d+ lanes", "EXCEEDS_LANES_PER_BLOCK_LIMIT"),
          Map.entry("block lane \\w+ gas", "EXCEEDS_GAS_PER_LANE_LIMIT"),
          Map.entry("found more than once in the block", "DUPLICATE_TRANSACTIONS"),
          Map.entry("spent more than once on the same block", "DOUBLE_SPEND_IN_SAME_BLOCK"),
          Map.entry("created and spent on the same block", "CHAINED_TRANSACTION"),
          Map.entry("payload length is \\d+ while the minimum", "BAD_COINBASE_PAYLOAD"),
          Map.entry("bad coinbase payload", "BAD_COINBASE_PAYLOAD"),
          Map.entry("coinbase blue score", "BAD_COINBASE_PAYLOAD_BLUE_SCORE"),
          Map.entry("wrong coinbase subsidy", "WRONG_SUBSIDY"),
          // What keeps it off the chain.
          Map.entry("UTXO commitment is invalid", "BAD_UTXO_COMMITMENT"),
          Map.entry("accepted ID merkle root is invalid", "BAD_ACCEPTED_ID_MERKLE_ROOT"),
          Map.entry("coinbase transaction is not built as expected", "BAD_COINBASE_TRANSACTION"),
          Map.entry("expected header pruning point", "WRONG_HEADER_PRUNING_POINT"),
          Map.entry("first direct parent is", "WRONG_SELECTED_PARENT_ORDER"),
          Map.entry("invalid in UTXO context", "INVALID_TRANSACTIONS_IN_UTXO_CONTEXT"));

  private KaspadTexts() {}

  @SafeVarargs
  private static List<Row> rows(Map.Entry<String, String>... table) {
    Map<String, String> byText = new LinkedHashMap<>();
    for (Map.Entry<String, String> row : table) {
      byText.put(row.getKey(), row.getValue());
    }
    return byText.entrySet().stream()
        .map(row -> new Row(Pattern.compile(row.getKey()), row.getValue()))
        .toList();
  }

  /** Our rule or policy for what kaspad says of a transaction. */
  static String ruleOfTransaction(String text) {
    return find(OF_TRANSACTIONS, text);
  }

  /** Our rule for what kaspad says of a block. */
  static String ruleOfBlock(String text) {
    boolean inside =
        text.contains("transaction in isolation validation failed")
            || text.contains("transaction in context validation failed");
    return find(inside ? OF_TRANSACTIONS : OF_BLOCKS, text);
  }

  private static String find(List<Row> table, String text) {
    return table.stream()
        .filter(row -> row.text.matcher(text).find())
        .map(Row::rule)
        .findFirst()
        .orElseThrow(() -> new AssertionError("kaspad's text is in no row: " + text));
  }
}
