package kaspeer.transport;

import com.google.protobuf.ByteString;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage;

/**
 * A frame that passed the checks of the wire.
 *
 * @param type what its payload is
 * @param requestId the peer's route that wants the answer; 0 for none, unsigned
 * @param responseId our route that this answers; 0 for none, unsigned
 * @param message the decoded envelope; without payload if an extension brought the type
 * @param extension the payload's bytes if an extension brought the type, else empty
 * @param bytes size in protobuf: what a budget should count
 */
public record InboundFrame(
    PayloadType type,
    int requestId,
    int responseId,
    KaspadMessage message,
    ByteString extension,
    int bytes) {}
