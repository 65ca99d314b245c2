package kaspeer.flow.dag;

import java.util.List;
import java.util.Optional;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Commands of the DAG actor. Every write may be answered with Busy, which is never the sender's
 * fault; every reply is sent after what it says has become durable.
 */
public sealed interface Dag {
  /** The origin of what we made or were given by an operator. */
  long LOCAL = 0;

  /** Name of the one rule of headers that depends on our own clock (consensus reference 3.1). */
  String CLOCK_RULE = "TIME_TOO_FAR_INTO_THE_FUTURE";

  /** Blocks of one {@link LookUp}. */
  int MAX_LOOKED_UP = 64;

  /**
   * Adds a relayed or submitted block. If it is accepted, subscribers learn of it (and so peers of
   * its hash), the sender excepted.
   *
   * @param origin number of the peer's connection, or {@link #LOCAL}
   * @param bytes size on the wire, for accounting
   */
  record SubmitBlock(Block block, long origin, int bytes, ActorRef<BlockReply> replyTo)
      implements Dag {}

  /**
   * Keeps a block whose ancestors are missing until they come. Bounded in bytes, with a share for
   * each peer.
   */
  record KeepOrphan(Block block, long origin, int bytes, ActorRef<OrphanReply> replyTo)
      implements Dag {}

  /**
   * What is here of announced blocks, in the orphan pool too. It is answered at once.
   *
   * @param hashes at most {@link #MAX_LOOKED_UP}
   */
  record LookUp(List<Hash> hashes, ActorRef<LookedUp> replyTo) implements Dag {}

  /**
   * Sync: adds headers, parents before children. Stops at the first that fails and keeps those
   * before it.
   */
  record SubmitHeaders(List<Header> headers, ActorRef<BatchReply> replyTo) implements Dag {}

  /** Sync: adds bodies of known headers, parents before children. */
  record SubmitBodies(List<Body> bodies, ActorRef<BatchReply> replyTo) implements Dag {}

  record GetStatuses(List<Hash> hashes, ActorRef<Statuses> replyTo) implements Dag {}

  /**
   * Protocol reference 5.13: from high (default: the sink) down the selected chain to low (default:
   * pruning point).
   */
  record GetChainLocator(Optional<Hash> low, Optional<Hash> high, ActorRef<HashesReply> replyTo)
      implements Dag {}

  /** Protocol reference 5.12. @param limit most entries, 0 for no limit */
  record GetBlockLocator(Hash high, int limit, ActorRef<HashesReply> replyTo) implements Dag {}

  /**
   * Protocol reference 5.10: the next headers from low (excluded) towards high, in consensus order.
   */
  record GetHeaders(Hash low, Hash high, int maxBlocks, ActorRef<HeadersReply> replyTo)
      implements Dag {}

  /** Protocol reference 5.11: past of context (included) without past of block. */
  record GetAntipast(Hash block, Hash context, ActorRef<HeadersReply> replyTo) implements Dag {}

  /**
   * Headers in the past of target (included) that lack a body, in consensus order; at most limit of
   * them.
   */
  record GetMissingBodies(Hash target, int limit, ActorRef<HashesReply> replyTo) implements Dag {}

  /** The header of a block, if known. */
  record GetHeader(Hash hash, ActorRef<Optional<Header>> replyTo) implements Dag {}

  /** Header and body of a block, if both are here. */
  record GetBlock(Hash hash, ActorRef<Optional<Block>> replyTo) implements Dag {}

  /** What is known of a block's place in the DAG. */
  record GetPlace(Hash hash, ActorRef<Place> replyTo) implements Dag {}

  /**
   * The transactions that some chain blocks accepted, present or former ones, without coinbases.
   *
   * @param limit most transactions; those of later blocks in the list are left out first
   */
  record GetAccepted(List<Hash> blocks, int limit, ActorRef<AcceptedTransactions> replyTo)
      implements Dag {}

  /** Whether block is in the past of (or is) descendant; false if either is unknown. */
  record IsAncestor(Hash block, Hash descendant, ActorRef<Boolean> replyTo) implements Dag {}

  /** Tells this actor of events from now on, until it stops. */
  record Subscribe(ActorRef<DagEvent> subscriber) implements Dag {}

  /** A body on its way to a known header. */
  record Body(Hash hash, List<Transaction> transactions, int bytes) {}

  /** What became of a block. */
  sealed interface BlockReply {
    Hash hash();

    /**
     * It is in the DAG.
     *
     * @param unorphaned blocks that waited for it and could be added too
     */
    record Accepted(Hash hash, List<Hash> unorphaned) implements BlockReply {}

    record Known(Hash hash, BlockStatus status) implements BlockReply {}

    record MissingParents(Hash hash, List<Hash> parents) implements BlockReply {}

    /**
     * @param rule name of the consensus rule
     */
    record Invalid(Hash hash, String rule, String detail) implements BlockReply {}

    record Busy(Hash hash) implements BlockReply {}
  }

  /** What the orphan pool says of a block that it was given. */
  sealed interface OrphanReply {
    Hash hash();

    /** It waits for these blocks, or some of them; see {@link Sighting}. */
    record Waiting(Hash hash, List<Hash> missingRoots) implements OrphanReply {}

    /** All its ancestors are here now: submit it again. */
    record Ready(Hash hash) implements OrphanReply {}

    /** It is not in the pool: no room in this peer's share. */
    record Absent(Hash hash) implements OrphanReply {}
  }

  /**
   * What is here of blocks.
   *
   * @param sightings in the order asked
   */
  record LookedUp(List<Sighting> sightings) {
    public LookedUp {
      sightings = List.copyOf(sightings);
    }
  }

  /**
   * What is here of a block.
   *
   * @param missingRoots if it waits in the orphan pool, for what: blocks unknown here and not in
   *     the pool, without those said of a block before it in the same answer. They are no more than
   *     can be found at little cost: where many orphans wait for each other there are some of the
   *     pool among them, and to look those up is to look on
   */
  record Sighting(Hash hash, BlockStatus status, Optional<List<Hash>> missingRoots) {}

  /** What became of a batch of headers or bodies. */
  sealed interface BatchReply {
    /** All are in the DAG; this many were new. */
    record Done(int added) implements BatchReply {}

    /** The block at this hash broke a rule; those before it were added. */
    record Failed(int added, Hash hash, String rule, String detail) implements BatchReply {}

    /** Parents of this block are missing; those before it were added. */
    record Gap(int added, Hash hash, List<Hash> missing) implements BatchReply {}

    record Busy() implements BatchReply {}
  }

  /**
   * A block's place in the DAG.
   *
   * @param onChain whether it is on the selected chain
   * @param accepted what it accepted, if it is or was on the selected chain
   * @param merge empty for genesis and for blocks without a header here
   */
  record Place(
      BlockStatus status,
      boolean onChain,
      Optional<AcceptedBlock> accepted,
      Optional<MergeSet> merge) {}

  /**
   * What a block merges, by GHOSTDAG's colours.
   *
   * @param blues the selected parent first
   */
  record MergeSet(Hash selectedParent, List<Hash> blues, List<Hash> reds) {
    public MergeSet {
      blues = List.copyOf(blues);
      reds = List.copyOf(reds);
    }
  }

  /** Transactions that chain blocks accepted. */
  record AcceptedTransactions(List<Transaction> transactions) {
    public AcceptedTransactions {
      transactions = List.copyOf(transactions);
    }
  }

  /**
   * @param statuses in the order asked
   */
  record Statuses(List<Hash> hashes, List<BlockStatus> statuses) {}

  /** A list of hashes, or why there is none. */
  sealed interface HashesReply {
    record Found(List<Hash> hashes) implements HashesReply {}

    record Refused(String why) implements HashesReply {}
  }

  /** A list of headers, or why there is none. */
  sealed interface HeadersReply {
    record Found(List<Header> headers) implements HeadersReply {}

    record Refused(String why) implements HeadersReply {}
  }
}
