package kaspeer.consensus.body;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;

/** How the transactions of one block may relate to each other (consensus reference 5.1, 6 to 8). */
final class SpendRules {
  private SpendRules() {}

  static void validate(List<Transaction> transactions) throws RuleException {
    Map<Hash, Integer> outputCounts = checkDuplicates(transactions);
    checkDoubleSpends(transactions);
    checkChained(transactions, outputCounts);
  }

  /** Returns the number of outputs of each transaction, by id. */
  private static Map<Hash, Integer> checkDuplicates(List<Transaction> transactions)
      throws RuleException {
    Map<Hash, Integer> outputCounts = HashMap.newHashMap(transactions.size());
    for (Transaction transaction : transactions) {
      if (outputCounts.put(transaction.id(), transaction.outputs().size()) != null) {
        throw new RuleException(
            Rule.DUPLICATE_TRANSACTIONS, "transaction " + transaction.id() + " is there twice");
      }
    }
    return outputCounts;
  }

  private static void checkDoubleSpends(List<Transaction> transactions) throws RuleException {
    int inputs = 0;
    for (Transaction transaction : transactions) {
      inputs += transaction.inputs().size();
    }
    if (inputs < 2) {
      return;
    }
    OutpointMap<Transaction> spenders = new OutpointMap<>(inputs);
    for (Transaction transaction : transactions) {
      for (Input input : transaction.inputs()) {
        Transaction other = spenders.putIfAbsent(input.previous(), transaction);
        if (other != null) {
          throw new RuleException(
              Rule.DOUBLE_SPEND_IN_SAME_BLOCK,
              "transactions "
                  + other.id()
                  + " and "
                  + transaction.id()
                  + " both spend "
                  + TransactionRules.text(input.previous()));
        }
      }
    }
  }

  private static void checkChained(List<Transaction> transactions, Map<Hash, Integer> outputCounts)
      throws RuleException {
    for (Transaction transaction : transactions) {
      for (Input input : transaction.inputs()) {
        Integer outputs = outputCounts.get(input.previous().transactionId());
        if (outputs != null && Integer.compareUnsigned(input.previous().index(), outputs) < 0) {
          throw new RuleException(
              Rule.CHAINED_TRANSACTION,
              "transaction "
                  + transaction.id()
                  + " spends "
                  + TransactionRules.text(input.previous())
                  + " in the same block");
        }
      }
    }
  }
}
