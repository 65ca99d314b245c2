package kaspeer.script;

import java.util.Arrays;
import kaspeer.primitives.Bytes;

/**
 * SipHash-2-4 with 128 bits of output: a fast function that looks random to whoever does not have
 * its key. Thread safe.
 */
final class SipHash {
  static final int SIZE = 16;

  private final long k0;
  private final long k1;

  SipHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  byte[] hash(byte[] data) {
    State state = new State(k0, k1);
    int offset = 0;
    for (; offset + Long.BYTES <= data.length; offset += Long.BYTES) {
      state.absorb(Bytes.longLe(data, offset));
    }
    byte[] tail = Arrays.copyOfRange(data, offset, offset + Long.BYTES);
    state.absorb(Bytes.longLe(tail, 0) | (long) data.length << 56);
    byte[] digest = new byte[SIZE];
    Bytes.putLongLe(digest, 0, state.finish(0xee));
    Bytes.putLongLe(digest, Long.BYTES, state.finishAgain(0xdd));
    return digest;
  }

  private static final class State {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    State(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    void absorb(long word) {
      v3 ^= word;
      round();
      round();
      v0 ^= word;
    }

    long finish(long constant) {
      v2 ^= constant;
      return squeeze();
    }

    long finishAgain(long constant) {
      v1 ^= constant;
      return squeeze();
    }

    private long squeeze() {
      round();
      round();
      round();
      round();
      return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
  }
}
