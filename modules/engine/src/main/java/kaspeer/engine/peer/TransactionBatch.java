package kaspeer.engine.peer;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.wire.WireLimits;

/** Ids of accepted transactions that wait to be announced together. */
public final class TransactionBatch {
  private final Set<Hash> waiting = new LinkedHashSet<>();

  /** Adds ids. Returns whether they are as many as one message takes, and must go now. */
  public boolean add(List<Hash> ids) {
    waiting.addAll(ids);
    return waiting.size() >= WireLimits.MAX_TRANSACTION_IDS;
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** At most as many as one message takes, in the order in which they came. */
  public List<Hash> take() {
    List<Hash> taken = waiting.stream().limit(WireLimits.MAX_TRANSACTION_IDS).toList();
    taken.forEach(waiting::remove);
    return taken;
  }
}
