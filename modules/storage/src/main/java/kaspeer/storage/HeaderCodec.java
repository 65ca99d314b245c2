package kaspeer.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.ParentsByLevel.Run;
import kaspeer.primitives.records.RecordReader;
import kaspeer.primitives.records.RecordWriter;

/**
 * The stored form of a header with its DAG data.
 *
 * <p>Form 1: form number, length and bytes of the DAG data, then the header. Parents dominate a
 * header, and neighbouring levels mostly repeat each other's, so each distinct parent is written
 * once and the runs refer to it by number. The hash is not stored: reading computes it again.
 */
final class HeaderCodec {
  private static final int FORM = 1;

  /** What one header record holds. */
  record Stored(Header header, byte[] dagData) {}

  private HeaderCodec() {}

  static byte[] encode(Header header, byte[] dagData) {
    RecordWriter out = new RecordWriter(512 + dagData.length);
    out.u8(FORM);
    out.varBytes(dagData);
    out.varInt(header.version());
    writeParents(out, header.parents());
    out.hash(header.hashMerkleRoot());
    out.hash(header.acceptedIdMerkleRoot());
    out.hash(header.utxoCommitment());
    out.hash(header.pruningPoint());
    out.longLe(header.timestamp());
    out.intLe(header.bits());
    out.longLe(header.nonce());
    out.varLong(header.daaScore());
    out.varLong(header.blueScore());
    out.varBytes(header.blueWork().toMinimalBytes());
    return out.toBytes();
  }

  /**
   * @throws Damage if these bytes are not a header record
   */
  static Stored decode(int id, byte[] record) {
    RecordReader in = open(id, record);
    byte[] dagData = in.varBytes();
    return new Stored(readHeader(in), dagData);
  }

  /** Like {@link #decode}, without the DAG data. */
  static Header decodeHeader(int id, byte[] record) {
    RecordReader in = open(id, record);
    in.skip(in.count(1));
    return readHeader(in);
  }

  static Damage missing(int id) {
    return new Damage("header " + id + " is missing");
  }

  private static RecordReader open(int id, byte[] record) {
    RecordReader in = StoredRecords.open("header " + id, record);
    int form = in.u8();
    if (form != FORM) {
      throw in.damaged("unknown form " + form);
    }
    return in;
  }

  private static Header readHeader(RecordReader in) {
    int version = in.varInt();
    ParentsByLevel parents = readParents(in);
    Hash hashMerkleRoot = in.hash();
    Hash acceptedIdMerkleRoot = in.hash();
    Hash utxoCommitment = in.hash();
    Hash pruningPoint = in.hash();
    long timestamp = in.longLe();
    int bits = in.intLe();
    long nonce = in.longLe();
    long daaScore = in.varLong();
    long blueScore = in.varLong();
    BlueWork blueWork = BlueWork.fromBigEndian(in.raw(in.varInt(BlueWork.SIZE)));
    in.end();
    return new Header(
        version,
        parents,
        hashMerkleRoot,
        acceptedIdMerkleRoot,
        utxoCommitment,
        timestamp,
        bits,
        nonce,
        daaScore,
        blueWork,
        blueScore,
        pruningPoint);
  }

  private static void writeParents(RecordWriter out, ParentsByLevel parents) {
    Map<Hash, Integer> numbers = new HashMap<>();
    List<Hash> distinct = new ArrayList<>();
    for (Run run : parents.runs()) {
      for (Hash parent : run.parents()) {
        if (numbers.putIfAbsent(parent, distinct.size()) == null) {
          distinct.add(parent);
        }
      }
    }
    out.varInt(distinct.size());
    distinct.forEach(out::hash);
    out.varInt(parents.runs().size());
    for (Run run : parents.runs()) {
      out.varInt(run.endLevel());
      out.varInt(run.parents().size());
      for (Hash parent : run.parents()) {
        out.varInt(numbers.getOrDefault(parent, 0));
      }
    }
  }

  private static ParentsByLevel readParents(RecordReader in) {
    Hash[] distinct = new Hash[in.count(Hash.SIZE)];
    for (int i = 0; i < distinct.length; i++) {
      distinct[i] = in.hash();
    }
    int runCount = in.varInt(ParentsByLevel.MAX_LEVELS);
    List<Run> runs = new ArrayList<>(runCount);
    for (int i = 0; i < runCount; i++) {
      int endLevel = in.varInt(ParentsByLevel.MAX_LEVELS);
      Hash[] parents = new Hash[in.count(1)];
      for (int p = 0; p < parents.length; p++) {
        parents[p] = distinct[in.varInt(distinct.length - 1)];
      }
      runs.add(new Run(endLevel, List.of(parents)));
    }
    try {
      return new ParentsByLevel(runs);
    } catch (IllegalArgumentException e) {
      throw in.damaged(String.valueOf(e.getMessage()));
    }
  }
}
