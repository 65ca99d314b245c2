package kaspeer.flow;

import com.google.protobuf.ByteString;
import java.time.Instant;
import kaspeer.wire.proto.KaspadMessage;

/**
 * What the engine tells a flow. A flow is told only what its descriptor asks for; a plug-in's flow
 * never {@link Received}, one of the network's protocol nothing else.
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
