package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.List;
import kaspeer.crypto.lanes.Lane;
import kaspeer.primitives.records.RecordReader;
import kaspeer.primitives.records.RecordWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a chain block changed in the state of its selected parent, as it is stored. It can be gone
 * along in both directions.
 */
record Delta(UtxoDiff utxos, List<LaneChange> lanes) {
  private static final int FORM = 1;

  private static final int MIN_LANE = 33;
  private static final int EXPECTED_UTXO = 96;
  private static final int BEFORE = 1;
  private static final int AFTER = 2;

  /** The way back to the selected parent. */
  Delta reversed() {
    return new Delta(utxos.reversed(), lanes.stream().map(LaneChange::reversed).toList());
  }

  byte[] encode() {
    RecordWriter out = new RecordWriter(EXPECTED_UTXO * (utxos.size() + lanes.size()));
    out.varInt(FORM);
    out.varInt(utxos.addedCount());
    utxos.forEachAdded((outpoint, entry) -> UtxoRecord.write(out, outpoint, entry));
    out.varInt(utxos.removedCount());
    utxos.forEachRemoved((outpoint, entry) -> UtxoRecord.write(out, outpoint, entry));
    out.varInt(lanes.size());
    for (LaneChange change : lanes) {
      out.hash(change.key());
      Lane before = change.before();
      Lane after = change.after();
      out.varInt((before == null ? 0 : BEFORE) | (after == null ? 0 : AFTER));
      put(out, before);
      put(out, after);
    }
    return out.toBytes();
  }

  private static void put(RecordWriter out, @Nullable Lane lane) {
    if (lane != null) {
      out.hash(lane.tip());
      out.varLong(lane.touchBlueScore());
    }
  }

  /**
   * @throws IllegalArgumentException if the bytes are damaged
   */
  static Delta decode(int id, byte[] bytes) {
    RecordReader in = ChainRecords.open("the change of block " + id, bytes);
    if (in.varLong() != FORM) {
      throw in.damaged("unknown form");
    }
    UtxoDiff added = new UtxoDiff();
    read(in, added);
    UtxoDiff removed = new UtxoDiff();
    read(in, removed);
    int count = in.count(MIN_LANE);
    List<LaneChange> lanes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      var key = in.hash();
      int flags = in.varInt(BEFORE | AFTER);
      lanes.add(
          new LaneChange(
              key,
              (flags & BEFORE) == 0 ? null : lane(in),
              (flags & AFTER) == 0 ? null : lane(in)));
    }
    in.end();
    return new Delta(UtxoDiff.of(added, removed), lanes);
  }

  private static void read(RecordReader in, UtxoDiff into) {
    int count = in.count(UtxoRecord.MIN_SIZE);
    for (int i = 0; i < count; i++) {
      UtxoRecord.read(in, into::add);
    }
  }

  private static Lane lane(RecordReader in) {
    return new Lane(in.hash(), in.varLong());
  }
}
