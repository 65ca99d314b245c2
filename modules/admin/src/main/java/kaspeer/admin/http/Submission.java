package kaspeer.admin.http;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Set;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.primitives.Block;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.json.JsonException;
import kaspeer.primitives.json.JsonNode;
import kaspeer.primitives.json.RpcBlockJson;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.ConversionException;
import kaspeer.wire.PayloadCatalogue;
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
  /** Fields of the envelope beside the payload. */
  private static final Set<Integer> NUMBERS =
      Set.of(KaspadMessage.REQUEST_ID_FIELD_NUMBER, KaspadMessage.RESPONSE_ID_FIELD_NUMBER);

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
          Kind.BAD_REQUEST, "not a " + name + ": " + Text.line(String.valueOf(e.getMessage())));
    }
  }

  private static KaspadMessage decode(byte[] bytes, PayloadCase expected) {
    byte[] frame = hasEnvelope(bytes, expected) ? bytes : wrap(bytes, expected);
    RawCheck check = new RawCheck(PayloadCatalogue.standard());
    try {
      return switch (check.check(
          frame, 0, frame.length, ConnectionPhase.READY, PayloadCatalogue.MAX_VERSION)) {
        case RawCheck.Checked ignored -> KaspadMessage.parseFrom(frame);
        case WireFault fault -> throw new Problem(Kind.BAD_REQUEST, "not the message: " + fault);
      };
    } catch (InvalidProtocolBufferException e) {
      throw new Problem(Kind.BAD_REQUEST, "not the message: " + e.getMessage());
    }
  }

  /**
   * Whether the bytes are the payload's field, once, and besides it nothing but the numbers of a
   * question and an answer, to the end. A block or transaction itself never is.
   */
  private static boolean hasEnvelope(byte[] bytes, PayloadCase expected) {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    int payloads = 0;
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        int type = WireFormat.getTagWireType(tag);
        if (field == expected.getNumber() && type == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          in.skipRawBytes(in.readRawVarint32());
          payloads++;
        } else if (NUMBERS.contains(field) && type == WireFormat.WIRETYPE_VARINT) {
          in.readRawVarint64();
        } else {
          return false;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return payloads == 1;
  }

  private static byte[] wrap(byte[] payload, PayloadCase expected) {
    int tag = expected.getNumber() << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    int head =
        CodedOutputStream.computeUInt32SizeNoTag(tag)
            + CodedOutputStream.computeUInt32SizeNoTag(payload.length);
    byte[] frame = new byte[head + payload.length];
    CodedOutputStream out = CodedOutputStream.newInstance(frame, 0, head);
    try {
      out.writeUInt32NoTag(tag);
      out.writeUInt32NoTag(payload.length);
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    System.arraycopy(payload, 0, frame, head, payload.length);
    return frame;
  }
}
