package kaspeer.primitives;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The 20-byte id that names a transaction's lane (consensus reference 1.5). */
public final class SubnetworkId {
  public static final int SIZE = 20;
  public static final SubnetworkId NATIVE = new SubnetworkId(new byte[SIZE]);
  public static final SubnetworkId COINBASE = system(1);
  public static final SubnetworkId REGISTRY = system(2);

  private static final List<SubnetworkId> FREQUENT = List.of(NATIVE, COINBASE);

  private final byte[] bytes;

  private SubnetworkId(byte[] bytes) {
    this.bytes = bytes;
  }

  private static SubnetworkId system(int first) {
    byte[] bytes = new byte[SIZE];
    bytes[0] = (byte) first;
    return new SubnetworkId(bytes);
  }

  /**
   * @throws IllegalArgumentException if there are not 20 bytes
   */
  public static SubnetworkId of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a subnetwork id has 20 bytes, not " + bytes.length);
    }
    return new SubnetworkId(bytes.clone());
  }

  /** The id in the 20 bytes from {@code offset} on; of the most frequent ones there is one only. */
  public static SubnetworkId read(byte[] bytes, int offset) {
    for (SubnetworkId frequent : FREQUENT) {
      if (Arrays.equals(frequent.bytes, 0, SIZE, bytes, offset, offset + SIZE)) {
        return frequent;
      }
    }
    return new SubnetworkId(Arrays.copyOfRange(bytes, offset, offset + SIZE));
  }

  /**
   * Whether only the first byte may differ from 0: the shape reserved for the system's own lanes.
   */
  public boolean isSystem() {
    return zeroFrom(1);
  }

  /** Whether this is a user lane: a 4-byte name, then 16 zero bytes, and not of system shape. */
  public boolean isUserLane() {
    return zeroFrom(4) && !isSystem();
  }

  private boolean zeroFrom(int index) {
    for (int i = index; i < SIZE; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Copies the 20 bytes to {@code target} from {@code offset} on. */
  public void write(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, SIZE);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof SubnetworkId other && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
