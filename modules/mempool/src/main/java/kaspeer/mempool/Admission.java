package kaspeer.mempool;

import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;

/** What became of a transaction that was handed in. */
public sealed interface Admission {
  /** The id of the transaction. */
  Hash id();

  /**
   * It is in the pool.
   *
   * @param replaced what it replaced, and all that built on those
   * @param evicted what had to go to make room
   * @param redeemed what became of orphans that had waited for it, or for one of these, in order;
   *     an accepted one has no such list of its own
   */
  record Accepted(Hash id, List<Hash> replaced, List<Hash> evicted, List<Admission> redeemed)
      implements Admission {
    public Accepted {
      replaced = List.copyOf(replaced);
      evicted = List.copyOf(evicted);
      redeemed = List.copyOf(redeemed);
    }
  }

  /** It waits for transactions that make these outputs. */
  record Orphaned(Hash id, List<Outpoint> missing) implements Admission {
    public Orphaned {
      missing = List.copyOf(missing);
    }
  }

  /** It is here already, or ({@code inBlock}) a block held it lately. */
  record Known(Hash id, boolean inBlock) implements Admission {}

  /** It is not taken. */
  sealed interface Refusal extends Admission {
    /** The name of the {@link Rule} or the {@link Policy}. */
    String reason();

    /** What exactly, for people. */
    String detail();
  }

  /** No block may ever hold it, in this form: others may have it with good signatures. */
  record Invalid(Hash id, Rule rule, String detail) implements Refusal {
    @Override
    public String reason() {
      return rule.name();
    }
  }

  /** No block may hold it now; that will change, or we cannot say. */
  record NotYet(Hash id, Rule rule, String detail) implements Refusal {
    @Override
    public String reason() {
      return rule.name();
    }
  }

  /** Our policy does not take it; consensus may. */
  record NonStandard(Hash id, Policy policy, String detail) implements Refusal {
    @Override
    public String reason() {
      return policy.name();
    }
  }

  /**
   * A transaction of the pool spends the same output, and stays; or this one is an orphan, and
   * another that waits spends the same.
   *
   * @param policy why it stays
   */
  record DoubleSpend(Hash id, Policy policy, Hash conflict, Outpoint outpoint) implements Refusal {
    @Override
    public String reason() {
      return policy.name();
    }

    @Override
    public String detail() {
      return "spends output "
          + Integer.toUnsignedString(outpoint.index())
          + " of "
          + outpoint.transactionId()
          + ", as "
          + conflict
          + " does";
    }
  }

  /** There is no room for it among those of higher fee rate. */
  record Full(Hash id) implements Refusal {
    @Override
    public String reason() {
      return Policy.POOL_FULL.name();
    }

    @Override
    public String detail() {
      return "the pool is full of transactions that pay more";
    }
  }
}
