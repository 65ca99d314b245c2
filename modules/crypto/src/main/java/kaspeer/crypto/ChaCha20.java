package kaspeer.crypto;

import kaspeer.primitives.Hash;

/**
 * The key stream of ChaCha20 in its original form: a 64-bit block counter and a 64-bit nonce, here
 * always 0. Laid out for the compiler: the working state is in fields, the small methods below are
 * inlined, and a block becomes straight code on registers. One thread at a time.
 */
final class ChaCha20 {
  /** 64-bit words in a block. */
  private static final int BLOCK_WORDS = 8;

  private static final int C0 = 0x61707865;
  private static final int C1 = 0x3320646e;
  private static final int C2 = 0x79622d32;
  private static final int C3 = 0x6b206574;

  private int x0;
  private int x1;
  private int x2;
  private int x3;
  private int x4;
  private int x5;
  private int x6;
  private int x7;
  private int x8;
  private int x9;
  private int x10;
  private int x11;
  private int x12;
  private int x13;
  private int x14;
  private int x15;

  /**
   * Fills an array with the beginning of the key's stream, as little-endian words.
   *
   * @param out a whole number of blocks: of 8 words
   */
  void keystream(Hash key, long[] out) {
    for (int block = 0; block < out.length / BLOCK_WORDS; block++) {
      block(key, block, out, BLOCK_WORDS * block);
    }
  }

  private void block(Hash key, int counter, long[] out, int offset) {
    long k0 = Long.reverseBytes(key.word(0));
    long k1 = Long.reverseBytes(key.word(1));
    long k2 = Long.reverseBytes(key.word(2));
    long k3 = Long.reverseBytes(key.word(3));
    x0 = C0;
    x1 = C1;
    x2 = C2;
    x3 = C3;
    x4 = (int) k0;
    x5 = (int) (k0 >>> 32);
    x6 = (int) k1;
    x7 = (int) (k1 >>> 32);
    x8 = (int) k2;
    x9 = (int) (k2 >>> 32);
    x10 = (int) k3;
    x11 = (int) (k3 >>> 32);
    x12 = counter;
    x13 = 0;
    x14 = 0;
    x15 = 0;
    doubleRounds();
    doubleRounds();
    out[offset] = join(x0 + C0, x1 + C1);
    out[offset + 1] = join(x2 + C2, x3 + C3);
    out[offset + 2] = join(x4 + (int) k0, x5 + (int) (k0 >>> 32));
    out[offset + 3] = join(x6 + (int) k1, x7 + (int) (k1 >>> 32));
    out[offset + 4] = join(x8 + (int) k2, x9 + (int) (k2 >>> 32));
    out[offset + 5] = join(x10 + (int) k3, x11 + (int) (k3 >>> 32));
    out[offset + 6] = join(x12 + counter, x13);
    out[offset + 7] = join(x14, x15);
  }

  private static long join(int low, int high) {
    return Integer.toUnsignedLong(low) | (long) high << 32;
  }

  /** Half of a block's twenty rounds. */
  private void doubleRounds() {
    doubleRound();
    doubleRound();
    doubleRound();
    doubleRound();
    doubleRound();
  }

  private void doubleRound() {
    column0();
    column1();
    column2();
    column3();
    diagonal0();
    diagonal1();
    diagonal2();
    diagonal3();
  }

  private void column0() {
    int a = x0 + x4;
    int d = Integer.rotateLeft(x12 ^ a, 16);
    int c = x8 + d;
    int b = Integer.rotateLeft(x4 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x0 = a;
    x4 = Integer.rotateLeft(b ^ c, 7);
    x8 = c;
    x12 = d;
  }

  private void column1() {
    int a = x1 + x5;
    int d = Integer.rotateLeft(x13 ^ a, 16);
    int c = x9 + d;
    int b = Integer.rotateLeft(x5 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x1 = a;
    x5 = Integer.rotateLeft(b ^ c, 7);
    x9 = c;
    x13 = d;
  }

  private void column2() {
    int a = x2 + x6;
    int d = Integer.rotateLeft(x14 ^ a, 16);
    int c = x10 + d;
    int b = Integer.rotateLeft(x6 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x2 = a;
    x6 = Integer.rotateLeft(b ^ c, 7);
    x10 = c;
    x14 = d;
  }

  private void column3() {
    int a = x3 + x7;
    int d = Integer.rotateLeft(x15 ^ a, 16);
    int c = x11 + d;
    int b = Integer.rotateLeft(x7 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x3 = a;
    x7 = Integer.rotateLeft(b ^ c, 7);
    x11 = c;
    x15 = d;
  }

  private void diagonal0() {
    int a = x0 + x5;
    int d = Integer.rotateLeft(x15 ^ a, 16);
    int c = x10 + d;
    int b = Integer.rotateLeft(x5 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x0 = a;
    x5 = Integer.rotateLeft(b ^ c, 7);
    x10 = c;
    x15 = d;
  }

  private void diagonal1() {
    int a = x1 + x6;
    int d = Integer.rotateLeft(x12 ^ a, 16);
    int c = x11 + d;
    int b = Integer.rotateLeft(x6 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x1 = a;
    x6 = Integer.rotateLeft(b ^ c, 7);
    x11 = c;
    x12 = d;
  }

  private void diagonal2() {
    int a = x2 + x7;
    int d = Integer.rotateLeft(x13 ^ a, 16);
    int c = x8 + d;
    int b = Integer.rotateLeft(x7 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x2 = a;
    x7 = Integer.rotateLeft(b ^ c, 7);
    x8 = c;
    x13 = d;
  }

  private void diagonal3() {
    int a = x3 + x4;
    int d = Integer.rotateLeft(x14 ^ a, 16);
    int c = x9 + d;
    int b = Integer.rotateLeft(x4 ^ c, 12);
    a += b;
    d = Integer.rotateLeft(d ^ a, 8);
    c += d;
    x3 = a;
    x4 = Integer.rotateLeft(b ^ c, 7);
    x9 = c;
    x14 = d;
  }
}
