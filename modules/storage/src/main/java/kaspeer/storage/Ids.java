package kaspeer.storage;

import java.nio.ByteBuffer;

/** Block ids as keys: 4 bytes, big-endian, so that keys sort as ids do. */
final class Ids {
  private Ids() {}

  static byte[] key(int id) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(id).array();
  }

  static int read(String where, byte[] key) {
    int id = key.length == Integer.BYTES ? ByteBuffer.wrap(key).getInt() : -1;
    if (id < 0) {
      throw new Damage("a key among " + where + " is no id");
    }
    return id;
  }
}
