package kaspeer.consensus.body;

import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.LockTime;
import kaspeer.primitives.Sequence;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;

/** When a transaction may enter a block (consensus reference 5.2). */
public final class LockTimeRules {
  private LockTimeRules() {}

  /**
   * Whether a transaction may be in a block.
   *
   * @param daaScore of the block
   * @param pastMedianTime of the block, milliseconds since 1970
   */
  public static boolean isFinal(Transaction transaction, long daaScore, long pastMedianTime) {
    long lockTime = transaction.lockTime();
    if (lockTime == 0) {
      return true;
    }
    long reached = LockTime.isDaaScore(lockTime) ? daaScore : pastMedianTime;
    if (Long.compareUnsigned(lockTime, reached) < 0) {
      return true;
    }
    for (Input input : transaction.inputs()) {
      if (input.sequence() != Sequence.FINAL) {
        return false;
      }
    }
    return true;
  }

  /**
   * Likewise.
   *
   * @throws RuleException if it may not
   */
  public static void requireFinal(Transaction transaction, long daaScore, long pastMedianTime)
      throws RuleException {
    if (isFinal(transaction, daaScore, pastMedianTime)) {
      return;
    }
    boolean score = LockTime.isDaaScore(transaction.lockTime());
    throw new RuleException(
        Rule.NOT_FINALIZED,
        "transaction "
            + transaction.id()
            + " is locked until "
            + Long.toUnsignedString(transaction.lockTime())
            + ", the block has "
            + (score ? "DAA score " : "past median time ")
            + Long.toUnsignedString(score ? daaScore : pastMedianTime));
  }
}
