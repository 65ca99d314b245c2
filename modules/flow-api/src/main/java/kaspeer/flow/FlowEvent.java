package kaspeer.flow;

import com.google.protobuf.ByteString;
import java.time.Instant;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * What the engine tells a flow. A flow is told only what its descriptor asks for; a plug-in's flow
 * never {@link Received} or {@link Undecoded}, one of the network's protocol nothing else.
 */
public sealed interface FlowEvent {
  /**
   * A message from the peer, delivered because the flow pulled.
   *
   * @param inbox the subscription it came through
   * @param message converted from bytes whose sizes and counts were checked
   * @param bytes its size on the wire, unpacked
   */
  record Received(String inbox, KaspadMessage message, int bytes) implements FlowEvent {}

  /**
   * A message from the peer, of a type that its inbox leaves {@linkplain
   * FlowDescriptor.Inbox#undecoded undecoded}, delivered because the flow pulled.
   *
   * @param inbox the subscription it came through
   * @param type what the payload is
   * @param responseId our question's number that it answers; 0 for none, unsigned
   * @param payload the payload in protobuf, without the envelope: a view of the frame, which it
   *     keeps in memory. Its sizes and counts were checked, the lengths of its hashes, that what is
   *     required is there and that nothing is there twice that may be there once; numbers have any
   *     value, and fields that no message has stand among the others
   * @param bytes the message's size on the wire, unpacked
   */
  record Undecoded(String inbox, PayloadCase type, int responseId, ByteString payload, int bytes)
      implements FlowEvent {}

  /**
   * A message under a number of the flow's own.
   *
   * @param payload as the peer's flow gave it, unchecked but for its size
   * @param at when it was read
   */
  record Own(int number, ByteString payload, Instant at) implements FlowEvent {}

  /**
   * A copy of a message of the network.
   *
   * @param bytes its size on the wire, unpacked
   * @param at when it was read
   */
  record Observed(KaspadMessage message, int bytes, Instant at) implements FlowEvent {}

  /**
   * A message of the network that waits.
   *
   * @param bytes its size on the wire, unpacked
   * @param at when it was read
   * @param verdict due before the deadline
   */
  record Intercepted(KaspadMessage message, int bytes, Instant at, Verdict verdict)
      implements FlowEvent {}
}
