package kaspeer.crypto;

import java.math.BigInteger;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/** The proof of work, kHeavyHash (consensus reference 3.3), and the block level it gives (1.4). */
public final class ProofOfWork {
  private static final long[] POW_HASH = Keccak.cshake256("ProofOfWorkHash");
  private static final long[] HEAVY_HASH = Keccak.cshake256("HeavyHash");

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private ProofOfWork() {}

  private static final class Scratch {
    final long[] state = new long[Keccak.LANES];
    final HeavyMatrix matrix = new HeavyMatrix();
  }

  /** The proof of work of a header. */
  public static Result of(Header header) {
    HeavyMatrix matrix = SCRATCH.get().matrix;
    Hash prePowHash = header.prePowHash();
    matrix.draw(prePowHash);
    return result(
        prePowHash, matrix, header.timestamp(), header.nonce(), header.parents().levels() == 0);
  }

  private static Result result(
      Hash prePowHash, HeavyMatrix matrix, long timestamp, long nonce, boolean parentless) {
    long[] state = SCRATCH.get().state;
    System.arraycopy(POW_HASH, 0, state, 0, Keccak.LANES);
    for (int i = 0; i < 4; i++) {
      state[i] ^= Long.reverseBytes(prePowHash.word(i));
    }
    // Input: hash, timestamp, 32 zero bytes, nonce.
    state[4] ^= timestamp;
    state[9] ^= nonce;
    Keccak.finish(state, 10);
    heavyHash(state, matrix);
    return new Result(state[3], state[2], state[1], state[0], parentless);
  }

  /** Replaces the hash in the first four lanes of a state by its heavy hash with a matrix. */
  static void heavyHash(long[] state, HeavyMatrix matrix) {
    matrix.multiply(state);
    for (int i = 0; i < Keccak.LANES; i++) {
      state[i] = i < 4 ? state[i] ^ HEAVY_HASH[i] : HEAVY_HASH[i];
    }
    Keccak.finish(state, 4);
  }

  /**
   * A proof-of-work value: an unsigned number of 256 bits.
   *
   * @param word3 bits 192 to 255
   * @param word2 bits 128 to 191
   * @param word1 bits 64 to 127
   * @param word0 bits 0 to 63
   * @param parentless whether it is that of a header without parents, as genesis: its level is not
   *     by its value
   */
  public record Result(long word3, long word2, long word1, long word0, boolean parentless) {
    /** The number. */
    public BigInteger value() {
      byte[] bytes = new byte[Hash.SIZE];
      for (int i = 0; i < 4; i++) {
        Bytes.putLongBe(bytes, 8 * (3 - i), word(i));
      }
      return new BigInteger(1, bytes);
    }

    /** Whether it is at most the target of these compact bits. */
    public boolean passes(int bits) {
      for (int i = 3; i >= 0; i--) {
        int c = Long.compareUnsigned(word(i), CompactTarget.targetWord(bits, i));
        if (c != 0) {
          return c < 0;
        }
      }
      return true;
    }

    /**
     * The block level: how many bits shorter than {@code maxBlockLevel} it is, but not below 0. A
     * header without parents has the maximal level.
     */
    public int level(int maxBlockLevel) {
      return parentless ? maxBlockLevel : Math.max(0, maxBlockLevel - bitLength());
    }

    private int bitLength() {
      for (int i = 3; i >= 0; i--) {
        if (word(i) != 0) {
          return 64 * (i + 1) - Long.numberOfLeadingZeros(word(i));
        }
      }
      return 0;
    }

    private long word(int index) {
      return switch (index) {
        case 0 -> word0;
        case 1 -> word1;
        case 2 -> word2;
        default -> word3;
      };
    }
  }

  /**
   * What all timestamps and nonces of one header share: its matrix, whose making is nearly all of
   * the cost. Immutable; about 2 KiB.
   */
  public static final class Seed {
    private final Hash prePowHash;
    private final HeavyMatrix matrix;

    private Seed(Hash prePowHash, HeavyMatrix matrix) {
      this.prePowHash = prePowHash;
      this.matrix = matrix;
    }

    /**
     * The seed of all headers with this pre-PoW hash.
     *
     * @throws IllegalArgumentException if it is zero, which no header's is
     */
    public static Seed of(Hash prePowHash) {
      HeavyMatrix matrix = new HeavyMatrix();
      matrix.draw(prePowHash);
      return new Seed(prePowHash, matrix);
    }

    /**
     * The proof of work of a header with this timestamp (milliseconds) and nonce, and with parents.
     */
    public Result value(long timestamp, long nonce) {
      return result(prePowHash, matrix, timestamp, nonce, false);
    }
  }
}
