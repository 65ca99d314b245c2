package kaspeer.crypto;

import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/**
 * The matrix of kHeavyHash, its rank and its product as consensus reference 3.3 tells them, step by
 * step.
 */
final class NaivePow {
  private NaivePow() {}

  /** The matrix of a hash: its first drawing. */
  static int[][] matrix(Hash seed) {
    long[] s = TestBytes.toLanes(seed);
    int[][] matrix = new int[64][64];
    for (int[] row : matrix) {
      for (int j = 0; j < 64; j += 16) {
        long word = Long.rotateLeft(s[0] + s[3], 23) + s[0];
        long t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = Long.rotateLeft(s[3], 45);
        for (int n = 0; n < 16; n++) {
          row[j + n] = (int) (word >>> 4 * n & 15);
        }
      }
    }
    return matrix;
  }

  /**
   * Column by column: the first unselected row with an entry that is not zero, eliminated from all
   * others.
   */
  static int rank(int[][] matrix) {
    double[][] m = new double[64][64];
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j < 64; j++) {
        m[i][j] = matrix[i][j];
      }
    }
    boolean[] selected = new boolean[64];
    int rank = 0;
    for (int column = 0; column < 64; column++) {
      int pivot = 0;
      while (pivot < 64 && (selected[pivot] || Math.abs(m[pivot][column]) <= 1e-9)) {
        pivot++;
      }
      if (pivot == 64) {
        continue;
      }
      rank++;
      selected[pivot] = true;
      for (int p = column + 1; p < 64; p++) {
        m[pivot][p] /= m[pivot][column];
      }
      for (int k = 0; k < 64; k++) {
        if (k != pivot && Math.abs(m[k][column]) > 1e-9) {
          for (int p = column + 1; p < 64; p++) {
            m[k][p] -= m[pivot][p] * m[k][column];
          }
        }
      }
    }
    return rank;
  }

  /** The product with a hash's 4-bit halves, XORed with the hash. */
  static Hash multiply(int[][] matrix, Hash hash) {
    byte[] first = hash.toBytes();
    byte[] product = new byte[Hash.SIZE];
    for (int i = 0; i < Hash.SIZE; i++) {
      product[i] =
          (byte) ((sum(matrix[2 * i], first) >> 10) << 4 | sum(matrix[2 * i + 1], first) >> 10);
      product[i] ^= first[i];
    }
    return Hash.of(product);
  }

  private static int sum(int[] row, byte[] bytes) {
    int sum = 0;
    for (int j = 0; j < 64; j++) {
      int half = j % 2 == 0 ? (bytes[j / 2] & 0xFF) >> 4 : bytes[j / 2] & 15;
      sum += row[j] * half;
    }
    return sum;
  }

  /** The words of a matrix, as the generator would have drawn them. */
  static long[] words(int[][] matrix) {
    long[] words = new long[256];
    for (int i = 0; i < 64; i++) {
      byte[] bytes = new byte[32];
      for (int j = 0; j < 64; j++) {
        bytes[j / 2] |= (byte) (matrix[i][j] << 4 * (j % 2));
      }
      for (int w = 0; w < 4; w++) {
        words[4 * i + w] = Bytes.longLe(bytes, 8 * w);
      }
    }
    return words;
  }
}
