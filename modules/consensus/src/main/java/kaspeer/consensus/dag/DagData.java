package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * What was computed for a header, as bytes: with the header itself, all that is needed to have it
 * in memory again. Ids are written as distances from the block's own id, so most numbers take one
 * byte.
 */
final class DagData {
  private static final int VERSION = 1;

  /** More parents or level nodes than any header has. */
  private static final int MAX_COUNT = 1 << 16;

  /** What {@link #decode} does not put into the block. */
  record Decoded(int level, long sinceMedianTime, int firstLevel) {}

  private byte[] bytes;
  private int at;

  private DagData(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The data of a stored block.
   *
   * @param firstNewNode nodes of the level store from this one on were made for the block
   */
  static byte[] encode(Dag dag, int id, int firstNewNode) {
    Blocks blocks = dag.blocks();
    DagData out = new DagData(new byte[256]);
    out.put(VERSION);
    out.put(blocks.level(id));
    out.put(blocks.timestamp[id] - blocks.pastMedianTime[id]);
    int parents = blocks.parentCount(id);
    out.put(parents);
    int selected = 0;
    for (int i = 0; i < parents; i++) {
      out.put(id - blocks.parent(id, i));
      if (blocks.parent(id, i) == blocks.selectedParent[id]) {
        selected = i;
      }
    }
    out.put(selected);
    out.putMergeset(blocks, id);
    out.put(id - blocks.mergeRoot[id]);
    out.put(id - blocks.finalityPoint[id]);
    out.put(id - blocks.pruningSample[id]);
    out.put(blocks.pruningPoint[id] < 0 ? 0 : id - blocks.pruningPoint[id]);
    out.putLevels(dag.levelStore(), id, firstNewNode);
    return Arrays.copyOf(out.bytes, out.at);
  }

  private void putMergeset(Blocks blocks, int id) {
    int[] record = blocks.record(id);
    int from = blocks.recordOffset(id);
    int m = record[from + Blocks.RECORD_MERGED];
    int lists = from + Blocks.RECORD_LISTS;
    put(m);
    put(record[from + Blocks.RECORD_PARENT_SIZE]);
    for (int i = 0; i < m; i++) {
      int merged = record[lists + i];
      long distance = (long) id - (merged & ~Blocks.RED);
      put(distance << 1 | (merged < 0 ? 1 : 0));
      if (merged >= 0) {
        put(record[lists + m + i]);
      }
    }
    int extras = record[from + Blocks.RECORD_EXTRAS];
    put(extras);
    for (int i = 0; i < extras; i++) {
      put(id - record[lists + 2 * m + 2 * i]);
      put(record[lists + 2 * m + 2 * i + 1]);
    }
  }

  private void putLevels(LevelStore store, int id, int firstNewNode) {
    put(store.count() - firstNewNode);
    for (int node = firstNewNode; node < store.count(); node++) {
      put(store.end(node));
      put(node - store.next(node));
      int size = store.size(node);
      put(size);
      for (int i = 0; i < size; i++) {
        put(id - store.array(node)[store.offset(node) + i]);
      }
    }
    put(store.count() - store.head(id));
  }

  /**
   * Reads the data of the block that gets {@code id} into {@code next}, and its level nodes into
   * the store.
   *
   * @throws IllegalArgumentException if it is not such data
   */
  static Decoded decode(byte[] bytes, int id, LevelStore store, NextBlock next) {
    DagData in = new DagData(bytes);
    if (in.get(VERSION) != VERSION) {
      throw in.corrupt();
    }
    int level = in.get(255);
    long sinceMedianTime = in.getLong();
    int parents = in.get(MAX_COUNT);
    int[] ids = new int[parents];
    for (int i = 0; i < parents; i++) {
      ids[i] = in.getId(id);
    }
    next.setParents(ids, parents);
    int selected = in.get(Integer.MAX_VALUE);
    if (selected >= parents) {
      throw in.corrupt();
    }
    next.selectedParent = ids[selected];
    in.getMergeset(id, next);
    next.mergeRoot = in.getId(id);
    next.finalityPoint = in.getId(id);
    next.pruningSample = in.getId(id);
    int pruningPoint = in.get(id);
    next.pruningPoint = pruningPoint == 0 ? Blocks.NONE : id - pruningPoint;
    int firstLevel = in.getLevels(id, store);
    if (in.at != bytes.length) {
      throw in.corrupt();
    }
    return new Decoded(level, sinceMedianTime, firstLevel);
  }

  private void getMergeset(int id, NextBlock next) {
    int m = get(id);
    next.selectedParentSize = get(Integer.MAX_VALUE);
    next.mergedCount = 0;
    for (int i = 0; i < m; i++) {
      long coloured = getLong();
      long distance = coloured >>> 1;
      if (distance < 1 || distance > id) {
        throw corrupt();
      }
      boolean red = (coloured & 1) == 1;
      next.addMerged(id - (int) distance | (red ? Blocks.RED : 0));
      next.mergedSizes[i] = red ? 0 : get(Integer.MAX_VALUE);
    }
    int extras = get(id);
    next.extraCount = 0;
    for (int i = 0; i < extras; i++) {
      int peer = getId(id);
      next.addExtra(peer, get(Integer.MAX_VALUE));
    }
  }

  private int getLevels(int id, LevelStore store) {
    int nodes = get(MAX_COUNT);
    int[] set = new int[16];
    for (int i = 0; i < nodes; i++) {
      int end = get(256);
      int distance = get(store.count());
      int size = get(id);
      if (distance == 0) {
        throw corrupt();
      }
      if (size > set.length) {
        set = new int[2 * size];
      }
      for (int j = 0; j < size; j++) {
        set[j] = getId(id);
      }
      store.append(end, store.count() - distance, set, 0, size);
    }
    int distance = get(store.count());
    if (distance == 0) {
      throw corrupt();
    }
    return store.count() - distance;
  }

  // --- numbers: 7 bits a byte, low ones first ---------------------------------------------------

  private void put(long value) {
    if (at + 10 > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
  }

  private long getLong() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == bytes.length) {
        throw corrupt();
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw corrupt();
  }

  /** A number of at most {@code max}. */
  private int get(int max) {
    long value = getLong();
    if (value < 0 || value > max) {
      throw corrupt();
    }
    return (int) value;
  }

  /** An id below {@code id}. */
  private int getId(int id) {
    int distance = get(id);
    if (distance == 0) {
      throw corrupt();
    }
    return id - distance;
  }

  private IllegalArgumentException corrupt() {
    return new IllegalArgumentException("stored data of a header is damaged at byte " + at);
  }
}
