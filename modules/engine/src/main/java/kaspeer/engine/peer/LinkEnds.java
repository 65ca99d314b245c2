package kaspeer.engine.peer;

import java.time.Duration;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.transport.LinkEnd;
import kaspeer.wire.WireFault;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** What the end of a link means for its peer. */
final class LinkEnds {
  private LinkEnds() {}

  static FlowOutcome outcome(LinkEnd end) {
    return switch (end) {
      case LinkEnd.RemoteClosed(var detail) ->
          new FlowOutcome.LinkLost("closed by the peer: " + detail);
      case LinkEnd.Fault(var fault) ->
          new FlowOutcome.Violation(code(fault.reason()), fault.toString());
      case LinkEnd.Abuse(var kind) ->
          new FlowOutcome.Violation(ViolationCode.MALFORMED_MESSAGE, "HTTP/2: " + kind);
      case LinkEnd.Refused(var detail) -> new FlowOutcome.Refused(detail);
      case LinkEnd.TimedOut(var stage) when stage == LinkEnd.Stage.HANDSHAKE ->
          new FlowOutcome.Violation(ViolationCode.HANDSHAKE_TIMEOUT, "not ready in time");
      case LinkEnd.TimedOut(var stage) when stage == LinkEnd.Stage.FRAME ->
          new FlowOutcome.Unresponsive(PayloadCase.PAYLOAD_NOT_SET, Duration.ZERO);
      case LinkEnd.TimedOut(var stage) -> new FlowOutcome.LinkLost("timed out: " + stage);
      case LinkEnd.Displaced _ -> new FlowOutcome.Overflowed("pending handshakes");
      case LinkEnd.Congested(var bytes) ->
          new FlowOutcome.Overflowed("inbound of all peers: " + bytes + " bytes");
      case LinkEnd.IoError(var detail) -> new FlowOutcome.LinkLost(detail);
      case LinkEnd.LocalClosed(var reason) -> new FlowOutcome.LinkLost("closed by us: " + reason);
    };
  }

  private static ViolationCode code(WireFault.Reason reason) {
    return switch (reason) {
      case OVERSIZE, HANDSHAKE_OVERSIZE, TOO_MANY_ELEMENTS, INFLATION ->
          ViolationCode.OVERSIZED_MESSAGE;
      case UNKNOWN_PAYLOAD -> ViolationCode.UNKNOWN_MESSAGE;
      case LEGACY_PAYLOAD, OTHER_VERSION -> ViolationCode.UNEXPECTED_MESSAGE;
      case TRUNCATED,
          BAD_VARINT,
          BAD_TAG,
          BAD_LENGTH,
          BAD_WIRE_TYPE,
          GROUP,
          NO_PAYLOAD,
          SECOND_PAYLOAD,
          REPEATED_FIELD,
          MISSING_FIELD,
          BAD_HASH,
          BAD_TEXT,
          UNDECODABLE,
          BAD_COMPRESSION,
          UNKNOWN_ENCODING,
          BAD_FRAME_PREFIX ->
          ViolationCode.MALFORMED_MESSAGE;
    };
  }
}
