package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Header;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;

/**
 * Finds a body wrong by its lock time: 1 in isolation, 2 in context, 3 by a rule that is not
 * remembered.
 */
final class LockTimeRules implements BodyValidator {
  @Override
  public void validateInIsolation(Header header, List<Transaction> transactions)
      throws RuleException {
    refuse(transactions, 1, Rule.MULTIPLE_COINBASES);
    refuse(transactions, 3, Rule.BAD_MERKLE_ROOT);
    if (lockTime(transactions) == 4) {
      throw new IllegalStateException("a bug");
    }
  }

  @Override
  public void validateInContext(Header header, List<Transaction> transactions, long pastMedianTime)
      throws RuleException {
    refuse(transactions, 2, Rule.WRONG_SUBSIDY);
  }

  private static void refuse(List<Transaction> transactions, long lockTime, Rule rule)
      throws RuleException {
    if (lockTime(transactions) == lockTime) {
      throw new RuleException(rule, "lock time " + lockTime);
    }
  }

  private static long lockTime(List<Transaction> transactions) {
    return transactions.isEmpty() ? 0 : transactions.getFirst().lockTime();
  }

  static List<Transaction> body(long lockTime) {
    return List.of(
        new Transaction(0, List.of(), List.of(), lockTime, SubnetworkId.NATIVE, 0, new byte[0], 0));
  }
}
