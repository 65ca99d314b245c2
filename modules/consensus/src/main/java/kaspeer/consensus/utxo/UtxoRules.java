package kaspeer.consensus.utxo;

import java.util.List;
import java.util.OptionalLong;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.Params;
import kaspeer.primitives.Sequence;
import kaspeer.primitives.Sompi;
import kaspeer.primitives.StorageMass;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.CovenantContext;
import kaspeer.script.CovenantException;
import kaspeer.script.SpendingTransaction;

/**
 * What must hold for a transaction that passed the rules without UTXO state, given what it spends
 * (consensus reference 6.6, but for its scripts). Safe from any thread.
 */
public final class UtxoRules {
  private final Params params;

  public UtxoRules(Params params) {
    this.params = params;
  }

  /**
   * Checks a transaction as part of a block, which commits to its storage mass; the first rule it
   * breaks counts.
   *
   * @param spent the entries of its inputs, in their order
   * @param povDaaScore DAA score of the block that accepts it
   * @throws RuleException if it breaks one
   */
  public Spend check(Transaction transaction, List<UtxoEntry> spent, long povDaaScore)
      throws RuleException {
    long fee = checkAmounts(transaction, spent, povDaaScore);
    long mass = storageMass(transaction, spent);
    if (transaction.storageMass() != mass) {
      throw broken(
          Rule.WRONG_MASS,
          transaction,
          "commits to storage mass "
              + Long.toUnsignedString(transaction.storageMass())
              + ", it has "
              + Long.toUnsignedString(mass));
    }
    return checkRest(transaction, spent, povDaaScore, fee, mass);
  }

  /**
   * Checks a transaction that is in no block yet, whatever storage mass it states; the first rule
   * it breaks counts.
   *
   * @param spent the entries of its inputs, in their order; those that no block has accepted have
   *     the score {@link UtxoEntry#UNACCEPTED}
   * @param povDaaScore DAA score of the virtual block
   * @throws RuleException if it breaks one
   */
  public Spend checkUncommitted(Transaction transaction, List<UtxoEntry> spent, long povDaaScore)
      throws RuleException {
    long fee = checkAmounts(transaction, spent, povDaaScore);
    return checkRest(transaction, spent, povDaaScore, fee, storageMass(transaction, spent));
  }

  private long checkAmounts(Transaction transaction, List<UtxoEntry> spent, long povDaaScore)
      throws RuleException {
    checkMaturity(transaction, spent, povDaaScore);
    long in = inputAmount(transaction, spent);
    long out = 0;
    for (Output output : transaction.outputs()) {
      out += output.value(); // their sum was found to be at most Sompi.MAX
    }
    if (out > in) {
      throw broken(
          Rule.SPEND_TOO_HIGH, transaction, "makes outputs of " + out + " sompi from " + in);
    }
    return in - out;
  }

  private void checkMaturity(Transaction transaction, List<UtxoEntry> spent, long povDaaScore)
      throws RuleException {
    for (int i = 0; i < spent.size(); i++) {
      UtxoEntry entry = spent.get(i);
      if (entry.coinbase()
          && Long.compareUnsigned(entry.blockDaaScore() + params.coinbaseMaturity(), povDaaScore)
              > 0) {
        throw broken(
            Rule.IMMATURE_COINBASE_SPEND,
            transaction,
            "input "
                + i
                + ": spends a coinbase of DAA score "
                + Long.toUnsignedString(entry.blockDaaScore())
                + " at "
                + Long.toUnsignedString(povDaaScore)
                + ", which takes "
                + params.coinbaseMaturity());
      }
    }
  }

  private static long inputAmount(Transaction transaction, List<UtxoEntry> spent)
      throws RuleException {
    long total = 0;
    for (UtxoEntry entry : spent) {
      // Each is at most Sompi.MAX, as all outputs are, so the sum stays below 2^63.
      total += entry.amount();
      if (total > Sompi.MAX) {
        throw broken(
            Rule.INPUT_AMOUNT_TOO_HIGH,
            transaction,
            "spends " + total + " sompi and more, at most " + Sompi.MAX);
      }
    }
    return total;
  }

  private long storageMass(Transaction transaction, List<UtxoEntry> spent) throws RuleException {
    OptionalLong mass = StorageMass.of(transaction, spent, params);
    if (mass.isEmpty()) {
      throw broken(Rule.MASS_INCOMPUTABLE, transaction, "has a storage mass beyond 64 bits");
    }
    return mass.getAsLong();
  }

  private static Spend checkRest(
      Transaction transaction, List<UtxoEntry> spent, long povDaaScore, long fee, long mass)
      throws RuleException {
    checkSequenceLocks(transaction, spent, povDaaScore);
    try {
      CovenantContext covenants = CovenantContext.of(transaction, spent);
      return new Spend(new SpendingTransaction(transaction, spent), covenants, fee, mass);
    } catch (CovenantException e) {
      throw broken(Rule.COVENANTS_ERROR, transaction, String.valueOf(e.getMessage()));
    }
  }

  /** The arithmetic is signed, so that an entry no block has accepted counts as very old. */
  private static void checkSequenceLocks(
      Transaction transaction, List<UtxoEntry> spent, long povDaaScore) throws RuleException {
    List<Input> inputs = transaction.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      long sequence = inputs.get(i).sequence();
      if ((sequence & Sequence.LOCK_TIME_DISABLED) != 0) {
        continue;
      }
      long lockedUntil = spent.get(i).blockDaaScore() + (sequence & Sequence.LOCK_TIME_MASK) - 1;
      if (lockedUntil >= povDaaScore) {
        throw broken(
            Rule.SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET,
            transaction,
            "input "
                + i
                + ": locked until DAA score "
                + lockedUntil
                + ", it is "
                + Long.toUnsignedString(povDaaScore));
      }
    }
  }

  /** What is said of an outpoint that is not unspent. */
  public static RuleException missing(Transaction transaction, Outpoint outpoint) {
    return broken(
        Rule.MISSING_TX_OUTPOINTS,
        transaction,
        "spends output "
            + Integer.toUnsignedString(outpoint.index())
            + " of "
            + outpoint.transactionId()
            + ", which is not unspent");
  }

  static RuleException broken(Rule rule, Transaction transaction, String detail) {
    return new RuleException(rule, "transaction " + transaction.id() + " " + detail);
  }
}
