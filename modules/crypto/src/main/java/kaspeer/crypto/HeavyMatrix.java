package kaspeer.crypto;

import kaspeer.primitives.Hash;

/**
 * The 64 x 64 matrix of 4-bit numbers of kHeavyHash, drawn from xoshiro256++ until it has full rank
 * (consensus reference 3.3).
 *
 * <p>It is kept as bit planes: the product with a vector of 4-bit numbers is then 16 ANDs and
 * population counts a row, without a multiplication. The columns are in an order of their own, the
 * same for matrix and vector: numbers with the same place in their words stand together (see {@link
 * #planes}).
 */
final class HeavyMatrix {
  private static final int SIZE = 64;
  private static final int BITS = 4;
  private static final int WORDS_PER_ROW = 4;

  /** The lowest bit of each of 16 numbers. */
  private static final long LOW_BITS = 0x1111111111111111L;

  private static final ThreadLocal<Rank> RANK = ThreadLocal.withInitial(Rank::new);

  /** Four planes a row, lowest bits first. */
  private final long[] planes = new long[SIZE * BITS];

  /**
   * Becomes the matrix of this pre-PoW hash.
   *
   * @throws IllegalArgumentException if it is zero: no header has that, and the generator would
   *     give zeros for ever
   */
  void draw(Hash prePowHash) {
    if (prePowHash.equals(Hash.ZERO)) {
      throw new IllegalArgumentException("the pre-PoW hash is zero");
    }
    Xoshiro generator = new Xoshiro(prePowHash);
    Rank rank = RANK.get();
    long[] words = planes;
    do {
      for (int i = 0; i < words.length; i++) {
        words[i] = generator.next();
      }
      rank.load(words);
    } while (!rank.isFull());
    load(words);
  }

  /**
   * Becomes the matrix of these words, four a row, the first number in the lowest bits.
   *
   * @param words may be the planes' own array
   */
  void load(long[] words) {
    for (int i = 0; i < words.length; i += WORDS_PER_ROW) {
      planes(words[i], words[i + 1], words[i + 2], words[i + 3], planes, i);
    }
  }

  /**
   * Writes the four bit planes of 64 numbers, 16 in each word: number n of word w becomes bit 4 n +
   * w of every plane.
   */
  private static void planes(long w0, long w1, long w2, long w3, long[] target, int offset) {
    for (int bit = 0; bit < BITS; bit++) {
      target[offset + bit] =
          (w0 >>> bit & LOW_BITS)
              | (w1 >>> bit & LOW_BITS) << 1
              | (w2 >>> bit & LOW_BITS) << 2
              | (w3 >>> bit & LOW_BITS) << 3;
    }
  }

  /**
   * Replaces a hash, in the first four lanes of a state, by the matrix's product with it, XORed
   * with it. The vector is the hash's 4-bit halves, the high half of each byte first; of each sum,
   * bits 10 to 13 count.
   */
  void multiply(long[] state) {
    long[] v = new long[BITS];
    planes(
        swapHalves(state[0]),
        swapHalves(state[1]),
        swapHalves(state[2]),
        swapHalves(state[3]),
        v,
        0);
    long v0 = v[0];
    long v1 = v[1];
    long v2 = v[2];
    long v3 = v[3];
    long word = 0;
    for (int row = 0, i = 0; row < SIZE; row++, i += BITS) {
      long p0 = planes[i];
      long p1 = planes[i + 1];
      long p2 = planes[i + 2];
      long p3 = planes[i + 3];
      int sum =
          Long.bitCount(p0 & v0)
              + ((Long.bitCount(p0 & v1) + Long.bitCount(p1 & v0)) << 1)
              + ((Long.bitCount(p0 & v2) + Long.bitCount(p1 & v1) + Long.bitCount(p2 & v0)) << 2)
              + ((Long.bitCount(p0 & v3)
                      + Long.bitCount(p1 & v2)
                      + Long.bitCount(p2 & v1)
                      + Long.bitCount(p3 & v0))
                  << 3)
              + ((Long.bitCount(p1 & v3) + Long.bitCount(p2 & v2) + Long.bitCount(p3 & v1)) << 4)
              + ((Long.bitCount(p2 & v3) + Long.bitCount(p3 & v2)) << 5)
              + (Long.bitCount(p3 & v3) << 6);
      // Even rows give high halves of bytes, odd rows low ones; bytes fill a lane from its low end.
      int place = (row & 15) ^ 1;
      word |= (long) (sum >>> 10) << 4 * place;
      if ((row & 15) == 15) {
        state[row >>> 4] ^= word;
        word = 0;
      }
    }
  }

  private static long swapHalves(long word) {
    return (word & 0x0F0F0F0F0F0F0F0FL) << 4 | (word >>> 4 & 0x0F0F0F0F0F0F0F0FL);
  }

  /** The generator, xoshiro256++. */
  private static final class Xoshiro {
    private long s0;
    private long s1;
    private long s2;
    private long s3;

    Xoshiro(Hash seed) {
      s0 = Long.reverseBytes(seed.word(0));
      s1 = Long.reverseBytes(seed.word(1));
      s2 = Long.reverseBytes(seed.word(2));
      s3 = Long.reverseBytes(seed.word(3));
    }

    long next() {
      long result = Long.rotateLeft(s0 + s3, 23) + s0;
      long t = s1 << 17;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= t;
      s3 = Long.rotateLeft(s3, 45);
      return result;
    }
  }
}
