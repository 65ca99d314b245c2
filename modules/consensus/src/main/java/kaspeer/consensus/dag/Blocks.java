package kaspeer.consensus.dag;

import java.util.Arrays;
import kaspeer.consensus.DagCapacityException;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;

/**
 * What is known of each block, in one array per field, indexed by id. Ids are dense, genesis is
 * first, parents have lower ids than their children. About 160 bytes a block plus its lists.
 *
 * <p>The calculators of this package read the arrays; everyone else uses the accessors.
 */
public final class Blocks {
  /** The id of genesis. */
  public static final int GENESIS = 0;

  /** Stands for "no block". */
  public static final int NONE = -1;

  /** Set on a merged block's id if it is red. */
  static final int RED = Integer.MIN_VALUE;

  /** An array of four longs for each must not be longer than Java's arrays can be. */
  static final int MAX_BLOCKS = (Integer.MAX_VALUE - 8) / 4;

  private static final BlockStatus[] STATUSES = {
    BlockStatus.HEADER_ONLY,
    BlockStatus.BODY,
    BlockStatus.INVALID,
    BlockStatus.UTXO_VALID,
    BlockStatus.DISQUALIFIED_FROM_CHAIN
  };

  /**
   * Where in a mergeset record things are: counts of merged blocks and of extra sizes, then the
   * sizes and lists.
   */
  static final int RECORD_MERGED = 0;

  static final int RECORD_EXTRAS = 1;
  static final int RECORD_PARENT_SIZE = 2;
  static final int RECORD_LISTS = 3;

  private int count;
  private long[] hashWords = new long[0];
  private long[] work = new long[0];
  private byte[] status = new byte[0];
  private byte[] level = new byte[0];
  long[] blueScore = new long[0];
  long[] daaScore = new long[0];
  long[] timestamp = new long[0];
  long[] pastMedianTime = new long[0];
  int[] bits = new int[0];
  int[] selectedParent = new int[0];
  int[] mergeRoot = new int[0];
  int[] finalityPoint = new int[0];
  int[] pruningSample = new int[0];
  int[] pruningPoint = new int[0];
  private int[] parents = new int[0];
  private int[] mergeset = new int[0];
  final IntPool pool = new IntPool();

  /** Number of blocks; ids are below it. */
  public int count() {
    return count;
  }

  /**
   * Makes room for one more block, of which only the header is known, and answers its id; the
   * caller fills its fields.
   *
   * @throws DagCapacityException if there can be no more
   */
  int add(Hash hash, BlueWork blueWork, int blockLevel) {
    int id = count;
    if (id == status.length) {
      grow(widened(id));
    }
    count++;
    for (int i = 0; i < 4; i++) {
      hashWords[4 * id + i] = hash.word(i);
    }
    work[3 * id] = blueWork.high();
    work[3 * id + 1] = blueWork.mid();
    work[3 * id + 2] = blueWork.low();
    level[id] = (byte) blockLevel;
    status[id] = 0;
    return id;
  }

  /** How many blocks to make room for when there is room for this many, all taken. */
  static int widened(int full) {
    if (full >= MAX_BLOCKS) {
      throw new DagCapacityException(full + " headers");
    }
    return Math.min(MAX_BLOCKS, Math.max(256, full + (full >> 1)));
  }

  private void grow(int capacity) {
    hashWords = Arrays.copyOf(hashWords, 4 * capacity);
    work = Arrays.copyOf(work, 3 * capacity);
    status = Arrays.copyOf(status, capacity);
    level = Arrays.copyOf(level, capacity);
    blueScore = Arrays.copyOf(blueScore, capacity);
    daaScore = Arrays.copyOf(daaScore, capacity);
    timestamp = Arrays.copyOf(timestamp, capacity);
    pastMedianTime = Arrays.copyOf(pastMedianTime, capacity);
    bits = Arrays.copyOf(bits, capacity);
    selectedParent = Arrays.copyOf(selectedParent, capacity);
    mergeRoot = Arrays.copyOf(mergeRoot, capacity);
    finalityPoint = Arrays.copyOf(finalityPoint, capacity);
    pruningSample = Arrays.copyOf(pruningSample, capacity);
    pruningPoint = Arrays.copyOf(pruningPoint, capacity);
    parents = Arrays.copyOf(parents, capacity);
    mergeset = Arrays.copyOf(mergeset, capacity);
  }

  /** How many ids the arrays have room for. */
  int capacity() {
    return status.length;
  }

  public Hash hash(int id) {
    int at = 4 * id;
    return Hash.ofWords(hashWords[at], hashWords[at + 1], hashWords[at + 2], hashWords[at + 3]);
  }

  boolean hasHash(int id, Hash hash) {
    int at = 4 * id;
    return hashWords[at + 3] == hash.word(3)
        && hashWords[at + 2] == hash.word(2)
        && hashWords[at + 1] == hash.word(1)
        && hashWords[at] == hash.word(0);
  }

  long lastHashWord(int id) {
    return hashWords[4 * id + 3];
  }

  public BlueWork blueWork(int id) {
    return new BlueWork(work[3 * id], work[3 * id + 1], work[3 * id + 2]);
  }

  /** The order of consensus: by (blue work, hash). */
  public int compareWork(int a, int b) {
    for (int i = 0; i < 3; i++) {
      int c = Long.compareUnsigned(work[3 * a + i], work[3 * b + i]);
      if (c != 0) {
        return c;
      }
    }
    for (int i = 0; i < 4; i++) {
      int c = Long.compareUnsigned(hashWords[4 * a + i], hashWords[4 * b + i]);
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  /**
   * Where a block belongs among others.
   *
   * @param ids of the others, in ascending order of {@link #compareWork}
   * @param size how many of them count
   * @return the first place whose block does not come before it, or {@code size}
   */
  public int placeByWork(int[] ids, int size, int id) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compareWork(ids[middle], id) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Sorts the first {@code length} ids ascending by (blue work, hash). */
  public void sortByWork(int[] ids, int length) {
    for (int i = length / 2 - 1; i >= 0; i--) {
      sink(ids, i, length);
    }
    for (int end = length - 1; end > 0; end--) {
      int highest = ids[0];
      ids[0] = ids[end];
      ids[end] = highest;
      sink(ids, 0, end);
    }
  }

  /** Restores the heap below index {@code from}. */
  private void sink(int[] ids, int from, int length) {
    int id = ids[from];
    int at = from;
    for (int child = 2 * at + 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && compareWork(ids[child], ids[child + 1]) < 0) {
        child++;
      }
      if (compareWork(ids[child], id) <= 0) {
        break;
      }
      ids[at] = ids[child];
      at = child;
    }
    ids[at] = id;
  }

  public BlockStatus status(int id) {
    return STATUSES[status[id]];
  }

  void setStatus(int id, BlockStatus value) {
    for (int i = 0; i < STATUSES.length; i++) {
      if (STATUSES[i] == value) {
        status[id] = (byte) i;
        return;
      }
    }
    throw new IllegalArgumentException("a block in the DAG cannot be " + value);
  }

  /** The block level, 0 to 255 (consensus reference 1.4). */
  public int level(int id) {
    return level[id] & 0xFF;
  }

  public long blueScore(int id) {
    return blueScore[id];
  }

  public long daaScore(int id) {
    return daaScore[id];
  }

  public long timestamp(int id) {
    return timestamp[id];
  }

  /** What its own timestamp had to exceed, in milliseconds since 1970. */
  public long pastMedianTime(int id) {
    return pastMedianTime[id];
  }

  public int bits(int id) {
    return bits[id];
  }

  public int selectedParent(int id) {
    return selectedParent[id];
  }

  /**
   * Blocks that a block on this one's selected chain may still merge have this one in their past
   * (or are kosherized).
   */
  public int mergeRoot(int id) {
    return mergeRoot[id];
  }

  public int finalityPoint(int id) {
    return finalityPoint[id];
  }

  // --- lists ----------------------------------------------------------------------------------

  void setParents(int id, int[] ids, int length) {
    int address = pool.allocate(length + 1);
    int[] array = pool.array(address);
    int offset = IntPool.offset(address);
    array[offset] = length;
    System.arraycopy(ids, 0, array, offset + 1, length);
    parents[id] = address;
  }

  int parentCount(int id) {
    return pool.array(parents[id])[IntPool.offset(parents[id])];
  }

  int parent(int id, int index) {
    return pool.array(parents[id])[IntPool.offset(parents[id]) + 1 + index];
  }

  /** Direct parents in the header's order. */
  public int[] parents(int id) {
    int offset = IntPool.offset(parents[id]) + 1;
    int[] array = pool.array(parents[id]);
    return Arrays.copyOfRange(array, offset, offset + array[offset - 1]);
  }

  /**
   * Takes over what GHOSTDAG found: merged blocks with colours, and the blue anticone sizes the
   * block knows of.
   */
  void setMergeset(int id, NextBlock next) {
    int m = next.mergedCount;
    int address = pool.allocate(RECORD_LISTS + 2 * m + 2 * next.extraCount);
    int[] array = pool.array(address);
    int at = IntPool.offset(address);
    array[at + RECORD_MERGED] = m;
    array[at + RECORD_EXTRAS] = next.extraCount;
    array[at + RECORD_PARENT_SIZE] = next.selectedParentSize;
    System.arraycopy(next.merged, 0, array, at + RECORD_LISTS, m);
    System.arraycopy(next.mergedSizes, 0, array, at + RECORD_LISTS + m, m);
    System.arraycopy(next.extras, 0, array, at + RECORD_LISTS + 2 * m, 2 * next.extraCount);
    mergeset[id] = address;
  }

  /** The array that holds a block's mergeset record; see {@link #recordOffset}. */
  int[] record(int id) {
    return pool.array(mergeset[id]);
  }

  /**
   * Where the record begins: counts, the selected parent's size, merged ids with {@link #RED},
   * their sizes, extras.
   */
  int recordOffset(int id) {
    return IntPool.offset(mergeset[id]);
  }

  /** Blue anticone size of a block as this block's record has it, or -1 if it has none. */
  int anticoneSize(int id, int of) {
    int[] record = record(id);
    int at = recordOffset(id);
    if (of == selectedParent[id]) {
      return record[at + RECORD_PARENT_SIZE];
    }
    int m = record[at + RECORD_MERGED];
    int lists = at + RECORD_LISTS;
    for (int i = 0; i < m; i++) {
      if (record[lists + i] == of) {
        return record[lists + m + i];
      }
    }
    int extras = lists + 2 * m;
    int end = extras + 2 * record[at + RECORD_EXTRAS];
    for (int i = extras; i < end; i += 2) {
      if (record[i] == of) {
        return record[i + 1];
      }
    }
    return -1;
  }

  /** Blues and reds ascending by (blue work, hash), without the selected parent. */
  public int[] mergeset(int id) {
    int[] merged = Arrays.copyOfRange(record(id), recordOffset(id) + RECORD_LISTS, mergedEnd(id));
    for (int i = 0; i < merged.length; i++) {
      merged[i] &= ~RED;
    }
    return merged;
  }

  /** The selected parent, then the other blues ascending by (blue work, hash). */
  public int[] blues(int id) {
    int[] blues =
        Arrays.stream(record(id), recordOffset(id) + RECORD_LISTS, mergedEnd(id))
            .filter(m -> m >= 0)
            .toArray();
    int[] all = new int[blues.length + 1];
    all[0] = selectedParent[id];
    System.arraycopy(blues, 0, all, 1, blues.length);
    return all;
  }

  /** The reds ascending by (blue work, hash). */
  public int[] reds(int id) {
    return Arrays.stream(record(id), recordOffset(id) + RECORD_LISTS, mergedEnd(id))
        .filter(m -> m < 0)
        .map(m -> m & ~RED)
        .toArray();
  }

  private int mergedEnd(int id) {
    return recordOffset(id) + RECORD_LISTS + record(id)[recordOffset(id) + RECORD_MERGED];
  }

  /** Bytes held. */
  long bytes() {
    return pool.bytes() + 142L * status.length;
  }
}
