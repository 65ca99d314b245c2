package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;

/** Finds every body right. */
public final class NoBodyRules implements BodyValidator {
  @Override
  public void validateInIsolation(Header header, List<Transaction> transactions) {}

  @Override
  public void validateInContext(
      Header header, List<Transaction> transactions, long pastMedianTime) {}
}
