package kaspeer.flow;

import kaspeer.wire.proto.KaspadMessage;

/** What the engine tells a flow. */
public sealed interface FlowEvent {
  /**
   * A message from the peer, delivered because the flow pulled.
   *
   * @param inbox the subscription it came through
   * @param message converted from bytes whose sizes and counts were checked
   * @param bytes its size on the wire, unpacked
   */
  record Received(String inbox, KaspadMessage message, int bytes) implements FlowEvent {}
}
