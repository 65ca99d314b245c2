package kaspeer.consensus.dag;

import java.util.Arrays;
import kaspeer.consensus.DagCapacityException;

/**
 * Many short runs of ints in few large arrays, each run named by one int, its address. A run lies
 * within one array, so that a reader takes {@link #array} and {@link #offset} once and then reads
 * plainly.
 *
 * <p>Runs begin at multiples of {@link #UNIT} ints, and addresses count those, with all 32 bits:
 * counted in ints they would end with some fifty million wide blocks, two months of them. A run
 * takes one and a half ints more on average.
 */
final class IntPool {
  private static final int UNIT_BITS = 2;

  /** What a run's length is rounded up to. */
  static final int UNIT = 1 << UNIT_BITS;

  /** Units of a chunk, as a power of two. */
  private static final int CHUNK_BITS = 12;

  private static final int CHUNK_SIZE = 1 << (CHUNK_BITS + UNIT_BITS);
  private static final int MAX_CHUNKS = 1 << (32 - CHUNK_BITS);

  private final int maxChunks;

  private int[][] chunks = new int[4][];
  private int chunkCount;
  private int current = -1;
  private int used;
  private long ints;

  /** Addresses of freed runs, by the logarithm of their length. */
  private final int[][] freed = new int[32][];

  private final int[] freedCount = new int[32];

  /** With room for 2^34 ints, 64 GiB. */
  IntPool() {
    this(MAX_CHUNKS);
  }

  /** With room for so many arrays of 64 KiB: a test reaches the end of it. */
  IntPool(int maxChunks) {
    this.maxChunks = maxChunks;
  }

  /**
   * A run of this many ints, zero at first. It is never moved.
   *
   * @throws DagCapacityException if no address is left
   */
  int allocate(int length) {
    int rounded = (length + UNIT - 1) & -UNIT;
    if (rounded > CHUNK_SIZE) {
      return addChunk(rounded) << CHUNK_BITS;
    }
    if (current < 0 || used + rounded > CHUNK_SIZE) {
      current = addChunk(CHUNK_SIZE);
      used = 0;
    }
    int address = current << CHUNK_BITS | used >>> UNIT_BITS;
    used += rounded;
    return address;
  }

  /** A run of 2^logLength ints, one that was freed if there is any; its content is arbitrary. */
  int allocatePower(int logLength) {
    int free = freedCount[logLength];
    if (free == 0) {
      return allocate(1 << logLength);
    }
    freedCount[logLength] = free - 1;
    return freed[logLength][free - 1];
  }

  /** Takes back a run of {@link #allocatePower}. */
  void freePower(int address, int logLength) {
    int count = freedCount[logLength];
    int[] addresses = freed[logLength];
    if (addresses == null) {
      addresses = new int[8];
    } else if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
    }
    addresses[count] = address;
    freed[logLength] = addresses;
    freedCount[logLength] = count + 1;
  }

  /** The array a run lies in. */
  int[] array(int address) {
    return chunks[address >>> CHUNK_BITS];
  }

  /** Where in its array a run begins. */
  static int offset(int address) {
    return (address << UNIT_BITS) & (CHUNK_SIZE - 1);
  }

  /** Bytes held. */
  long bytes() {
    return 4 * ints;
  }

  private int addChunk(int length) {
    if (chunkCount == maxChunks) {
      throw new DagCapacityException(
          "lists of parents and merged blocks take " + bytes() + " bytes");
    }
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunkCount);
    }
    chunks[chunkCount] = new int[length];
    ints += length;
    return chunkCount++;
  }
}
