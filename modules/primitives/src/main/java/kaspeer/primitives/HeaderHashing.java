package kaspeer.primitives;

import java.util.List;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;

/**
 * Hashes of headers (consensus reference 1.3).
 *
 * <p>The levels of parents are hashed as if listed one by one, straight from their runs. They are
 * most of a header, so the two hashes share them.
 */
public final class HeaderHashing {
  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private HeaderHashing() {}

  /** The hash of a header and the one that proof of work starts from. */
  record Hashes(Hash hash, Hash prePowHash) {}

  private static final class Scratch {
    final Blake2b full = Blake2bDomain.BLOCK_HASH.hasher();
    final Blake2b prePow = Blake2bDomain.BLOCK_HASH.hasher();
  }

  /** The block hash. */
  public static Hash hash(Header header) {
    Blake2b hasher = SCRATCH.get().full;
    hasher.reset();
    putUpToTimestamp(hasher, header);
    return putRest(hasher, header, header.timestamp(), header.nonce());
  }

  /**
   * The hash with timestamp and nonce 0, which proof of work starts from (consensus reference 3.3).
   */
  public static Hash prePowHash(Header header) {
    Blake2b hasher = SCRATCH.get().prePow;
    hasher.reset();
    putUpToTimestamp(hasher, header);
    return putRest(hasher, header, 0, 0);
  }

  /** Both hashes for little more than one costs. */
  static Hashes both(Header header) {
    Scratch scratch = SCRATCH.get();
    scratch.full.reset();
    putUpToTimestamp(scratch.full, header);
    scratch.prePow.copyFrom(scratch.full);
    return new Hashes(
        putRest(scratch.full, header, header.timestamp(), header.nonce()),
        putRest(scratch.prePow, header, 0, 0));
  }

  private static void putUpToTimestamp(Blake2b hasher, Header header) {
    hasher.putShort(header.version());
    ParentsByLevel parents = header.parents();
    hasher.putLong(parents.levels());
    int level = 0;
    for (ParentsByLevel.Run run : parents.runs()) {
      List<Hash> hashes = run.parents();
      for (; level < run.endLevel(); level++) {
        hasher.putLong(hashes.size());
        // By index: an iterator a level would be most of what this method allocates.
        for (int i = 0; i < hashes.size(); i++) {
          hasher.putHash(hashes.get(i));
        }
      }
    }
    hasher.putHash(header.hashMerkleRoot());
    hasher.putHash(header.acceptedIdMerkleRoot());
    hasher.putHash(header.utxoCommitment());
  }

  private static Hash putRest(Blake2b hasher, Header header, long timestamp, long nonce) {
    hasher.putLong(timestamp);
    hasher.putInt(header.bits());
    hasher.putLong(nonce);
    hasher.putLong(header.daaScore());
    hasher.putLong(header.blueScore());
    BlueWork work = header.blueWork();
    int length = work.minimalLength();
    hasher.putLong(length);
    for (int i = length - 1; i >= 0; i--) {
      hasher.putByte(work.byteAt(i));
    }
    hasher.putHash(header.pruningPoint());
    return hasher.finish();
  }
}
