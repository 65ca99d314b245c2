package kaspeer.crypto;

import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/** Bytes as the oracle's vectors use them, and lanes as bytes. */
final class TestBytes {
  private TestBytes() {}

  /** Bytes 3, 10, 17, and so on. */
  static byte[] message(int length) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) (7 * i + 3);
    }
    return message;
  }

  /** The hash in the first four lanes of a state. */
  static Hash toHash(long[] lanes) {
    byte[] bytes = new byte[Hash.SIZE];
    for (int i = 0; i < 4; i++) {
      Bytes.putLongLe(bytes, 8 * i, lanes[i]);
    }
    return Hash.of(bytes);
  }

  /** The first four lanes of a state that hold a hash. */
  static long[] toLanes(Hash hash) {
    byte[] bytes = hash.toBytes();
    long[] lanes = new long[4];
    for (int i = 0; i < 4; i++) {
      lanes[i] = Bytes.longLe(bytes, 8 * i);
    }
    return lanes;
  }
}
