package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Headers;
import kaspeer.wire.Transactions;
import kaspeer.wire.proto.BlockHeader;
import kaspeer.wire.proto.BlockMessage;
import kaspeer.wire.proto.TransactionMessage;

/**
 * The small parts of messages between members. Reading throws {@link MalformedMessageException}.
 */
public final class Wire {
  private static final int UUID_BYTES = 16;

  private Wire() {}

  public static ByteString bytes(Hash hash) {
    return ByteString.copyFrom(hash.toBytes());
  }

  public static List<ByteString> bytes(Collection<Hash> hashes) {
    return hashes.stream().map(Wire::bytes).toList();
  }

  public static Hash hash(ByteString bytes) {
    try {
      return Hash.of(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("hash of " + bytes.size() + " bytes", e);
    }
  }

  public static List<Hash> hashes(List<ByteString> list) {
    return list.stream().map(Wire::hash).toList();
  }

  public static ByteString bytes(UUID id) {
    ByteBuffer buffer = ByteBuffer.allocate(UUID_BYTES);
    buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(buffer);
  }

  public static UUID uuid(ByteString bytes) {
    if (bytes.size() != UUID_BYTES) {
      throw new MalformedMessageException("id of " + bytes.size() + " bytes");
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  public static ByteString bytes(BlueWork work) {
    return ByteString.copyFrom(work.toMinimalBytes());
  }

  public static BlueWork blueWork(ByteString bytes) {
    try {
      return BlueWork.fromBigEndian(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("blue work", e);
    }
  }

  public static ByteString bytes(Block block) {
    return Blocks.toWire(block).toByteString();
  }

  public static Block block(ByteString bytes) {
    try {
      return Blocks.fromWire(BlockMessage.parseFrom(bytes));
    } catch (InvalidProtocolBufferException | ConversionException e) {
      throw new MalformedMessageException("block", e);
    }
  }

  public static ByteString bytes(Header header) {
    return Headers.toWire(header).toByteString();
  }

  public static Header header(ByteString bytes) {
    try {
      return Headers.fromWire(BlockHeader.parseFrom(bytes));
    } catch (InvalidProtocolBufferException | ConversionException e) {
      throw new MalformedMessageException("header", e);
    }
  }

  public static ByteString bytes(Transaction transaction) {
    return Transactions.toWire(transaction).toByteString();
  }

  public static Transaction transaction(ByteString bytes) {
    try {
      return Transactions.fromWire(TransactionMessage.parseFrom(bytes));
    } catch (InvalidProtocolBufferException | ConversionException e) {
      throw new MalformedMessageException("transaction", e);
    }
  }

  public static List<Transaction> transactions(List<ByteString> list) {
    List<Transaction> transactions = new ArrayList<>(list.size());
    list.forEach(bytes -> transactions.add(transaction(bytes)));
    return transactions;
  }

  /** A value of an enum by its name. */
  public static <E extends Enum<E>> E named(Class<E> type, String name) {
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException(type.getSimpleName() + " " + name, e);
    }
  }
}
