package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * Many short runs of ints in few large arrays, each run named by one int, its address. A run lies
 * within one array, so that a reader takes {@link #array} and {@link #offset} once and then reads
 * plainly.
 */
final class IntPool {
  private static final int CHUNK_BITS = 14;
  private static final int CHUNK_SIZE = 1 << CHUNK_BITS;
  private static final int MAX_CHUNKS = 1 << (31 - CHUNK_BITS);

  private int[][] chunks = new int[4][];
  private int chunkCount;
  private int current = -1;
  private int used;
  private long ints;

  /** Addresses of freed runs, by the logarithm of their length. */
  private final int[][] freed = new int[32][];

  private final int[] freedCount = new int[32];

  /** A run of this many ints, zero at first. It is never moved. */
  int allocate(int length) {
    if (length > CHUNK_SIZE) {
      return addChunk(length) << CHUNK_BITS;
    }
    if (current < 0 || used + length > CHUNK_SIZE) {
      current = addChunk(CHUNK_SIZE);
      used = 0;
    }
    int address = current << CHUNK_BITS | used;
    used += length;
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
    return address & (CHUNK_SIZE - 1);
  }

  /** Bytes held. */
  long bytes() {
    return 4 * ints;
  }

  private int addChunk(int length) {
    if (chunkCount == MAX_CHUNKS) {
      throw new IllegalStateException("the DAG has outgrown 2^31 list entries");
    }
    if (chunkCount == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunkCount);
    }
    chunks[chunkCount] = new int[length];
    ints += length;
    return chunkCount++;
  }
}
