package kaspeer.crypto;

import java.util.List;
import kaspeer.primitives.Hash;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;

/** Merkle roots (consensus reference 1.6). */
public final class Merkle {
  private static final ThreadLocal<Blake2b> HASHER =
      ThreadLocal.withInitial(Blake2bDomain.MERKLE_BRANCH::hasher);

  private Merkle() {}

  /**
   * The root over these leaves, as in a header's {@code hashMerkleRoot} over the hashes of a
   * block's transactions: zero for none, the leaf itself for one. Otherwise the tree is as wide as
   * the next power of two; an inner node with nothing on its right is hashed with zero there, one
   * with nothing below it is nothing.
   */
  public static Hash root(List<Hash> leaves) {
    if (leaves.isEmpty()) {
      return Hash.ZERO;
    }
    Hash[] level = leaves.toArray(new Hash[0]);
    Blake2b hasher = HASHER.get();
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
