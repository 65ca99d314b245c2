package kaspeer.mempool;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import org.jspecify.annotations.Nullable;

/**
 * What transactions spend that blocks hold, or held, which virtual has not accepted yet: when it
 * does, only their ids are told. Those that were met first are forgotten beyond a bound.
 */
final class Unmerged {
  /** Id, list, place in the map. */
  private static final long FIXED_BYTES = 160;

  /** Outpoint, hash, place in the list. */
  private static final long OUTPOINT_BYTES = 80;

  private final Map<Hash, List<Outpoint>> spentBy = new LinkedHashMap<>();
  private final long maxBytes;
  private long bytes;

  Unmerged(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  void add(Transaction transaction) {
    List<Outpoint> spent = transaction.inputs().stream().map(Input::previous).toList();
    if (spentBy.putIfAbsent(transaction.id(), spent) == null) {
      bytes += bytes(spent);
    }
    while (bytes > maxBytes) {
      take(spentBy.keySet().iterator().next());
    }
  }

  /** Forgets a transaction; returns what it spends, or null if it is not known. */
  @Nullable List<Outpoint> take(Hash id) {
    List<Outpoint> spent = spentBy.remove(id);
    if (spent != null) {
      bytes -= bytes(spent);
    }
    return spent;
  }

  private static long bytes(List<Outpoint> spent) {
    return FIXED_BYTES + spent.size() * OUTPOINT_BYTES;
  }
}
