package kaspeer.primitives.hashing;

import kaspeer.primitives.Bytes;

/**
 * BLAKE2b's compression function (RFC 7693), laid out for the compiler: the working vector is in
 * fields, each of the small methods below is inlined, and a chain of rounds becomes straight code
 * on registers. Written as a loop over the table of message words it takes twice as long; as one
 * method it would be too large to be compiled at all.
 */
final class Blake2bCompressor {
  static final int BLOCK_SIZE = 128;

  private static final long IV0 = 0x6a09e667f3bcc908L;
  private static final long IV1 = 0xbb67ae8584caa73bL;
  private static final long IV2 = 0x3c6ef372fe94f82bL;
  private static final long IV3 = 0xa54ff53a5f1d36f1L;
  private static final long IV4 = 0x510e527fade682d1L;
  private static final long IV5 = 0x9b05688c2b3e6c1fL;
  private static final long IV6 = 0x1f83d9abfb41bd6bL;
  private static final long IV7 = 0x5be0cd19137e2179L;

  /** Digest length 32, fan-out 1, depth 1; the key length is added. */
  private static final long PARAMETERS = 0x01010020L;

  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long v4;
  private long v5;
  private long v6;
  private long v7;
  private long v8;
  private long v9;
  private long v10;
  private long v11;
  private long v12;
  private long v13;
  private long v14;
  private long v15;

  /** The state before any block. */
  static long[] initialState(int keyLength) {
    return new long[] {IV0 ^ PARAMETERS ^ (long) keyLength << 8, IV1, IV2, IV3, IV4, IV5, IV6, IV7};
  }

  /**
   * Compresses one block.
   *
   * @param h the state, 8 words, changed in place
   * @param count bytes of the message up to and with this block
   */
  void compress(long[] h, byte[] block, int offset, long count, boolean last) {
    v0 = h[0];
    v1 = h[1];
    v2 = h[2];
    v3 = h[3];
    v4 = h[4];
    v5 = h[5];
    v6 = h[6];
    v7 = h[7];
    v8 = IV0;
    v9 = IV1;
    v10 = IV2;
    v11 = IV3;
    v12 = IV4 ^ count;
    v13 = IV5;
    v14 = last ? ~IV6 : IV6;
    v15 = IV7;
    firstRounds(block, offset);
    lastRounds(block, offset);
    h[0] ^= v0 ^ v8;
    h[1] ^= v1 ^ v9;
    h[2] ^= v2 ^ v10;
    h[3] ^= v3 ^ v11;
    h[4] ^= v4 ^ v12;
    h[5] ^= v5 ^ v13;
    h[6] ^= v6 ^ v14;
    h[7] ^= v7 ^ v15;
  }

  private void firstRounds(byte[] block, int offset) {
    long m0 = Bytes.longLe(block, offset);
    long m1 = Bytes.longLe(block, offset + 8);
    long m2 = Bytes.longLe(block, offset + 16);
    long m3 = Bytes.longLe(block, offset + 24);
    long m4 = Bytes.longLe(block, offset + 32);
    long m5 = Bytes.longLe(block, offset + 40);
    long m6 = Bytes.longLe(block, offset + 48);
    long m7 = Bytes.longLe(block, offset + 56);
    long m8 = Bytes.longLe(block, offset + 64);
    long m9 = Bytes.longLe(block, offset + 72);
    long m10 = Bytes.longLe(block, offset + 80);
    long m11 = Bytes.longLe(block, offset + 88);
    long m12 = Bytes.longLe(block, offset + 96);
    long m13 = Bytes.longLe(block, offset + 104);
    long m14 = Bytes.longLe(block, offset + 112);
    long m15 = Bytes.longLe(block, offset + 120);
    columns(m0, m1, m2, m3, m4, m5, m6, m7);
    diagonals(m8, m9, m10, m11, m12, m13, m14, m15);
    columns(m14, m10, m4, m8, m9, m15, m13, m6);
    diagonals(m1, m12, m0, m2, m11, m7, m5, m3);
    columns(m11, m8, m12, m0, m5, m2, m15, m13);
    diagonals(m10, m14, m3, m6, m7, m1, m9, m4);
    columns(m7, m9, m3, m1, m13, m12, m11, m14);
    diagonals(m2, m6, m5, m10, m4, m0, m15, m8);
    columns(m9, m0, m5, m7, m2, m4, m10, m15);
    diagonals(m14, m1, m11, m12, m6, m8, m3, m13);
    columns(m2, m12, m6, m10, m0, m11, m8, m3);
    diagonals(m4, m13, m7, m5, m15, m14, m1, m9);
  }

  private void lastRounds(byte[] block, int offset) {
    long m0 = Bytes.longLe(block, offset);
    long m1 = Bytes.longLe(block, offset + 8);
    long m2 = Bytes.longLe(block, offset + 16);
    long m3 = Bytes.longLe(block, offset + 24);
    long m4 = Bytes.longLe(block, offset + 32);
    long m5 = Bytes.longLe(block, offset + 40);
    long m6 = Bytes.longLe(block, offset + 48);
    long m7 = Bytes.longLe(block, offset + 56);
    long m8 = Bytes.longLe(block, offset + 64);
    long m9 = Bytes.longLe(block, offset + 72);
    long m10 = Bytes.longLe(block, offset + 80);
    long m11 = Bytes.longLe(block, offset + 88);
    long m12 = Bytes.longLe(block, offset + 96);
    long m13 = Bytes.longLe(block, offset + 104);
    long m14 = Bytes.longLe(block, offset + 112);
    long m15 = Bytes.longLe(block, offset + 120);
    columns(m12, m5, m1, m15, m14, m13, m4, m10);
    diagonals(m0, m7, m6, m3, m9, m2, m8, m11);
    columns(m13, m11, m7, m14, m12, m1, m3, m9);
    diagonals(m5, m0, m15, m4, m8, m6, m2, m10);
    columns(m6, m15, m14, m9, m11, m3, m0, m8);
    diagonals(m12, m2, m13, m7, m1, m4, m10, m5);
    columns(m10, m2, m8, m4, m7, m6, m1, m5);
    diagonals(m15, m11, m9, m14, m3, m12, m13, m0);
    columns(m0, m1, m2, m3, m4, m5, m6, m7);
    diagonals(m8, m9, m10, m11, m12, m13, m14, m15);
    columns(m14, m10, m4, m8, m9, m15, m13, m6);
    diagonals(m1, m12, m0, m2, m11, m7, m5, m3);
  }

  private void columns(long m0, long m1, long m2, long m3, long m4, long m5, long m6, long m7) {
    mix0(m0, m1);
    mix1(m2, m3);
    mix2(m4, m5);
    mix3(m6, m7);
  }

  private void diagonals(long m0, long m1, long m2, long m3, long m4, long m5, long m6, long m7) {
    mix4(m0, m1);
    mix5(m2, m3);
    mix6(m4, m5);
    mix7(m6, m7);
  }

  private void mix0(long x, long y) {
    long a = v0 + v4 + x;
    long d = Long.rotateRight(v12 ^ a, 32);
    long c = v8 + d;
    long b = Long.rotateRight(v4 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v0 = a;
    v4 = Long.rotateRight(b ^ c, 63);
    v8 = c;
    v12 = d;
  }

  private void mix1(long x, long y) {
    long a = v1 + v5 + x;
    long d = Long.rotateRight(v13 ^ a, 32);
    long c = v9 + d;
    long b = Long.rotateRight(v5 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v1 = a;
    v5 = Long.rotateRight(b ^ c, 63);
    v9 = c;
    v13 = d;
  }

  private void mix2(long x, long y) {
    long a = v2 + v6 + x;
    long d = Long.rotateRight(v14 ^ a, 32);
    long c = v10 + d;
    long b = Long.rotateRight(v6 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v2 = a;
    v6 = Long.rotateRight(b ^ c, 63);
    v10 = c;
    v14 = d;
  }

  private void mix3(long x, long y) {
    long a = v3 + v7 + x;
    long d = Long.rotateRight(v15 ^ a, 32);
    long c = v11 + d;
    long b = Long.rotateRight(v7 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v3 = a;
    v7 = Long.rotateRight(b ^ c, 63);
    v11 = c;
    v15 = d;
  }

  private void mix4(long x, long y) {
    long a = v0 + v5 + x;
    long d = Long.rotateRight(v15 ^ a, 32);
    long c = v10 + d;
    long b = Long.rotateRight(v5 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v0 = a;
    v5 = Long.rotateRight(b ^ c, 63);
    v10 = c;
    v15 = d;
  }

  private void mix5(long x, long y) {
    long a = v1 + v6 + x;
    long d = Long.rotateRight(v12 ^ a, 32);
    long c = v11 + d;
    long b = Long.rotateRight(v6 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v1 = a;
    v6 = Long.rotateRight(b ^ c, 63);
    v11 = c;
    v12 = d;
  }

  private void mix6(long x, long y) {
    long a = v2 + v7 + x;
    long d = Long.rotateRight(v13 ^ a, 32);
    long c = v8 + d;
    long b = Long.rotateRight(v7 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v2 = a;
    v7 = Long.rotateRight(b ^ c, 63);
    v8 = c;
    v13 = d;
  }

  private void mix7(long x, long y) {
    long a = v3 + v4 + x;
    long d = Long.rotateRight(v14 ^ a, 32);
    long c = v9 + d;
    long b = Long.rotateRight(v4 ^ c, 24);
    a += b + y;
    d = Long.rotateRight(d ^ a, 16);
    c += d;
    v3 = a;
    v4 = Long.rotateRight(b ^ c, 63);
    v9 = c;
    v14 = d;
  }
}
