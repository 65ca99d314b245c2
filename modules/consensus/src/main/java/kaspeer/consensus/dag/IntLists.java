package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * One growing list of ints for every id. Most lists have one entry, which is kept in place; longer
 * ones lie in a pool in runs of a power of two, of four at first.
 */
final class IntLists {
  private static final int FIRST_LOG = Integer.numberOfTrailingZeros(IntPool.UNIT);

  private final IntPool pool = new IntPool();

  /** The only entry, or the address of the run. */
  private int[] head = new int[0];

  private int[] size = new int[0];

  /** Makes room for ids below {@code capacity}. */
  void ensure(int capacity) {
    if (capacity > head.length) {
      head = Arrays.copyOf(head, capacity);
      size = Arrays.copyOf(size, capacity);
    }
  }

  int size(int id) {
    return size[id];
  }

  int get(int id, int index) {
    return size[id] == 1 ? head[id] : pool.array(head[id])[IntPool.offset(head[id]) + index];
  }

  int last(int id) {
    return get(id, size[id] - 1);
  }

  void add(int id, int value) {
    insert(id, size[id], value);
  }

  void insert(int id, int index, int value) {
    int n = size[id];
    if (n == 0) {
      head[id] = value;
    } else if (n == 1) {
      int only = head[id];
      int address = pool.allocatePower(FIRST_LOG);
      int[] array = pool.array(address);
      int offset = IntPool.offset(address);
      array[offset] = index == 0 ? value : only;
      array[offset + 1] = index == 0 ? only : value;
      head[id] = address;
    } else {
      insertInRun(id, n, index, value);
    }
    size[id] = n + 1;
  }

  private void insertInRun(int id, int n, int index, int value) {
    int address = head[id];
    int[] array = pool.array(address);
    int offset = IntPool.offset(address);
    if (n >= IntPool.UNIT && Integer.bitCount(n) == 1) { // the run is full
      int log = Integer.numberOfTrailingZeros(n);
      int wider = pool.allocatePower(log + 1);
      int[] target = pool.array(wider);
      int targetOffset = IntPool.offset(wider);
      System.arraycopy(array, offset, target, targetOffset, n);
      pool.freePower(address, log);
      head[id] = wider;
      array = target;
      offset = targetOffset;
    }
    System.arraycopy(array, offset + index, array, offset + index + 1, n - index);
    array[offset + index] = value;
  }

  int[] toArray(int id) {
    int n = size[id];
    if (n == 1) {
      return new int[] {head[id]};
    }
    int offset = IntPool.offset(head[id]);
    return n == 0 ? new int[0] : Arrays.copyOfRange(pool.array(head[id]), offset, offset + n);
  }

  /** Bytes held. */
  long bytes() {
    return pool.bytes() + 8L * head.length;
  }
}
