package kaspeer.wire;

import java.security.SecureRandom;
import java.util.UUID;
import kaspeer.primitives.Bytes;

/**
 * Identity of a running node: 16 random bytes, new at each start. Not authenticated.
 *
 * @param high bytes 0 to 7, big-endian
 * @param low bytes 8 to 15, big-endian
 */
public record PeerId(long high, long low) {
  /** Bytes of an id. */
  public static final int SIZE = 16;

  /**
   * The id in these bytes.
   *
   * @throws IllegalArgumentException if there are not 16
   */
  public static PeerId of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new IllegalArgumentException("a peer id has 16 bytes, not " + bytes.length);
    }
    return new PeerId(Bytes.longBe(bytes, 0), Bytes.longBe(bytes, 8));
  }

  /** A new random id, of the form of a version 4 UUID as the live network's. */
  public static PeerId random(SecureRandom random) {
    long high = random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
    long low = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
    return new PeerId(high, low);
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[SIZE];
    Bytes.putLongBe(bytes, 0, high);
    Bytes.putLongBe(bytes, 8, low);
    return bytes;
  }

  /** The form of a UUID. */
  @Override
  public String toString() {
    return new UUID(high, low).toString();
  }
}
