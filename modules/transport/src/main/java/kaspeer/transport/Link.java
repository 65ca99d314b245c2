package kaspeer.transport;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import kaspeer.wire.ConnectionPhase;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** One stream with one peer. All methods may be called from any thread and none blocks. */
public interface Link {
  /** Number of the link in this process, from 1 on. */
  long id();

  Direction direction();

  InetSocketAddress remoteAddress();

  /**
   * The frames of the peer, to be run once: those that have come by each pull, one at least, and no
   * more than a few dozen. Nothing is read from the peer before the first pull, and little ahead of
   * the consumer after it: a bounded number of frames and bytes.
   *
   * <p>Completes when the link ends, after all frames read if the peer closed, at once otherwise.
   * Cancelling it ends the link.
   */
  Source<List<InboundFrame>, NotUsed> inbound();

  /**
   * Changes what the peer may send. To be called with {@link ConnectionPhase#READY} before Ready is
   * sent, as the peer may speak as soon as it has that; with {@link ConnectionPhase#SYNC} before it
   * is asked for headers, proofs or state.
   *
   * @param protocolVersion the version agreed on
   */
  void enterPhase(ConnectionPhase phase, int protocolVersion);

  /**
   * The peer is through with its handshake, and counts as one at the door from now on. Until then
   * it counts as a handshake under way, whatever it may send already: who is let in to compete for
   * a place must not keep others from it by never finishing.
   */
  void established();

  /** Gives a frame to its queue. */
  SendResult send(OutboundFrame frame, TrafficClass traffic);

  /**
   * Gives a frame to its queue and tells when HTTP/2 has taken it, which is when the next one may
   * be made: so an answer of any length never holds more than one part in memory. Completes
   * normally in every case.
   */
  CompletionStage<SendResult> sendTracked(OutboundFrame frame, TrafficClass traffic);

  /**
   * Counts heap that what was read from the link takes with whoever reads it, until it is let go.
   * All links together have a bound; if it is passed, one that holds much is ended.
   */
  void hold(long bytes);

  /** Counts as much of it no longer. */
  void letGo(long bytes);

  /**
   * Whether all links together hold much, and this one more than its share: then nothing more
   * should be read from it for now. Never true of a link that holds little.
   */
  boolean isCrowding();

  /** Ends the link; what waits in the control queue is still sent if the peer takes it soon. */
  void close(String reason);

  /** Ends the link with a last Reject of that reason, as far as the peer takes it soon. */
  void reject(String reason);

  /**
   * Ends the link at once, or lets go of one that has ended: nothing more is sent, and nothing is
   * held for it any more.
   */
  void abort(String reason);

  /**
   * Completes with the reason when the link has ended and its connection is closed. Never fails.
   */
  CompletionStage<LinkEnd> whenEnded();

  LinkTraffic traffic();
}
