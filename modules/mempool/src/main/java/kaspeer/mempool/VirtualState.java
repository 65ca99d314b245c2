package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * What a pool has to know of the DAG: virtual, the block that would be made now. Safe from any
 * thread. The state may move between two calls; a pool hears of that afterwards, through {@link
 * TransactionPool#block} and {@link TransactionPool#chain}.
 */
public interface VirtualState {
  /** DAA score of virtual. */
  long daaScore();

  /** Past median time of virtual, milliseconds since 1970. */
  long pastMedianTime();

  /** An unspent output in virtual's UTXO set, or null. Cheap: no transaction is looked at. */
  @Nullable UtxoEntry utxo(Outpoint outpoint);

  /**
   * Unspent outputs in virtual's UTXO set as it is at one moment.
   *
   * @return one for each, in the same order; null where there is none
   */
  default List<@Nullable UtxoEntry> utxos(List<Outpoint> outpoints) {
    List<@Nullable UtxoEntry> entries = new ArrayList<>(outpoints.size());
    outpoints.forEach(outpoint -> entries.add(utxo(outpoint)));
    return entries;
  }

  /**
   * Checks transactions that do not build on each other, and so may be spread over processors: each
   * is screened, and if nothing is to be said against it, checked in virtual's context, scripts
   * included. The storage mass it commits to is not looked at, for the pool sets it (consensus
   * reference 6.6). What it spends is read once, all at one moment, in which virtual cannot move:
   * so nothing is read for what is refused without. Takes long.
   *
   * @return one for each, in the same order
   */
  List<Check> checkAll(List<Candidate> candidates);

  /**
   * A transaction to check.
   *
   * @param unconfirmed outputs of transactions that wait in the pool, or null; safe from any thread
   * @param screen is asked step by step as more is known, before a script is run
   */
  record Candidate(
      Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed, Screen screen) {
    /** The outputs that the transaction spends, in the order of its inputs. */
    public List<Outpoint> outpoints() {
      return transaction.inputs().stream().map(Transaction.Input::previous).toList();
    }
  }

  /** Tells what can be told of a transaction before a script is run. Safe from any thread. */
  interface Screen {
    /** Says nothing. */
    Screen NONE = new Screen() {};

    /** Why the transaction is not to be checked, whatever it spends, or null. Asked first. */
    default @Nullable Refusal alone() {
      return null;
    }

    /**
     * Why the transaction is not to be checked any further, or null.
     *
     * @param spent what the inputs spend, in their order; null where that is not known
     */
    default @Nullable Refusal refusal(List<@Nullable UtxoEntry> spent) {
      return null;
    }

    /**
     * Why its scripts are not to be run, or null. Asked last.
     *
     * @param otherwise what comes of the check if they succeed
     */
    default @Nullable Refusal priced(Check.Passed otherwise) {
      return null;
    }
  }

  /** What came of a check. */
  sealed interface Check {
    /**
     * A block on virtual may hold it.
     *
     * @param fee in sompi
     * @param computeMass in grams, like the other masses
     */
    record Passed(long fee, long computeMass, long transientMass, long storageMass)
        implements Check {}

    /** These outputs are neither in the UTXO set nor unconfirmed. */
    record Missing(List<Outpoint> outpoints) implements Check {
      public Missing {
        outpoints = List.copyOf(outpoints);
      }
    }

    /**
     * It breaks this rule.
     *
     * @param forNow whether that is known to depend on the place in the chain
     */
    record Broken(Rule rule, String detail, boolean forNow) implements Check {
      public Broken(Rule rule, String detail) {
        this(rule, detail, false);
      }
    }

    /** The screen refused it. */
    record Screened(Refusal refusal) implements Check {}
  }
}
