package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.List;
import kaspeer.primitives.records.RecordReader;
import kaspeer.primitives.records.RecordWriter;

/**
 * The transactions a chain block accepted, as they are stored: nearly always all of them, so what
 * is written is which were not.
 */
record Accepted(List<Part> parts) {
  private static final int FORM = 1;

  /** More than any block has. */
  private static final int MAX_TRANSACTIONS = 1 << 20;

  /**
   * What it accepted of a block it merged.
   *
   * @param block id
   * @param transactions indices there, ascending
   */
  record Part(int block, int[] transactions) {}

  /** The stored form of what block {@code id} did. */
  static byte[] encode(int id, MergedState merged) {
    RecordWriter out = new RecordWriter(8 * merged.blocks().size());
    out.varInt(FORM);
    out.varInt(merged.blocks().size());
    for (MergedBlock block : merged.blocks()) {
      out.varInt(id - block.id());
      int count = block.transactions().size();
      out.varInt(count);
      out.varInt(count - block.accepted().length);
      int next = 0;
      for (int i = 0; i < count; i++) {
        if (next < block.accepted().length && block.accepted()[next] == i) {
          next++;
        } else {
          out.varInt(i);
        }
      }
    }
    return out.toBytes();
  }

  /**
   * @throws IllegalArgumentException if the bytes are damaged
   */
  static Accepted decode(int id, byte[] bytes) {
    RecordReader in = ChainRecords.open("the acceptance of block " + id, bytes);
    if (in.varLong() != FORM) {
      throw in.damaged("unknown form");
    }
    int blocks = in.count(3);
    List<Part> parts = new ArrayList<>(blocks);
    for (int i = 0; i < blocks; i++) {
      int block = id - in.varInt(id);
      int count = in.varInt(MAX_TRANSACTIONS);
      int rejected = in.count(1);
      parts.add(new Part(block, accepted(in, count, rejected)));
    }
    in.end();
    return new Accepted(parts);
  }

  private static int[] accepted(RecordReader in, int count, int rejected) {
    if (rejected > count) {
      throw in.damaged("more rejected than there are");
    }
    int[] accepted = new int[count - rejected];
    int size = 0;
    int next = 0;
    for (int i = 0; i <= rejected; i++) {
      int end = i == rejected ? count : in.varInt(count);
      if (end < next || size + end - next > accepted.length) {
        throw in.damaged("rejected ones out of order");
      }
      while (next < end) {
        accepted[size++] = next++;
      }
      next++;
    }
    return accepted;
  }
}
