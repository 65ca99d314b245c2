package kaspeer.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.wire.proto.TransactionId;

/** Hashes and transaction ids, to and from the wire. */
public final class Hashes {
  private Hashes() {}

  public static kaspeer.wire.proto.Hash toWire(Hash hash) {
    return kaspeer.wire.proto.Hash.newBuilder().setBytes(bytes(hash)).build();
  }

  public static TransactionId toWireId(Hash id) {
    return TransactionId.newBuilder().setBytes(bytes(id)).build();
  }

  public static List<kaspeer.wire.proto.Hash> toWire(Collection<Hash> hashes) {
    List<kaspeer.wire.proto.Hash> wire = new ArrayList<>(hashes.size());
    for (Hash hash : hashes) {
      wire.add(toWire(hash));
    }
    return wire;
  }

  public static List<TransactionId> toWireIds(Collection<Hash> ids) {
    List<TransactionId> wire = new ArrayList<>(ids.size());
    for (Hash id : ids) {
      wire.add(toWireId(id));
    }
    return wire;
  }

  /**
   * @throws ConversionException if there are not 32 bytes
   */
  public static Hash fromWire(kaspeer.wire.proto.Hash wire) throws ConversionException {
    return hash("hash", wire.getBytes());
  }

  /**
   * @throws ConversionException if there are not 32 bytes
   */
  public static Hash fromWire(TransactionId wire) throws ConversionException {
    return hash("transaction id", wire.getBytes());
  }

  /**
   * @throws ConversionException if one of them has not 32 bytes
   */
  public static List<Hash> fromWire(List<kaspeer.wire.proto.Hash> wire) throws ConversionException {
    List<Hash> hashes = new ArrayList<>(wire.size());
    for (kaspeer.wire.proto.Hash hash : wire) {
      hashes.add(fromWire(hash));
    }
    return hashes;
  }

  /**
   * @throws ConversionException if one of them has not 32 bytes
   */
  public static List<Hash> fromWireIds(List<TransactionId> wire) throws ConversionException {
    List<Hash> ids = new ArrayList<>(wire.size());
    for (TransactionId id : wire) {
      ids.add(fromWire(id));
    }
    return ids;
  }

  /** A hash that must be there. */
  static Hash required(String field, boolean present, kaspeer.wire.proto.Hash wire)
      throws ConversionException {
    if (!present) {
      throw ConversionException.missing(field);
    }
    return hash(field, wire.getBytes());
  }

  private static Hash hash(String field, ByteString bytes) throws ConversionException {
    if (bytes.size() != Hash.SIZE) {
      throw ConversionException.length(field, bytes.size());
    }
    long[] words = new long[4];
    for (int i = 0; i < Hash.SIZE; i++) {
      words[i >>> 3] = words[i >>> 3] << 8 | bytes.byteAt(i) & 0xFF;
    }
    return Hash.ofWords(words[0], words[1], words[2], words[3]);
  }

  private static ByteString bytes(Hash hash) {
    return UnsafeByteOperations.unsafeWrap(hash.toBytes());
  }
}
