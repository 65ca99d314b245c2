package kaspeer.primitives.hashing;

/** BLAKE3's compression function, laid out as {@link Blake2bCompressor} is. */
final class Blake3Compressor {
  static final int IV0 = 0x6a09e667;
  static final int IV1 = 0xbb67ae85;
  static final int IV2 = 0x3c6ef372;
  static final int IV3 = 0xa54ff53a;
  static final int IV4 = 0x510e527f;
  static final int IV5 = 0x9b05688c;
  static final int IV6 = 0x1f83d9ab;
  static final int IV7 = 0x5be0cd19;

  private int v0;
  private int v1;
  private int v2;
  private int v3;
  private int v4;
  private int v5;
  private int v6;
  private int v7;
  private int v8;
  private int v9;
  private int v10;
  private int v11;
  private int v12;
  private int v13;
  private int v14;
  private int v15;

  /**
   * Compresses one block.
   *
   * @param h the chaining value, 8 words, changed in place
   * @param m the message, 16 words
   * @param counter which chunk it is in, 0 for parents
   * @param length bytes in the block
   */
  void compress(int[] h, int[] m, long counter, int length, int flags) {
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
    v12 = (int) counter;
    v13 = (int) (counter >>> 32);
    v14 = length;
    v15 = flags;
    rounds(m);
    h[0] = v0 ^ v8;
    h[1] = v1 ^ v9;
    h[2] = v2 ^ v10;
    h[3] = v3 ^ v11;
    h[4] = v4 ^ v12;
    h[5] = v5 ^ v13;
    h[6] = v6 ^ v14;
    h[7] = v7 ^ v15;
  }

  private void rounds(int[] m) {
    int m0 = m[0];
    int m1 = m[1];
    int m2 = m[2];
    int m3 = m[3];
    int m4 = m[4];
    int m5 = m[5];
    int m6 = m[6];
    int m7 = m[7];
    int m8 = m[8];
    int m9 = m[9];
    int m10 = m[10];
    int m11 = m[11];
    int m12 = m[12];
    int m13 = m[13];
    int m14 = m[14];
    int m15 = m[15];
    columns(m0, m1, m2, m3, m4, m5, m6, m7);
    diagonals(m8, m9, m10, m11, m12, m13, m14, m15);
    columns(m2, m6, m3, m10, m7, m0, m4, m13);
    diagonals(m1, m11, m12, m5, m9, m14, m15, m8);
    columns(m3, m4, m10, m12, m13, m2, m7, m14);
    diagonals(m6, m5, m9, m0, m11, m15, m8, m1);
    columns(m10, m7, m12, m9, m14, m3, m13, m15);
    diagonals(m4, m0, m11, m2, m5, m8, m1, m6);
    columns(m12, m13, m9, m11, m15, m10, m14, m8);
    diagonals(m7, m2, m5, m3, m0, m1, m6, m4);
    columns(m9, m14, m11, m5, m8, m12, m15, m1);
    diagonals(m13, m3, m0, m10, m2, m6, m4, m7);
    columns(m11, m15, m5, m0, m1, m9, m8, m6);
    diagonals(m14, m10, m2, m12, m3, m4, m7, m13);
  }

  private void columns(int m0, int m1, int m2, int m3, int m4, int m5, int m6, int m7) {
    mix0(m0, m1);
    mix1(m2, m3);
    mix2(m4, m5);
    mix3(m6, m7);
  }

  private void diagonals(int m0, int m1, int m2, int m3, int m4, int m5, int m6, int m7) {
    mix4(m0, m1);
    mix5(m2, m3);
    mix6(m4, m5);
    mix7(m6, m7);
  }

  private void mix0(int x, int y) {
    int a = v0 + v4 + x;
    int d = Integer.rotateRight(v12 ^ a, 16);
    int c = v8 + d;
    int b = Integer.rotateRight(v4 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v0 = a;
    v4 = Integer.rotateRight(b ^ c, 7);
    v8 = c;
    v12 = d;
  }

  private void mix1(int x, int y) {
    int a = v1 + v5 + x;
    int d = Integer.rotateRight(v13 ^ a, 16);
    int c = v9 + d;
    int b = Integer.rotateRight(v5 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v1 = a;
    v5 = Integer.rotateRight(b ^ c, 7);
    v9 = c;
    v13 = d;
  }

  private void mix2(int x, int y) {
    int a = v2 + v6 + x;
    int d = Integer.rotateRight(v14 ^ a, 16);
    int c = v10 + d;
    int b = Integer.rotateRight(v6 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v2 = a;
    v6 = Integer.rotateRight(b ^ c, 7);
    v10 = c;
    v14 = d;
  }

  private void mix3(int x, int y) {
    int a = v3 + v7 + x;
    int d = Integer.rotateRight(v15 ^ a, 16);
    int c = v11 + d;
    int b = Integer.rotateRight(v7 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v3 = a;
    v7 = Integer.rotateRight(b ^ c, 7);
    v11 = c;
    v15 = d;
  }

  private void mix4(int x, int y) {
    int a = v0 + v5 + x;
    int d = Integer.rotateRight(v15 ^ a, 16);
    int c = v10 + d;
    int b = Integer.rotateRight(v5 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v0 = a;
    v5 = Integer.rotateRight(b ^ c, 7);
    v10 = c;
    v15 = d;
  }

  private void mix5(int x, int y) {
    int a = v1 + v6 + x;
    int d = Integer.rotateRight(v12 ^ a, 16);
    int c = v11 + d;
    int b = Integer.rotateRight(v6 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v1 = a;
    v6 = Integer.rotateRight(b ^ c, 7);
    v11 = c;
    v12 = d;
  }

  private void mix6(int x, int y) {
    int a = v2 + v7 + x;
    int d = Integer.rotateRight(v13 ^ a, 16);
    int c = v8 + d;
    int b = Integer.rotateRight(v7 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v2 = a;
    v7 = Integer.rotateRight(b ^ c, 7);
    v8 = c;
    v13 = d;
  }

  private void mix7(int x, int y) {
    int a = v3 + v4 + x;
    int d = Integer.rotateRight(v14 ^ a, 16);
    int c = v9 + d;
    int b = Integer.rotateRight(v4 ^ c, 12);
    a += b + y;
    d = Integer.rotateRight(d ^ a, 8);
    c += d;
    v3 = a;
    v4 = Integer.rotateRight(b ^ c, 7);
    v9 = c;
    v14 = d;
  }
}
