package kaspeer.flow;

import java.util.concurrent.CompletionStage;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.Done;

/**
 * Messages to one peer. Bounded in bytes: a control message that finds no room ends the connection
 * (without blame), bulk waits. Safe from any thread.
 */
public interface Outbox {
  /** Sends a small message ahead of bulk: handshake, ping, requests, announcements of this flow. */
  void send(KaspadMessage message);

  /**
   * Sends an answer when the connection has room. Completes when it was handed over, so that a
   * serving flow reads from disk only as fast as the peer takes; fails when the connection ends.
   */
  CompletionStage<Done> deliver(KaspadMessage message);
}
