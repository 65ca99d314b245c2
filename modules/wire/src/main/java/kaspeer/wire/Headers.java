package kaspeer.wire;

import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.wire.ConversionException.Reason;
import kaspeer.wire.proto.BlockHeader;
import kaspeer.wire.proto.BlockLevelParents;

/**
 * Block headers, to and from the wire (protocol reference 2.2 and 2.3; parents compressed, as from
 * version 9 on).
 */
public final class Headers {
  private Headers() {}

  public static BlockHeader toWire(Header header) {
    BlockHeader.Builder wire =
        BlockHeader.newBuilder()
            .setVersion(header.version())
            .setHashMerkleRoot(Hashes.toWire(header.hashMerkleRoot()))
            .setAcceptedIdMerkleRoot(Hashes.toWire(header.acceptedIdMerkleRoot()))
            .setUtxoCommitment(Hashes.toWire(header.utxoCommitment()))
            .setTimestamp(header.timestamp())
            .setBits(header.bits())
            .setNonce(header.nonce())
            .setDaaScore(header.daaScore())
            .setBlueWork(UnsafeByteOperations.unsafeWrap(header.blueWork().toMinimalBytes()))
            .setBlueScore(header.blueScore())
            .setPruningPoint(Hashes.toWire(header.pruningPoint()));
    for (ParentsByLevel.Run run : header.parents().runs()) {
      wire.addParents(
          BlockLevelParents.newBuilder()
              .addAllParentHashes(Hashes.toWire(run.parents()))
              .setCumulativeLevel(run.endLevel()));
    }
    return wire.build();
  }

  public static List<BlockHeader> toWire(List<Header> headers) {
    List<BlockHeader> wire = new ArrayList<>(headers.size());
    for (Header header : headers) {
      wire.add(toWire(header));
    }
    return wire;
  }

  /**
   * @throws ConversionException if a hash is missing or short, a number out of range, or the
   *     parents are not compressed
   */
  public static Header fromWire(BlockHeader wire) throws ConversionException {
    if (wire.getTimestamp() < 0) {
      throw new ConversionException(Reason.OUT_OF_RANGE, "timestamp " + wire.getTimestamp());
    }
    return new Header(
        ConversionException.unsigned16("header version", wire.getVersion()),
        parents(wire.getParentsList()),
        Hashes.required("hash merkle root", wire.hasHashMerkleRoot(), wire.getHashMerkleRoot()),
        Hashes.required(
            "accepted id merkle root",
            wire.hasAcceptedIdMerkleRoot(),
            wire.getAcceptedIdMerkleRoot()),
        Hashes.required("utxo commitment", wire.hasUtxoCommitment(), wire.getUtxoCommitment()),
        wire.getTimestamp(),
        wire.getBits(),
        wire.getNonce(),
        wire.getDaaScore(),
        blueWork(wire),
        wire.getBlueScore(),
        Hashes.required("pruning point", wire.hasPruningPoint(), wire.getPruningPoint()));
  }

  /**
   * @throws ConversionException as for one header
   */
  public static List<Header> fromWire(List<BlockHeader> wire) throws ConversionException {
    List<Header> headers = new ArrayList<>(wire.size());
    for (BlockHeader header : wire) {
      headers.add(fromWire(header));
    }
    return headers;
  }

  private static BlueWork blueWork(BlockHeader wire) throws ConversionException {
    if (wire.getBlueWork().size() > BlueWork.SIZE) {
      throw ConversionException.length("blue work", wire.getBlueWork().size());
    }
    return BlueWork.fromBigEndian(wire.getBlueWork().toByteArray());
  }

  private static ParentsByLevel parents(List<BlockLevelParents> wire) throws ConversionException {
    if (wire.size() > ParentsByLevel.MAX_LEVELS) {
      throw new ConversionException(Reason.BAD_PARENTS, wire.size() + " runs of levels");
    }
    List<ParentsByLevel.Run> runs = new ArrayList<>(wire.size());
    for (BlockLevelParents level : wire) {
      // Before the hashes are made: a level beyond the last would make the count below wrap.
      if (level.getCumulativeLevel() < 1
          || level.getCumulativeLevel() > ParentsByLevel.MAX_LEVELS) {
        throw new ConversionException(
            Reason.BAD_PARENTS, "level " + Integer.toUnsignedString(level.getCumulativeLevel()));
      }
      List<Hash> hashes = Hashes.fromWire(level.getParentHashesList());
      runs.add(new ParentsByLevel.Run(level.getCumulativeLevel(), hashes));
    }
    try {
      return new ParentsByLevel(runs);
    } catch (IllegalArgumentException e) {
      throw new ConversionException(Reason.BAD_PARENTS, String.valueOf(e.getMessage()));
    }
  }
}
