package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;

/**
 * The rules of bodies that need no UTXO state (consensus reference 5). Called by several threads at
 * a time.
 */
public interface BodyValidator {
  /**
   * What can be judged from header and body alone (5.1).
   *
   * @throws RuleException if a rule is broken
   */
  void validateInIsolation(Header header, List<Transaction> transactions) throws RuleException;

  /**
   * What depends on the block's place in the DAG (5.2), but for its parents having bodies.
   *
   * @param pastMedianTime the block's own, in milliseconds since 1970
   * @throws RuleException if a rule is broken
   */
  void validateInContext(Header header, List<Transaction> transactions, long pastMedianTime)
      throws RuleException;
}
