package kaspeer.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;
import kaspeer.consensus.DagStore.Position;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.primitives.records.RecordReader;
import kaspeer.primitives.records.RecordWriter;

/**
 * The stored form of the UTXO set and what goes with it.
 *
 * <p>A key is the transaction's id and the index, big-endian. Of the commonest script, which checks
 * a Schnorr signature by the public key in it, only the key is written.
 */
final class UtxoCodec {
  private static final int KEY_SIZE = Hash.SIZE + Integer.BYTES;
  private static final int COINBASE = 1;
  private static final int COVENANT = 2;
  private static final int PAY_TO_PUBLIC_KEY = 4;
  private static final int PUBLIC_KEY_SCRIPT_SIZE = 34;
  private static final byte PUSH_32 = 0x20;
  private static final byte CHECK_SIG = (byte) 0xac;

  private UtxoCodec() {}

  static byte[] key(Outpoint outpoint) {
    byte[] key = new byte[KEY_SIZE];
    outpoint.transactionId().write(key, 0);
    ByteBuffer.wrap(key).putInt(Hash.SIZE, outpoint.index());
    return key;
  }

  static Outpoint outpoint(byte[] key) {
    if (key.length != KEY_SIZE) {
      throw new Damage("an outpoint of " + key.length + " bytes");
    }
    return new Outpoint(Hash.read(key, 0), ByteBuffer.wrap(key).getInt(Hash.SIZE));
  }

  static byte[] encode(UtxoEntry entry) {
    byte[] script = entry.scriptPublicKey().script();
    boolean plain = isPayToPublicKey(entry.scriptPublicKey());
    Hash covenantId = entry.covenantId();
    RecordWriter out = new RecordWriter(24 + script.length + (covenantId == null ? 0 : Hash.SIZE));
    out.u8(
        (entry.coinbase() ? COINBASE : 0)
            | (covenantId == null ? 0 : COVENANT)
            | (plain ? PAY_TO_PUBLIC_KEY : 0));
    out.varLong(entry.amount());
    out.varLong(entry.blockDaaScore());
    if (plain) {
      out.raw(Arrays.copyOfRange(script, 1, PUBLIC_KEY_SCRIPT_SIZE - 1));
    } else {
      out.varInt(entry.scriptPublicKey().version());
      out.varBytes(script);
    }
    if (covenantId != null) {
      out.hash(covenantId);
    }
    return out.toBytes();
  }

  /**
   * @throws Damage if these bytes are not an entry
   */
  static UtxoEntry decode(byte[] record) {
    RecordReader in = StoredRecords.open("an unspent output", record);
    int flags = in.u8();
    long amount = in.varLong();
    long daaScore = in.varLong();
    ScriptPublicKey script;
    if ((flags & PAY_TO_PUBLIC_KEY) != 0) {
      byte[] bytes = new byte[PUBLIC_KEY_SCRIPT_SIZE];
      bytes[0] = PUSH_32;
      System.arraycopy(in.raw(Hash.SIZE), 0, bytes, 1, Hash.SIZE);
      bytes[PUBLIC_KEY_SCRIPT_SIZE - 1] = CHECK_SIG;
      script = new ScriptPublicKey(0, bytes);
    } else {
      script = new ScriptPublicKey(in.varInt(0xFFFF), in.varBytes());
    }
    Hash covenantId = (flags & COVENANT) == 0 ? null : in.hash();
    in.end();
    return new UtxoEntry(amount, script, daaScore, (flags & COINBASE) != 0, covenantId);
  }

  private static boolean isPayToPublicKey(ScriptPublicKey scriptPublicKey) {
    byte[] script = scriptPublicKey.script();
    return scriptPublicKey.version() == 0
        && script.length == PUBLIC_KEY_SCRIPT_SIZE
        && script[0] == PUSH_32
        && script[PUBLIC_KEY_SCRIPT_SIZE - 1] == CHECK_SIG;
  }

  /** The value of a lane; its key is the lane's. */
  static byte[] encode(StoredLane lane) {
    RecordWriter out = new RecordWriter(Hash.SIZE + 10);
    out.hash(lane.tip());
    out.varLong(lane.blueScore());
    return out.toBytes();
  }

  /**
   * @throws Damage if these are not a lane
   */
  static StoredLane lane(byte[] key, byte[] record) {
    RecordReader in = StoredRecords.open("a lane", record);
    if (key.length != Hash.SIZE) {
      throw in.damaged("a key of " + key.length + " bytes");
    }
    StoredLane lane = new StoredLane(Hash.of(key), in.hash(), in.varLong());
    in.end();
    return lane;
  }

  static byte[] encode(Position position) {
    RecordWriter out = new RecordWriter(16);
    out.varInt(position.block());
    out.varInt(position.finalityPoint());
    return out.toBytes();
  }

  /**
   * @throws Damage if these bytes are not a position
   */
  static Position position(byte[] record) {
    RecordReader in = StoredRecords.open("the position of the UTXO set", record);
    Position position = new Position(in.varInt(Integer.MAX_VALUE), in.varInt(Integer.MAX_VALUE));
    in.end();
    return position;
  }
}
