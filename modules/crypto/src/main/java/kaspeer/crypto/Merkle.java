package kaspeer.crypto;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;
import kaspeer.primitives.hashing.Blake3;
import kaspeer.primitives.hashing.Blake3Domain;
import kaspeer.primitives.hashing.StreamHasher;

/**
 * Merkle roots (consensus reference 1.6): zero for no leaves, the leaf itself for one. Otherwise
 * the tree is as wide as the next power of two; an inner node with nothing on its right is hashed
 * with zero there, one with nothing below it is nothing.
 */
public final class Merkle {
  private static final ThreadLocal<Blake2b> BLAKE2B =
      ThreadLocal.withInitial(Blake2bDomain.MERKLE_BRANCH::hasher);
  private static final ThreadLocal<Blake3> BLAKE3 =
      ThreadLocal.withInitial(Blake3Domain.SEQ_COMMIT_MERKLE_BRANCH::hasher);

  private Merkle() {}

  /**
   * The root as in a header's {@code hashMerkleRoot}, over the hashes of a block's transactions.
   */
  public static Hash root(List<Hash> leaves) {
    return root(leaves, BLAKE2B.get());
  }

  /** The root as in a sequencing commitment (consensus reference 6.7). */
  public static Hash sequencingRoot(List<Hash> leaves) {
    return root(leaves, BLAKE3.get());
  }

  private static Hash root(List<Hash> leaves, StreamHasher hasher) {
    if (leaves.isEmpty()) {
      return Hash.ZERO;
    }
    Hash[] level = leaves.toArray(new Hash[0]);
    for (int count = level.length; count > 1; count = (count + 1) / 2) {
      for (int i = 0; i < count; i += 2) {
        hasher.reset();
        hasher.putHash(level[i]);
        hasher.putHash(i + 1 < count ? level[i + 1] : Hash.ZERO);
        level[i / 2] = hasher.finish();
      }
    }
    return level[0];
  }
}
