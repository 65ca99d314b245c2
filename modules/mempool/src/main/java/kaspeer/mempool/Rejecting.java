package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.body.OutpointMap;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.mempool.VirtualState.Screen;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.UtxoEntry;

/**
 * Transactions that a block template found not valid. Those that virtual has accepted, or cannot
 * any more, go at once; the others are checked again. One that passes stays, for virtual may have
 * moved meanwhile; but while the chain stands still only so often, unless it has high priority.
 */
final class Rejecting implements Work<List<Hash>> {
  /** So often a template may refuse what our own check passes. */
  private static final int MAX_REJECTIONS = 3;

  private final Pool pool;
  private final Settlement settlement;
  private final Counters counters;
  private final List<Entry> open = new ArrayList<>();
  private final List<Hash> gone = new ArrayList<>();
  private boolean asked;

  Rejecting(
      List<Hash> ids, Pool pool, Settlement settlement, Counters counters, VirtualState virtual) {
    this.pool = pool;
    this.settlement = settlement;
    this.counters = counters;
    if (settlement.isReturning()) {
      return;
    }
    gone.addAll(settlement.sweep(ids, virtual));
    for (Hash id : ids) {
      Entry entry = pool.get(id);
      if (entry != null) {
        open.add(entry);
      }
    }
  }

  @Override
  public List<Candidate> next() {
    if (asked) {
      return List.of();
    }
    asked = true;
    return open.stream().map(this::candidate).toList();
  }

  private Candidate candidate(Entry entry) {
    OutpointMap<UtxoEntry> unconfirmed = new OutpointMap<>(0);
    for (Input input : entry.transaction.inputs()) {
      Entry parent = pool.get(input.previous().transactionId());
      UtxoEntry output = parent == null ? null : Pool.output(parent, input.previous());
      if (output != null) {
        unconfirmed.putIfAbsent(input.previous(), output);
      }
    }
    return new Candidate(entry.transaction, unconfirmed::get, Screen.NONE);
  }

  @Override
  public void checked(List<Check> checks) {
    for (int i = 0; i < open.size(); i++) {
      Entry entry = open.get(i);
      if (pool.get(entry.id()) == entry && !stays(entry, checks.get(i))) {
        gone.addAll(pool.removeAll(Pool.withDescendants(entry)));
      }
    }
  }

  private boolean stays(Entry entry, Check check) {
    return switch (check) {
      case Check.Broken _ -> false;
      case Check.Passed _ -> {
        entry.rejections = entry.rejectedAt == settlement.moves() ? entry.rejections + 1 : 1;
        entry.rejectedAt = settlement.moves();
        yield entry.high || entry.rejections < MAX_REJECTIONS;
      }
      // Whoever spent it, or is to bring it back, will be told of.
      case Check.Missing _, Check.Screened _ -> true;
    };
  }

  @Override
  public List<Hash> result() {
    counters.count(MempoolCount.REJECTED, gone.size());
    return gone;
  }
}
