package kaspeer.flow.peers;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What flows tell the arbiter of the sync, and what it tells the sync flow of a peer ({@link
 * Directive}). One peer at a time leads: its chain is negotiated and its headers are fetched.
 * Bodies come from all peers that have them.
 */
public sealed interface Sync {
  /** A peer announced this block: it has it, and its past, with bodies. */
  record Announced(long peer, Hash hash) implements Sync {}

  /** A peer sent a block that cannot be attached to what we have: it may be worth syncing from. */
  record Candidate(long peer, Header header) implements Sync {}

  /**
   * Whether a sync is under way; relayed blocks far above what is here are of little use meanwhile
   * (protocol ref. 5.4).
   */
  record GetSession(ActorRef<Session> replyTo) implements Sync {}

  /**
   * Where does the history begin that a peer serves? The peer is asked; no reply comes if it does
   * not answer.
   */
  record GetRetentionRoot(long peer, ActorRef<RetentionRoot> replyTo) implements Sync {}

  /** The sync flow of a peer is ready. It takes directives until it stops. */
  record Joined(PeerInfo peer, ActorRef<Directive> flow) implements Sync {}

  /**
   * Answers {@link Directive.Negotiate}: the peer can be synced from.
   *
   * @param sink the peer's, with which its chain locator began
   * @param known the highest block of the peer's selected chain whose header is here
   */
  record Negotiated(long peer, long lease, Hash sink, Hash known) implements Sync {}

  /**
   * Answers {@link Directive.Negotiate}: an honest peer, but not one that this node can sync from.
   */
  record Unsuitable(long peer, long lease, Refusal refusal, String detail) implements Sync {}

  /** A batch of headers came and is in the DAG. */
  record HeadersReceived(long peer, long lease, Delivery delivery) implements Sync {}

  /**
   * Answers {@link Directive.FetchHeaders}: all are in the DAG, up to and with the last block asked
   * for.
   */
  record HeadersDone(long peer, long lease) implements Sync {}

  /**
   * Answers {@link Directive.FetchBodies}, in parts: the next bodies in the order asked. Each part
   * is acknowledged with {@link Directive.Taken}.
   *
   * @param last whether this assignment is complete
   */
  record BodiesReceived(
      long peer, long assignment, List<Dag.Body> bodies, boolean last, Delivery delivery)
      implements Sync {
    public BodiesReceived {
      bodies = List.copyOf(bodies);
    }
  }

  /**
   * An answer is due from this peer, and nothing has come for so long. Told about once a second.
   */
  record Silent(long peer, Duration waited) implements Sync {}

  /**
   * How a peer delivered.
   *
   * @param items bodies, or those of the headers that were new here
   * @param bytes on the wire, unpacked
   * @param waited how long we waited for them on the peer, our own work not counted
   */
  record Delivery(int items, long bytes, Duration waited) {}

  /**
   * The sync at this moment.
   *
   * @param targetDaaScore of the block that started it, 0 if that is not known
   */
  record Session(boolean running, long targetDaaScore) {}

  /**
   * Where the history begins that a peer serves: its pruning point, unless it keeps more.
   *
   * @param hash empty if that cannot be asked now
   */
  record RetentionRoot(Optional<Hash> hash) {}

  /** Why an honest peer cannot be synced from (protocol reference 6.3). */
  enum Refusal {
    /** It has none of our blocks left: only the proof of its pruning point could help. */
    NEEDS_PRUNING_POINT_PROOF,
    /**
     * Its pruning point is above the bodies that we have: what lies between can no longer be had
     * from it.
     */
    NEEDS_PRUNING_CATCH_UP
  }

  /** What the arbiter wants of a peer's sync flow. */
  sealed interface Directive {
    /**
     * Find the highest block of the peer's selected chain that we know (protocol reference 6.2,
     * 6.3). Takes the place of an earlier one that is not answered yet, which then never is.
     */
    record Negotiate(long lease) implements Directive {}

    /**
     * Fetch and check headers (protocol reference 6.7).
     *
     * @param low on the peer's selected chain, known here
     * @param high the peer's sink
     * @param relayed a block that the peer relayed and that may lie above or beside {@code high}
     */
    record FetchHeaders(long lease, Hash low, Hash high, Optional<Hash> relayed)
        implements Directive {}

    /**
     * Another peer leads now: ask for no more headers. What is here of them is checked all the
     * same; nothing else is answered.
     */
    record StopHeaders() implements Directive {}

    /**
     * Fetch these bodies (protocol reference 6.10). Assignments are worked off in the order given.
     */
    record FetchBodies(long assignment, List<Hash> hashes) implements Directive {
      public FetchBodies {
        hashes = List.copyOf(hashes);
      }
    }

    /** Answer {@link GetRetentionRoot}. */
    record TellRetentionRoot(ActorRef<RetentionRoot> replyTo) implements Directive {}

    /** A part of bodies was taken: another may follow. */
    record Taken() implements Directive {}

    /** What the peer sent was bad, or came too slowly: report it and end. */
    record Blame(ViolationCode code, String detail) implements Directive {}
  }
}
