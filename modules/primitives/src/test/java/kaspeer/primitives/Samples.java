package kaspeer.primitives;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Headers and transactions whose hashes the oracle has computed. */
public final class Samples {
  private Samples() {}

  /** The hash of 32 equal bytes. */
  public static Hash hash(int fill) {
    byte[] bytes = new byte[Hash.SIZE];
    Arrays.fill(bytes, (byte) fill);
    return Hash.of(bytes);
  }

  public static BlueWork work(String hex) {
    return BlueWork.fromBigEndian(HexFormat.of().parseHex(hex));
  }

  /**
   * 251 levels, all but the first with the same parent; every number has its top bit set where it
   * can.
   */
  public static Header deepHeader() {
    List<ParentsByLevel.Run> runs =
        List.of(
            new ParentsByLevel.Run(1, List.of(hash(1), hash(2))),
            new ParentsByLevel.Run(251, List.of(hash(3))));
    return new Header(
        2,
        new ParentsByLevel(runs),
        hash(4),
        hash(5),
        hash(6),
        0xFEDCBA9876543210L,
        0x1e7fffff,
        -1,
        123_456_789,
        work("abcdef0123456789abcdef"),
        987_654_321,
        hash(7));
  }

  /** No parents, and blue work 0. */
  public static Header parentlessHeader() {
    return new Header(
        0xFFFF,
        ParentsByLevel.NONE,
        hash(4),
        hash(5),
        hash(6),
        0,
        -1,
        1,
        2,
        BlueWork.ZERO,
        3,
        hash(7));
  }

  /** Parents that return after other levels, and a last level without any. */
  public static Header unevenHeader() {
    List<Hash> three = List.of(hash(1), hash(2), hash(9));
    List<ParentsByLevel.Run> runs =
        List.of(
            new ParentsByLevel.Run(3, three),
            new ParentsByLevel.Run(5, List.of(hash(2))),
            new ParentsByLevel.Run(6, three),
            new ParentsByLevel.Run(7, List.of()));
    return new Header(
        1,
        new ParentsByLevel(runs),
        hash(4),
        hash(5),
        hash(6),
        1_700_000_000_000L,
        0x1d00ffff,
        42,
        Long.MIN_VALUE,
        new BlueWork(-1, -1, -1),
        -1,
        hash(7));
  }

  /** A script that pays to a public key of 32 equal bytes. */
  public static Transaction.ScriptPublicKey payToKey(int fill) {
    byte[] script = new byte[34];
    Arrays.fill(script, (byte) fill);
    script[0] = 0x20;
    script[33] = (byte) 0xac;
    return new Transaction.ScriptPublicKey(0, script);
  }

  /** The user lane named 1, 2, 3, 4. */
  public static SubnetworkId lane() {
    byte[] bytes = new byte[SubnetworkId.SIZE];
    System.arraycopy(new byte[] {1, 2, 3, 4}, 0, bytes, 0, 4);
    return SubnetworkId.of(bytes);
  }

  public static Transaction.Input input(
      int fill, int index, byte[] script, long sequence, int computeCommit) {
    return new Transaction.Input(
        new Transaction.Outpoint(hash(fill), index), script, sequence, computeCommit);
  }

  /**
   * Version 0, two inputs with signature operations, a script of an unknown version, a lane, gas
   * and a payload.
   */
  public static Transaction version0() {
    return new Transaction(
        0,
        List.of(input(1, 7, new byte[] {0x51, 0x52}, -1, 3), input(2, -1, new byte[0], 0, 255)),
        List.of(
            new Transaction.Output(-1, new Transaction.ScriptPublicKey(65535, new byte[0]), null)),
        5,
        lane(),
        9,
        new byte[] {'p', 'a', 'y'},
        77);
  }

  /** Version 1 with a compute budget, an output with a covenant and one without. */
  public static Transaction version1() {
    return new Transaction(
        1,
        List.of(input(1, 7, new byte[] {0x51, 0x52}, -1, 65535)),
        List.of(
            new Transaction.Output(100, payToKey(8), new Transaction.Covenant(3, hash(9))),
            new Transaction.Output(1, new Transaction.ScriptPublicKey(0, new byte[0]), null)),
        5,
        lane(),
        9,
        new byte[] {'p', 'a', 'y'},
        0);
  }
}
