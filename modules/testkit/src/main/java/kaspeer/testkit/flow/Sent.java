package kaspeer.testkit.flow;

import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * A message that the flow gave out for the peer.
 *
 * @param question its number where the message is a request, else 0
 */
public record Sent(KaspadMessage message, Lane lane, int question) {
  /** By which door a message went. */
  public enum Lane {
    SEND,
    DELIVER,
    ASK
  }

  public PayloadCase payload() {
    return message.getPayloadCase();
  }

  @Override
  public String toString() {
    return payload() + " by " + lane + (question == 0 ? "" : " as question " + question);
  }
}
