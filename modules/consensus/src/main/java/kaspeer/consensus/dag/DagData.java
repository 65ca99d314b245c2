package kaspeer.consensus.dag;

import kaspeer.primitives.records.RecordReader;
import kaspeer.primitives.records.RecordWriter;

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

  private DagData() {}

  /**
   * The data of a stored block.
   *
   * @param firstNewNode nodes of the level store from this one on were made for the block
   */
  static byte[] encode(Dag dag, int id, int firstNewNode) {
    Blocks blocks = dag.blocks();
    RecordWriter out = new RecordWriter(256);
    out.varLong(VERSION);
    out.varLong(blocks.level(id));
    out.varLong(blocks.timestamp[id] - blocks.pastMedianTime[id]);
    int parents = blocks.parentCount(id);
    out.varLong(parents);
    int selected = 0;
    for (int i = 0; i < parents; i++) {
      out.varLong(id - blocks.parent(id, i));
      if (blocks.parent(id, i) == blocks.selectedParent[id]) {
        selected = i;
      }
    }
    out.varLong(selected);
    writeMergeset(out, blocks, id);
    out.varLong(id - blocks.mergeRoot[id]);
    out.varLong(id - blocks.finalityPoint[id]);
    out.varLong(id - blocks.pruningSample[id]);
    out.varLong(blocks.pruningPoint[id] < 0 ? 0 : id - blocks.pruningPoint[id]);
    writeLevels(out, dag.levelStore(), id, firstNewNode);
    return out.toBytes();
  }

  private static void writeMergeset(RecordWriter out, Blocks blocks, int id) {
    int[] record = blocks.record(id);
    int from = blocks.recordOffset(id);
    int m = record[from + Blocks.RECORD_MERGED];
    int lists = from + Blocks.RECORD_LISTS;
    out.varLong(m);
    out.varLong(record[from + Blocks.RECORD_PARENT_SIZE]);
    for (int i = 0; i < m; i++) {
      int merged = record[lists + i];
      long distance = (long) id - (merged & ~Blocks.RED);
      out.varLong(distance << 1 | (merged < 0 ? 1 : 0));
      if (merged >= 0) {
        out.varLong(record[lists + m + i]);
      }
    }
    int extras = record[from + Blocks.RECORD_EXTRAS];
    out.varLong(extras);
    for (int i = 0; i < extras; i++) {
      out.varLong(id - record[lists + 2 * m + 2 * i]);
      out.varLong(record[lists + 2 * m + 2 * i + 1]);
    }
  }

  private static void writeLevels(RecordWriter out, LevelStore store, int id, int firstNewNode) {
    out.varLong(store.count() - firstNewNode);
    for (int node = firstNewNode; node < store.count(); node++) {
      out.varLong(store.end(node));
      out.varLong(node - store.next(node));
      int size = store.size(node);
      out.varLong(size);
      for (int i = 0; i < size; i++) {
        out.varLong(id - store.array(node)[store.offset(node) + i]);
      }
    }
    out.varLong(store.count() - store.head(id));
  }

  /**
   * Reads the data of the block that gets {@code id} into {@code next}, and its level nodes into
   * the store.
   *
   * @throws IllegalArgumentException if it is not such data
   */
  static Decoded decode(byte[] bytes, int id, LevelStore store, NextBlock next) {
    RecordReader in =
        new RecordReader(
            bytes,
            (at, problem) ->
                new IllegalArgumentException("stored data of a header is damaged at byte " + at));
    if (in.varInt(VERSION) != VERSION) {
      throw in.damaged("unknown version");
    }
    int level = in.varInt(255);
    long sinceMedianTime = in.varLong();
    int parents = in.varInt(MAX_COUNT);
    int[] ids = new int[parents];
    for (int i = 0; i < parents; i++) {
      ids[i] = readId(in, id);
    }
    next.setParents(ids, parents);
    int selected = in.varInt(Integer.MAX_VALUE);
    if (selected >= parents) {
      throw in.damaged("a selected parent that is none");
    }
    next.selectedParent = ids[selected];
    readMergeset(in, id, next);
    next.mergeRoot = readId(in, id);
    next.finalityPoint = readId(in, id);
    next.pruningSample = readId(in, id);
    int pruningPoint = in.varInt(id);
    next.pruningPoint = pruningPoint == 0 ? Blocks.NONE : id - pruningPoint;
    int firstLevel = readLevels(in, id, store);
    in.end();
    return new Decoded(level, sinceMedianTime, firstLevel);
  }

  private static void readMergeset(RecordReader in, int id, NextBlock next) {
    int m = in.varInt(id);
    next.selectedParentSize = in.varInt(Integer.MAX_VALUE);
    next.mergedCount = 0;
    for (int i = 0; i < m; i++) {
      long coloured = in.varLong();
      long distance = coloured >>> 1;
      if (distance < 1 || distance > id) {
        throw in.damaged("a merged block that is not there");
      }
      boolean red = (coloured & 1) == 1;
      next.addMerged(id - (int) distance | (red ? Blocks.RED : 0));
      next.mergedSizes[i] = red ? 0 : in.varInt(Integer.MAX_VALUE);
    }
    int extras = in.varInt(id);
    next.extraCount = 0;
    for (int i = 0; i < extras; i++) {
      int peer = readId(in, id);
      next.addExtra(peer, in.varInt(Integer.MAX_VALUE));
    }
  }

  private static int readLevels(RecordReader in, int id, LevelStore store) {
    int nodes = in.varInt(MAX_COUNT);
    int[] set = new int[16];
    for (int i = 0; i < nodes; i++) {
      int end = in.varInt(256);
      int distance = in.varInt(store.count());
      int size = in.varInt(id);
      if (distance == 0) {
        throw in.damaged("a level without an end");
      }
      if (size > set.length) {
        set = new int[2 * size];
      }
      for (int j = 0; j < size; j++) {
        set[j] = readId(in, id);
      }
      store.append(end, store.count() - distance, set, 0, size);
    }
    int distance = in.varInt(store.count());
    if (distance == 0) {
      throw in.damaged("a level without an end");
    }
    return store.count() - distance;
  }

  /** An id below {@code id}. */
  private static int readId(RecordReader in, int id) {
    int distance = in.varInt(id);
    if (distance == 0) {
      throw in.damaged("a block that refers to itself");
    }
    return id - distance;
  }
}
