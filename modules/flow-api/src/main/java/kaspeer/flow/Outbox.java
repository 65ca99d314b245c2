package kaspeer.flow;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletionStage;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.Done;

/**
 * Messages to one peer. Bounded in bytes: a control message that finds no room ends the connection
 * (without blame), bulk waits. What a plug-in's flow sends ends no connection: it is let go, and
 * counted, where there is no room or its budget is spent. Safe from any thread.
 */
public interface Outbox {
  /** Sends a small message ahead of bulk: handshake, ping, requests, announcements of this flow. */
  void send(KaspadMessage message);

  /**
   * Sends an answer when the connection has room. Completes when it was handed over, so that a
   * serving flow reads from disk only as fast as the peer takes; fails when the connection ends.
   */
  CompletionStage<Done> deliver(KaspadMessage message);

  /**
   * Sends a message under a number of the flow's own, without its envelope. A plug-in's flow has a
   * budget for all that it sends to a peer: 256 KiB a second, or twice its largest message.
   *
   * @return false if it was not sent: the peer does not speak it, there was no room, or the budget
   *     is spent
   * @throws IllegalArgumentException if the descriptor has no such message, or it is too large
   */
  default boolean sendOwn(int number, ByteString payload) {
    throw new IllegalArgumentException("this flow has no message " + number + " of its own");
  }
}
