package kaspeer.crypto;

import java.nio.charset.StandardCharsets;
import kaspeer.primitives.Bytes;

/** The Keccak-f[1600] permutation, and the start of cSHAKE256 (NIST SP 800-185) on it. */
final class Keccak {
  /** Lanes of 64 bits in a state; lane x + 5 y. */
  static final int LANES = 25;

  /** Lanes that input goes to. */
  static final int RATE_LANES = 17;

  private static final long[] ROUND_CONSTANTS = {
    0x0000000000000001L, 0x0000000000008082L, 0x800000000000808aL, 0x8000000080008000L,
    0x000000000000808bL, 0x0000000080000001L, 0x8000000080008081L, 0x8000000000008009L,
    0x000000000000008aL, 0x0000000000000088L, 0x0000000080008009L, 0x000000008000000aL,
    0x000000008000808bL, 0x800000000000008bL, 0x8000000000008089L, 0x8000000000008003L,
    0x8000000000008002L, 0x8000000000000080L, 0x000000000000800aL, 0x800000008000000aL,
    0x8000000080008081L, 0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L
  };

  private Keccak() {}

  /**
   * The state of a cSHAKE256 with an empty function name and this customisation, before its first
   * byte of input.
   */
  static long[] cshake256(String customisation) {
    byte[] text = customisation.getBytes(StandardCharsets.US_ASCII);
    byte[] block = new byte[8 * RATE_LANES];
    block[0] = 1; // the rate, left-encoded: how many bytes, then the bytes
    block[1] = (byte) (8 * RATE_LANES);
    block[2] = 1; // the empty name: a length of 0 bits
    block[4] = 1; // the customisation: its length in bits, then itself
    block[5] = (byte) (8 * text.length);
    System.arraycopy(text, 0, block, 6, text.length);
    long[] state = new long[LANES];
    for (int i = 0; i < RATE_LANES; i++) {
      state[i] = Bytes.longLe(block, 8 * i);
    }
    permute(state);
    return state;
  }

  /** Ends the input of a cSHAKE after this many lanes of the first block, and permutes. */
  static void finish(long[] state, int inputLanes) {
    state[inputLanes] ^= 0x04;
    state[RATE_LANES - 1] ^= 0x8000000000000000L;
    permute(state);
  }

  /** The permutation, in place. */
  static void permute(long[] state) {
    for (long constant : ROUND_CONSTANTS) {
      round(state, constant);
    }
  }

  /**
   * One round: the parity of columns (theta), rotation and transposition (rho, pi), mixing of rows
   * (chi, iota).
   */
  private static void round(long[] s, long constant) {
    long c0 = s[0] ^ s[5] ^ s[10] ^ s[15] ^ s[20];
    long c1 = s[1] ^ s[6] ^ s[11] ^ s[16] ^ s[21];
    long c2 = s[2] ^ s[7] ^ s[12] ^ s[17] ^ s[22];
    long c3 = s[3] ^ s[8] ^ s[13] ^ s[18] ^ s[23];
    long c4 = s[4] ^ s[9] ^ s[14] ^ s[19] ^ s[24];
    long d0 = c4 ^ Long.rotateLeft(c1, 1);
    long d1 = c0 ^ Long.rotateLeft(c2, 1);
    long d2 = c1 ^ Long.rotateLeft(c3, 1);
    long d3 = c2 ^ Long.rotateLeft(c4, 1);
    long d4 = c3 ^ Long.rotateLeft(c0, 1);
    long b0 = s[0] ^ d0;
    long b1 = Long.rotateLeft(s[6] ^ d1, 44);
    long b2 = Long.rotateLeft(s[12] ^ d2, 43);
    long b3 = Long.rotateLeft(s[18] ^ d3, 21);
    long b4 = Long.rotateLeft(s[24] ^ d4, 14);
    long b5 = Long.rotateLeft(s[3] ^ d3, 28);
    long b6 = Long.rotateLeft(s[9] ^ d4, 20);
    long b7 = Long.rotateLeft(s[10] ^ d0, 3);
    long b8 = Long.rotateLeft(s[16] ^ d1, 45);
    long b9 = Long.rotateLeft(s[22] ^ d2, 61);
    long b10 = Long.rotateLeft(s[1] ^ d1, 1);
    long b11 = Long.rotateLeft(s[7] ^ d2, 6);
    long b12 = Long.rotateLeft(s[13] ^ d3, 25);
    long b13 = Long.rotateLeft(s[19] ^ d4, 8);
    long b14 = Long.rotateLeft(s[20] ^ d0, 18);
    long b15 = Long.rotateLeft(s[4] ^ d4, 27);
    long b16 = Long.rotateLeft(s[5] ^ d0, 36);
    long b17 = Long.rotateLeft(s[11] ^ d1, 10);
    long b18 = Long.rotateLeft(s[17] ^ d2, 15);
    long b19 = Long.rotateLeft(s[23] ^ d3, 56);
    long b20 = Long.rotateLeft(s[2] ^ d2, 62);
    long b21 = Long.rotateLeft(s[8] ^ d3, 55);
    long b22 = Long.rotateLeft(s[14] ^ d4, 39);
    long b23 = Long.rotateLeft(s[15] ^ d0, 41);
    long b24 = Long.rotateLeft(s[21] ^ d1, 2);
    s[0] = b0 ^ (~b1 & b2) ^ constant;
    s[1] = b1 ^ (~b2 & b3);
    s[2] = b2 ^ (~b3 & b4);
    s[3] = b3 ^ (~b4 & b0);
    s[4] = b4 ^ (~b0 & b1);
    s[5] = b5 ^ (~b6 & b7);
    s[6] = b6 ^ (~b7 & b8);
    s[7] = b7 ^ (~b8 & b9);
    s[8] = b8 ^ (~b9 & b5);
    s[9] = b9 ^ (~b5 & b6);
    s[10] = b10 ^ (~b11 & b12);
    s[11] = b11 ^ (~b12 & b13);
    s[12] = b12 ^ (~b13 & b14);
    s[13] = b13 ^ (~b14 & b10);
    s[14] = b14 ^ (~b10 & b11);
    s[15] = b15 ^ (~b16 & b17);
    s[16] = b16 ^ (~b17 & b18);
    s[17] = b17 ^ (~b18 & b19);
    s[18] = b18 ^ (~b19 & b15);
    s[19] = b19 ^ (~b15 & b16);
    s[20] = b20 ^ (~b21 & b22);
    s[21] = b21 ^ (~b22 & b23);
    s[22] = b22 ^ (~b23 & b24);
    s[23] = b23 ^ (~b24 & b20);
    s[24] = b24 ^ (~b20 & b21);
  }
}
