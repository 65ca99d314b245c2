package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kaspeer.consensus.Rule;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a pool has to know of the DAG: virtual, the block that would be made now. The state may move
 * between two calls; a pool hears of that afterwards, through {@link Mempool#onBlock} and {@link
 * Mempool#onChainChanged}.
 */
public interface VirtualState {
  /** DAA score of virtual. */
  long daaScore();

  /** Past median time of virtual, milliseconds since 1970. */
  long pastMedianTime();

  /** An unspent output in virtual's UTXO set, or null. Cheap: no transaction is looked at. */
  @Nullable UtxoEntry utxo(Outpoint outpoint);

  /**
   * Checks a transaction in virtual's context, scripts included; the storage mass it commits to is
   * not looked at, for the pool sets it (consensus reference 6.6).
   *
   * @param unconfirmed outputs of transactions that wait in the pool, or null; safe from any thread
   */
  Check check(Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed);

  /**
   * Checks transactions that do not build on each other, and so may be spread over processors.
   *
   * @return one for each, in the same order
   */
  default List<Check> checkAll(List<Candidate> candidates) {
    List<Check> checks = new ArrayList<>(candidates.size());
    for (Candidate candidate : candidates) {
      checks.add(check(candidate.transaction, candidate.unconfirmed));
    }
    return checks;
  }

  /** A transaction to check; for the function see {@link #check}. */
  record Candidate(Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed) {}

  /** What came of a check. */
  sealed interface Check {
    /**
     * A block on virtual may hold it.
     *
     * @param fee in sompi
     * @param computeMass in grams, like the other masses
     * @param spent what the inputs spend, in their order
     */
    record Passed(
        long fee, long computeMass, long transientMass, long storageMass, List<UtxoEntry> spent)
        implements Check {
      public Passed {
        spent = List.copyOf(spent);
      }
    }

    /** These outputs are neither in the UTXO set nor unconfirmed. */
    record Missing(List<Outpoint> outpoints) implements Check {
      public Missing {
        outpoints = List.copyOf(outpoints);
      }
    }

    /** It breaks this rule. */
    record Broken(Rule rule, String detail) implements Check {}
  }
}
