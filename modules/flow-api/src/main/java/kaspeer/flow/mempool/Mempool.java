package kaspeer.flow.mempool;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.apache.pekko.actor.typed.ActorRef;

/** Commands of the mempool actor. Accepted ids are announced to peers by it, in batches. */
public sealed interface Mempool {
  /**
   * Adds transactions that a peer sent, or ({@code origin} 0) that were submitted here.
   *
   * @param bytes their size on the wire together, for accounting
   */
  record Submit(List<Transaction> transactions, long origin, int bytes, ActorRef<Results> replyTo)
      implements Mempool {}

  /** Which of these ids are neither in the pool nor lately accepted. */
  record MissingOf(List<Hash> ids, ActorRef<Missing> replyTo) implements Mempool {}

  record Get(Hash id, ActorRef<Optional<Transaction>> replyTo) implements Mempool {}

  record GetInfo(ActorRef<Info> replyTo) implements Mempool {}

  /**
   * @param ids in the order asked
   */
  record Missing(List<Hash> ids) {}

  /** One result for each transaction, by id. */
  record Results(Map<Hash, Result> byId) {
    public Results {
      byId = Map.copyOf(byId);
    }
  }

  /** What became of a transaction. */
  sealed interface Result {
    record Accepted() implements Result {}

    record Known() implements Result {}

    /** Breaks a rule of consensus: no block may ever hold it. */
    record Invalid(String rule, String detail) implements Result {}

    /** Consensus would take it, our policy does not. */
    record NonStandard(String detail) implements Result {}

    /** Another one in the pool spends the same output. */
    record DoubleSpend(Hash conflict) implements Result {}

    record Full() implements Result {}
  }

  /**
   * The pool at one moment.
   *
   * @param counts of what became of transactions, by the outcome's name
   */
  @SuppressWarnings("AvoidCommonTypeNames") // Nobody takes it for a process's.
  record Info(
      int transactions, long bytes, int maxTransactions, long maxBytes, Map<String, Long> counts) {}
}
