package kaspeer.admin.http;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.primitives.Block;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.json.JsonException;
import kaspeer.primitives.json.JsonNode;
import kaspeer.primitives.json.RpcBlockJson;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.Phase;
import kaspeer.wire.RawCheck;
import kaspeer.wire.Transactions;
import kaspeer.wire.WireFault;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/**
 * Blocks and transactions that are handed in: as the P2P message in protobuf, with its envelope or
 * without, or as the JSON of kaspad's RPC. What peers send is walked before it becomes objects; so
 * is this.
 */
final class Submission {
  private static final int LENGTH_DELIMITED = 2;

  private Submission() {}

  static Block block(Request request) {
    Request.Body body = request.body();
    if (!body.mediaType().equals(Route.BodyRule.PROTOBUF)) {
      return fromJson(request, "block", RpcBlockJson::block);
    }
    try {
      return Blocks.fromWire(decode(body.bytes(), PayloadCase.BLOCK).getBlock());
    } catch (ConversionException e) {
      throw new Problem(Kind.BAD_REQUEST, "not a block: " + e.getMessage());
    }
  }

  static Transaction transaction(Request request) {
    Request.Body body = request.body();
    if (!body.mediaType().equals(Route.BodyRule.PROTOBUF)) {
      return fromJson(request, "transaction", RpcBlockJson::transaction);
    }
    try {
      return Transactions.fromWire(decode(body.bytes(), PayloadCase.TRANSACTION).getTransaction());
    } catch (ConversionException e) {
      throw new Problem(Kind.BAD_REQUEST, "not a transaction: " + e.getMessage());
    }
  }

  /** The object itself, or one that holds it under its name, as the RPC's requests do. */
  private static <T> T fromJson(
      Request request, String name, java.util.function.Function<JsonNode, T> read) {
    JsonNode json = request.json();
    try {
      JsonNode inner = json.find(name);
      return read.apply(inner == null ? json : inner);
    } catch (JsonException | IllegalArgumentException e) {
      throw new Problem(
          Kind.BAD_REQUEST, "not a " + name + ": " + Text.shorten(String.valueOf(e.getMessage())));
    }
  }

  private static KaspadMessage decode(byte[] bytes, PayloadCase expected) {
    byte[] frame = hasEnvelope(bytes, expected) ? bytes : wrap(bytes, expected);
    RawCheck check = new RawCheck(PayloadCatalogue.standard());
    try {
      return switch (check.check(
          frame, 0, frame.length, Phase.READY, PayloadCatalogue.MAX_VERSION)) {
        case RawCheck.Checked ignored -> KaspadMessage.parseFrom(frame);
        case WireFault fault -> throw new Problem(Kind.BAD_REQUEST, "not the message: " + fault);
      };
    } catch (InvalidProtocolBufferException e) {
      throw new Problem(Kind.BAD_REQUEST, "not the message: " + e.getMessage());
    }
  }

  /** Whether the bytes are one field, to the end, with the payload's number. */
  private static boolean hasEnvelope(byte[] bytes, PayloadCase expected) {
    int tag = expected.getNumber() << 3 | LENGTH_DELIMITED;
    if (bytes.length < 2 || bytes[0] != tag) {
      return false;
    }
    long length = 0;
    for (int i = 1; i < Math.min(bytes.length, 6); i++) {
      length |= (long) (bytes[i] & 0x7F) << 7 * (i - 1);
      if (bytes[i] >= 0) {
        return length == bytes.length - i - 1;
      }
    }
    return false;
  }

  private static byte[] wrap(byte[] payload, PayloadCase expected) {
    int tag = expected.getNumber() << 3 | LENGTH_DELIMITED;
    int head =
        CodedOutputStream.computeUInt32SizeNoTag(tag)
            + CodedOutputStream.computeUInt32SizeNoTag(payload.length);
    byte[] frame = new byte[head + payload.length];
    CodedOutputStream out = CodedOutputStream.newInstance(frame, 0, head);
    try {
      out.writeUInt32NoTag(tag);
      out.writeUInt32NoTag(payload.length);
      out.flush();
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
    System.arraycopy(payload, 0, frame, head, payload.length);
    return frame;
  }
}
