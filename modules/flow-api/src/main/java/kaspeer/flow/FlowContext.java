package kaspeer.flow;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.random.RandomGenerator;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * All that a running flow can reach. Methods may be called from the flow's own actor only, except
 * where {@link Outbox} says otherwise.
 *
 * <p>A plug-in's flow has no inboxes, asks no questions and shakes no hands: those methods throw
 * {@link UnsupportedOperationException}. Of its accusations ({@link #violation}, {@link #finish})
 * the first 64 are heard with each peer. What it tells the shared actors beyond 1,000 messages a
 * second is dropped and counted. It must not spawn actors of its own: they would run outside of
 * what isolates it.
 */
public interface FlowContext {
  /** The peer at the other end. In the handshake phase, id, version and agent are not known yet. */
  PeerInfo peer();

  /** Asks for one more message of an inbox, now or when it comes. Pulls add up. */
  default void pull(String inbox) {
    pull(inbox, 1);
  }

  /**
   * Asks for so many more messages of an inbox, as that many single pulls would at less cost.
   *
   * @param messages at least 1
   */
  void pull(String inbox, int messages);

  /** Where messages to the peer go. */
  Outbox outbox();

  /**
   * Sends a request and opens a question: from now on the answers may come, through the solicited
   * inbox that lists them.
   *
   * @param withId whether to number the request, so that the answer comes back by number (protocol
   *     reference 3.2); without, it comes by type. The number is the question's own: an answer
   *     names its question by its {@code responseId}
   * @return the question (never 0), to be settled once no further answer is due. Numbers are not
   *     used again within a connection
   */
  int ask(KaspadMessage.Builder request, Set<PayloadCase> answers, boolean withId);

  /**
   * For how long in all, since the connection was opened, nothing was taken in of what the peer may
   * have sent, because some flow of ours did not keep up or memory was short. What it grows by
   * while an answer is due is not the peer's delay. Never goes back.
   */
  default Duration notReading() {
    return Duration.ZERO;
  }

  /**
   * Closes a question: an answer that comes later is unsolicited. Unknown or settled questions are
   * ignored.
   */
  void settle(int question);

  /**
   * The peer broke a rule. The policy table decides what follows; where it tolerates the breach the
   * flow goes on, where it does not the flow is stopped. No policy tolerates a {@linkplain
   * ViolationCode#isFatal() fatal} code: after one the flow stops by itself.
   */
  void violation(ViolationCode code, String detail);

  /**
   * Ends the flow, and with any outcome but {@link FlowOutcome.Completed} the peer. A flow that
   * stops without having called this, a fatal violation or the last step of the handshake has
   * {@linkplain FlowOutcome.Completed completed}.
   */
  void finish(FlowOutcome outcome);

  /**
   * The handshake is done: the engine builds the routes for this version and starts the ready flows
   * when told so.
   */
  void handshake(HandshakeStep step);

  /** A ping was answered after this time. */
  void pingMeasured(Duration roundTrip);

  /**
   * Counts announcements that this flow let go for want of room of its own (those an inbox drops
   * are counted there).
   */
  void dropped(int announcements);

  /**
   * Whether an operator's rules let in a peer that calls itself so (protocol reference 4.2). By
   * default all are.
   */
  default boolean admitsUserAgent(String userAgent) {
    return true;
  }

  /** The policy in force when the peer connected. */
  Policy policy();

  ActorRef<Dag> dag();

  /** The DAG's latest published state, for cheap questions. */
  DagSnapshot dagSnapshot();

  ActorRef<Mempool> mempool();

  ActorRef<Relay> relay();

  ActorRef<Sync> sync();

  ActorRef<Addresses> addresses();

  FlowSettings settings();

  LocalNode local();

  InstantSource clock();

  RandomGenerator random();
}
