package kaspeer.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadType;
import kaspeer.wire.Utf8;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.RejectMessage;

/**
 * A message serialised once, to be sent on one link or on many: the bytes are shared, never copied,
 * never changed.
 *
 * <p>Every link it waits on counts its full size.
 */
public final class OutboundFrame {
  private static final int RESPONSE_ID = 101;
  private static final int REQUEST_ID = 102;

  private final PayloadType type;
  private final byte[] bytes;

  private OutboundFrame(PayloadType type, byte[] bytes) {
    this.type = type;
    this.bytes = bytes;
  }

  /**
   * Serialises a message of the network.
   *
   * @throws IllegalArgumentException if it has no payload
   */
  public static OutboundFrame of(KaspadMessage message) {
    return new OutboundFrame(
        PayloadCatalogue.standard().of(message.getPayloadCase()), message.toByteArray());
  }

  /**
   * Wraps the payload of an extension.
   *
   * @param requestId 0 for none
   * @param responseId 0 for none
   */
  public static OutboundFrame ofExtension(
      PayloadType type, ByteString payload, int requestId, int responseId) {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream(payload.size() + 24);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(buffer);
      out.writeBytes(type.number(), payload);
      if (responseId != 0) {
        out.writeUInt32(RESPONSE_ID, responseId);
      }
      if (requestId != 0) {
        out.writeUInt32(REQUEST_ID, requestId);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return new OutboundFrame(type, buffer.toByteArray());
  }

  /** A Reject; the reason is cut to what peers keep. */
  public static OutboundFrame reject(String reason) {
    String kept = Utf8.cut(reason, WireLimits.REJECT_BYTES);
    return of(
        KaspadMessage.newBuilder().setReject(RejectMessage.newBuilder().setReason(kept)).build());
  }

  public PayloadType type() {
    return type;
  }

  /** Size in protobuf, in bytes. */
  public int size() {
    return bytes.length;
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return type + " of " + bytes.length + " bytes";
  }
}
