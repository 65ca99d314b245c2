package kaspeer.flow.mempool;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Commands of the mempool actor. Accepted ids are announced to peers by it, in batches. */
public sealed interface Mempool {
  /**
   * Adds transactions that a peer sent, or ({@code origin} 0) that were submitted here.
   *
   * @param bytes their size on the wire together, for accounting
   */
  record Submit(List<Transaction> transactions, long origin, int bytes, ActorRef<Results> replyTo)
      implements Mempool {}

  /**
   * Adds a transaction that was submitted here to push out exactly one other, which spends the same
   * and pays less.
   *
   * @param bytes its size on the wire, for accounting
   */
  record Replace(Transaction transaction, int bytes, ActorRef<Results> replyTo)
      implements Mempool {}

  /** Which of these ids are neither in the pool nor lately accepted. */
  record MissingOf(List<Hash> ids, ActorRef<Missing> replyTo) implements Mempool {}

  /** Those of these ids that are in the pool. */
  record GetAll(List<Hash> ids, ActorRef<Found> replyTo) implements Mempool {}

  record Get(Hash id, ActorRef<Optional<Transaction>> replyTo) implements Mempool {}

  /** What is known of a transaction here; empty if it is not in the pool and no orphan. */
  record Describe(Hash id, ActorRef<Optional<Description>> replyTo) implements Mempool {}

  record GetInfo(ActorRef<Info> replyTo) implements Mempool {}

  /**
   * Makes the next block out of what is here, but for its proof of work: the nonce is 0. One that
   * is asked for again within a second is the same, unless the virtual block has other parents.
   *
   * @param payTo whom its reward is for
   * @param extraData to go into its coinbase
   */
  record GetBlockTemplate(ScriptPublicKey payTo, byte[] extraData, ActorRef<TemplateReply> replyTo)
      implements Mempool {}

  /**
   * @param ids in the order asked
   */
  record Missing(List<Hash> ids) {}

  /** Transactions of the pool, by id. */
  record Found(Map<Hash, Transaction> byId) {
    public Found {
      byId = Map.copyOf(byId);
    }
  }

  /** One result for each transaction, by id. */
  record Results(Map<Hash, Result> byId) {
    public Results {
      byId = Map.copyOf(byId);
    }
  }

  /**
   * A transaction in the pool, or an orphan.
   *
   * @param price null of an orphan: what it spends is not known
   */
  record Description(Transaction transaction, @Nullable Price price) {}

  /**
   * What a transaction in the pool pays, and for what. Masses are in grams.
   *
   * @param fee in sompi
   * @param feeRate in sompi for a gram of the mass that counts
   * @param ready whether it builds on no other in the pool
   * @param daaScore when it came
   * @param bytes estimated bytes of heap
   */
  record Price(
      long fee,
      double feeRate,
      long computeMass,
      long transientMass,
      long storageMass,
      boolean ready,
      long daaScore,
      long bytes) {}

  /** What became of a transaction. */
  sealed interface Result {
    /**
     * @param fee in sompi
     * @param replaced ids of what it pushed out of the pool
     */
    record Accepted(long fee, List<Hash> replaced) implements Result {
      public Accepted {
        replaced = List.copyOf(replaced);
      }
    }

    /**
     * @param inBlock whether a block held it lately; else it is in the pool
     */
    record Known(boolean inBlock) implements Result {}

    /** It waits for the transactions that make these outputs, which are not known here. */
    record Orphaned(List<Outpoint> missing) implements Result {
      public Orphaned {
        missing = List.copyOf(missing);
      }
    }

    /** Breaks a rule of consensus: no block may ever hold it. */
    record Invalid(String rule, String detail) implements Result {}

    /** Breaks a rule of consensus now, but perhaps not later; or we cannot say. */
    record NotYet(String rule, String detail) implements Result {}

    /** Consensus would take it, our policy does not. */
    record NonStandard(String policy, String detail) implements Result {}

    /** Another one in the pool, or of two orphans the other, spends the same output, and stays. */
    record DoubleSpend(Hash conflict, String policy, String detail) implements Result {}

    /**
     * There is no room.
     *
     * @param policy what is full: {@code POOL_FULL}, of transactions that pay more, {@code
     *     INTAKE_FULL}, of those that wait to be checked; or {@code CORE_UNAVAILABLE}: this is an
     *     edge of a cluster, and no core took it in time
     */
    record Full(String policy) implements Result {
      /** Too many wait to be checked: in a moment there is room again. */
      public static final String BUSY = "INTAKE_FULL";

      /** None of the cluster's cores can be reached, or all are too slow. */
      public static final String NO_CORE = "CORE_UNAVAILABLE";
    }

    /** What its kind is called on the outside, in metrics. */
    default String word() {
      return switch (this) {
        case Accepted _ -> "Accepted";
        case Known _ -> "Known";
        case Orphaned _ -> "Orphaned";
        case Invalid _ -> "Invalid";
        case NotYet _ -> "NotYet";
        case NonStandard _ -> "NonStandard";
        case DoubleSpend _ -> "DoubleSpend";
        case Full _ -> "Full";
      };
    }
  }

  /** A block to mine, or why there is none. */
  sealed interface TemplateReply {
    /**
     * @param nearlySynced whether the node is near the tip of the network, so that the block is of
     *     use
     */
    record Made(Block block, boolean nearlySynced) implements TemplateReply {}

    record Refused(String why) implements TemplateReply {}

    /** Too many ask at a time. */
    record Busy() implements TemplateReply {}
  }

  /**
   * The pool at one moment. Bytes are estimated bytes of heap.
   *
   * @param transactions without orphans
   * @param ready those of them that build on no other in the pool
   * @param local those of them that were submitted here
   * @param orphans transactions that wait for others
   * @param counts of what became of transactions, by the outcome's name
   */
  @SuppressWarnings("AvoidCommonTypeNames") // Nobody takes it for a process's.
  record Info(
      int transactions,
      long bytes,
      int maxTransactions,
      long maxBytes,
      int ready,
      int local,
      int orphans,
      long orphanBytes,
      FeeEstimate fees,
      Map<String, Long> counts) {
    public Info {
      counts = Map.copyOf(counts);
    }
  }

  /**
   * What fee rate gets a transaction into a block how soon. From bucket to bucket fee rates do not
   * rise and times do not fall.
   *
   * @param priority for the next block or so
   * @param normal at least one; the first for less than a minute
   * @param low at least one; the first for less than an hour
   */
  record FeeEstimate(FeeBucket priority, List<FeeBucket> normal, List<FeeBucket> low) {
    public FeeEstimate {
      normal = List.copyOf(normal);
      low = List.copyOf(low);
    }
  }

  /**
   * @param feeRate in sompi for a gram of the mass that counts
   * @param seconds until such a transaction is in a block
   */
  record FeeBucket(double feeRate, double seconds) {}
}
