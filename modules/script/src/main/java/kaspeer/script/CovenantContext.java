package kaspeer.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kaspeer.primitives.CovenantId;
import kaspeer.primitives.CovenantId.IndexedOutput;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;

/**
 * Which inputs and outputs of a transaction belong to which covenant (KIP-20, consensus reference
 * 6.8.6). An output with a covenant continues it if the input that authorizes it spends an output
 * of the same covenant, and otherwise begins it; beginnings are checked and then of no interest to
 * scripts. Immutable.
 */
public final class CovenantContext {
  /** Of a transaction without covenants. */
  public static final CovenantContext EMPTY = new CovenantContext(Map.of(), Map.of());

  private static final Members NO_MEMBERS = new Members(List.of(), List.of());

  /** Input to the outputs it authorizes. */
  private final Map<Integer, List<Integer>> authorized;

  private final Map<Hash, Members> members;

  /** The inputs and outputs of one covenant, ascending. */
  private record Members(List<Integer> inputs, List<Integer> outputs) {
    Members() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  /** The beginning of a covenant. */
  private record Genesis(int input, Hash covenantId) implements Comparable<Genesis> {
    @Override
    public int compareTo(Genesis other) {
      return input != other.input
          ? Integer.compare(input, other.input)
          : covenantId.compareTo(other.covenantId);
    }
  }

  private CovenantContext(Map<Integer, List<Integer>> authorized, Map<Hash, Members> members) {
    this.authorized = authorized;
    this.members = members;
  }

  /**
   * The covenants of a transaction.
   *
   * @param spent the entries that its inputs spend, in order
   * @throws CovenantException if an output has no right to its covenant
   */
  public static CovenantContext of(Transaction transaction, List<UtxoEntry> spent)
      throws CovenantException {
    if (isWithoutCovenants(transaction, spent)) {
      return EMPTY;
    }
    Map<Integer, List<Integer>> authorized = new HashMap<>();
    Map<Hash, Members> members = new HashMap<>();
    for (int i = 0; i < spent.size(); i++) {
      Hash id = spent.get(i).covenantId();
      if (id != null) {
        members.computeIfAbsent(id, x -> new Members()).inputs.add(i);
      }
    }
    Map<Genesis, List<IndexedOutput>> beginnings = new TreeMap<>();
    List<Output> outputs = transaction.outputs();
    for (int i = 0; i < outputs.size(); i++) {
      Covenant covenant = outputs.get(i).covenant();
      if (covenant == null) {
        continue;
      }
      int input = covenant.authorizingInput();
      Hash id = covenant.covenantId();
      if (input >= spent.size()) {
        throw new CovenantException(
            CovenantException.Fault.NO_SUCH_AUTHORIZING_INPUT,
            "output " + i + " is authorized by input " + input + " of " + spent.size());
      }
      Members own = members.get(id);
      Hash inputsOwn = spent.get(input).covenantId();
      if (own != null && inputsOwn != null && inputsOwn.equals(id)) {
        own.outputs.add(i);
        authorized.computeIfAbsent(input, x -> new ArrayList<>()).add(i);
      } else {
        beginnings
            .computeIfAbsent(new Genesis(input, id), x -> new ArrayList<>())
            .add(new IndexedOutput(i, outputs.get(i)));
      }
    }
    checkBeginnings(transaction, beginnings);
    return new CovenantContext(authorized, members);
  }

  private static boolean isWithoutCovenants(Transaction transaction, List<UtxoEntry> spent) {
    for (Output output : transaction.outputs()) {
      if (output.covenant() != null) {
        return false;
      }
    }
    for (UtxoEntry entry : spent) {
      if (entry.covenantId() != null) {
        return false;
      }
    }
    return true;
  }

  private static void checkBeginnings(
      Transaction transaction, Map<Genesis, List<IndexedOutput>> beginnings)
      throws CovenantException {
    for (Map.Entry<Genesis, List<IndexedOutput>> beginning : beginnings.entrySet()) {
      Genesis genesis = beginning.getKey();
      Outpoint outpoint = transaction.inputs().get(genesis.input).previous();
      if (!CovenantId.of(outpoint, beginning.getValue()).equals(genesis.covenantId)) {
        throw new CovenantException(
            CovenantException.Fault.WRONG_COVENANT_ID,
            "the outputs authorized by input "
                + genesis.input
                + " do not begin a covenant "
                + genesis.covenantId);
      }
    }
  }

  /** How many outputs an input authorizes. */
  int authorizedCount(int input) {
    return authorized.getOrDefault(input, List.of()).size();
  }

  /** The output that is the {@code k}-th an input authorizes, from 0. */
  int authorizedOutput(int input, int k) throws ScriptException {
    return get(authorized.getOrDefault(input, List.of()), k, ScriptError.NO_SUCH_AUTHORIZED_OUTPUT);
  }

  int inputCount(Hash covenantId) {
    return of(covenantId).inputs.size();
  }

  /** The {@code k}-th input of a covenant, from 0. */
  int input(Hash covenantId, int k) throws ScriptException {
    return get(of(covenantId).inputs, k, ScriptError.NO_SUCH_COVENANT_INPUT);
  }

  int outputCount(Hash covenantId) {
    return of(covenantId).outputs.size();
  }

  /** The {@code k}-th output that continues a covenant, from 0. */
  int output(Hash covenantId, int k) throws ScriptException {
    return get(of(covenantId).outputs, k, ScriptError.NO_SUCH_COVENANT_OUTPUT);
  }

  private Members of(Hash covenantId) {
    return members.getOrDefault(covenantId, NO_MEMBERS);
  }

  private static int get(List<Integer> indices, int k, ScriptError error) throws ScriptException {
    if (k >= indices.size()) {
      throw new ScriptException(error, k + " of " + indices.size());
    }
    return indices.get(k);
  }
}
