package kaspeer.primitives;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block header (consensus reference 1.3). Immutable; its hashes are computed when one of them is
 * first asked for, by whoever asks: one that is read from the database mostly needs none.
 *
 * <p>64-bit fields are unsigned unless said otherwise.
 */
public final class Header {
  private final int version;
  private final ParentsByLevel parents;
  private final Hash hashMerkleRoot;
  private final Hash acceptedIdMerkleRoot;
  private final Hash utxoCommitment;
  private final long timestamp;
  private final int bits;
  private final long nonce;
  private final long daaScore;
  private final BlueWork blueWork;
  private final long blueScore;
  private final Hash pruningPoint;

  /** Not volatile: if two threads compute them, they find the same. */
  private HeaderHashing.@Nullable Hashes hashes;

  /**
   * @param version 16 bits
   * @param acceptedIdMerkleRoot the sequencing commitment of KIP-21; the name is historical
   * @param timestamp milliseconds since 1970
   * @param bits compact target
   */
  public Header(
      int version,
      ParentsByLevel parents,
      Hash hashMerkleRoot,
      Hash acceptedIdMerkleRoot,
      Hash utxoCommitment,
      long timestamp,
      int bits,
      long nonce,
      long daaScore,
      BlueWork blueWork,
      long blueScore,
      Hash pruningPoint) {
    this.version = version;
    this.parents = parents;
    this.hashMerkleRoot = hashMerkleRoot;
    this.acceptedIdMerkleRoot = acceptedIdMerkleRoot;
    this.utxoCommitment = utxoCommitment;
    this.timestamp = timestamp;
    this.bits = bits;
    this.nonce = nonce;
    this.daaScore = daaScore;
    this.blueWork = blueWork;
    this.blueScore = blueScore;
    this.pruningPoint = pruningPoint;
  }

  public int version() {
    return version;
  }

  public ParentsByLevel parents() {
    return parents;
  }

  /** Parents at level 0, in the header's order. */
  public List<Hash> directParents() {
    return parents.direct();
  }

  public Hash hashMerkleRoot() {
    return hashMerkleRoot;
  }

  /** The sequencing commitment (KIP-21). */
  public Hash acceptedIdMerkleRoot() {
    return acceptedIdMerkleRoot;
  }

  public Hash utxoCommitment() {
    return utxoCommitment;
  }

  /** Milliseconds since 1970. */
  public long timestamp() {
    return timestamp;
  }

  /** Compact target. */
  public int bits() {
    return bits;
  }

  public long nonce() {
    return nonce;
  }

  public long daaScore() {
    return daaScore;
  }

  public BlueWork blueWork() {
    return blueWork;
  }

  public long blueScore() {
    return blueScore;
  }

  public Hash pruningPoint() {
    return pruningPoint;
  }

  /** The block's hash. */
  public Hash hash() {
    return hashes().hash();
  }

  /** The hash with timestamp and nonce 0, which proof of work starts from. */
  public Hash prePowHash() {
    return hashes().prePowHash();
  }

  private HeaderHashing.Hashes hashes() {
    HeaderHashing.Hashes known = hashes;
    if (known == null) {
      known = HeaderHashing.both(this);
      hashes = known;
    }
    return known;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Header other && hash().equals(other.hash());
  }

  @Override
  public int hashCode() {
    return hash().hashCode();
  }

  @Override
  public String toString() {
    return "Header[" + hash() + "]";
  }
}
