package kaspeer.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.UncheckedIOException;
import kaspeer.wire.PayloadType;
import kaspeer.wire.proto.KaspadMessage;

/**
 * A frame that passed the checks of the wire, not decoded yet: so it costs its bytes for as long as
 * it waits, and nothing is made of one that is refused for what it is.
 *
 * @param type what its payload is
 * @param requestId the peer's route that wants the answer; 0 for none, unsigned
 * @param responseId our route that this answers; 0 for none, unsigned
 * @param raw the envelope in protobuf
 * @param payload the payload alone, a part of {@code raw}
 * @param bytes size in protobuf: what a budget should count as long as it is not decoded
 * @param heapBytes what a budget should count for the decoded message
 */
public record InboundFrame(
    PayloadType type,
    int requestId,
    int responseId,
    ByteString raw,
    ByteString payload,
    int bytes,
    long heapBytes) {
  /** Fields that no message has are dropped rather than kept as objects. */
  private static final Parser<KaspadMessage> PARSER =
      DiscardUnknownFieldsParser.wrap(KaspadMessage.parser());

  /**
   * Decodes the envelope, anew at each call; without payload if an extension brought the type.
   *
   * @throws UncheckedIOException if the decoder refuses what passed the check
   */
  public KaspadMessage message() {
    if (type.isExtension()) {
      return KaspadMessage.getDefaultInstance();
    }
    try {
      return PARSER.parseFrom(raw);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }
}
