package kaspeer.crypto;

/**
 * Whether a 64 x 64 matrix of 4-bit numbers has full rank by the reference's elimination in IEEE
 * doubles, where a value up to 1e-9 counts as zero (consensus reference 3.3).
 *
 * <p>Consensus is what that elimination says, not what is true of the matrix: a test by exact
 * arithmetic would part from it once in about 10^9 matrices, and a miner can look for one. So every
 * operation here is one of the reference's, on the same operands and in the same order for each
 * element; only what cannot matter is left out (rows already selected are not eliminated further),
 * and the elements are visited in another order: four columns at a time, so that each row is loaded
 * and stored once for four pivots.
 */
final class Rank {
  private static final int SIZE = 64;
  private static final int PANEL = 4;
  private static final double EPSILON = 1e-9;

  private final double[][] rows = new double[SIZE][SIZE];

  /** The rows not selected yet, in order. */
  private final double[][] open = new double[SIZE][];

  private final double[][] pivots = new double[PANEL][];

  /** Takes the matrix, four words a row, 16 numbers a word, lowest first. */
  void load(long[] words) {
    for (int i = 0; i < SIZE; i++) {
      double[] row = rows[i];
      for (int w = 0; w < 4; w++) {
        long word = words[4 * i + w];
        for (int n = 0; n < 16; n++) {
          row[16 * w + n] = (int) (word >>> 4 * n) & 15;
        }
      }
    }
  }

  /** Whether the loaded matrix has full rank. It is used up. */
  boolean isFull() {
    System.arraycopy(rows, 0, open, 0, SIZE);
    int count = SIZE;
    for (int base = 0; base < SIZE; base += PANEL) {
      for (int c = 0; c < PANEL; c++) {
        int selected = select(count, base + c);
        if (selected < 0) {
          return false;
        }
        double[] pivot = open[selected];
        pivots[c] = pivot;
        count--;
        System.arraycopy(open, selected + 1, open, selected, count - selected);
        eliminateInPanel(pivot, count, base + c, base + PANEL);
      }
      eliminateRest(count, base);
    }
    return true;
  }

  private int select(int count, int column) {
    for (int i = 0; i < count; i++) {
      if (Math.abs(open[i][column]) > EPSILON) {
        return i;
      }
    }
    return -1;
  }

  /**
   * One step of elimination, on the panel's columns only. The multipliers stay in the pivot's
   * column.
   */
  private void eliminateInPanel(double[] pivot, int count, int column, int end) {
    double divisor = pivot[column];
    for (int p = column + 1; p < end; p++) {
      pivot[p] /= divisor;
    }
    for (int i = 0; i < count; i++) {
      double[] row = open[i];
      double factor = row[column];
      if (Math.abs(factor) > EPSILON) {
        for (int p = column + 1; p < end; p++) {
          row[p] -= pivot[p] * factor;
        }
      } else {
        row[column] = 0; // the reference skips such a row; times 0 it stays as it is
      }
    }
  }

  /** The panel's four steps of elimination, on all columns after it. */
  private void eliminateRest(int count, int base) {
    finishPivots(base);
    for (int i = 0; i < count; i++) {
      eliminateRow(open[i], base);
    }
  }

  /** A pivot's row is reduced by the pivots before it, then divided by its own. */
  private void finishPivots(int base) {
    double[] p0 = pivots[0];
    double[] p1 = pivots[1];
    double[] p2 = pivots[2];
    double[] p3 = pivots[3];
    double d0 = p0[base];
    double d1 = p1[base + 1];
    double d2 = p2[base + 2];
    double d3 = p3[base + 3];
    double f10 = p1[base];
    double f20 = p2[base];
    double f21 = p2[base + 1];
    double f30 = p3[base];
    double f31 = p3[base + 1];
    double f32 = p3[base + 2];
    for (int p = base + PANEL; p < SIZE; p++) {
      double x0 = p0[p] / d0;
      double x1 = (p1[p] - x0 * f10) / d1;
      double x2 = (p2[p] - x0 * f20 - x1 * f21) / d2;
      p0[p] = x0;
      p1[p] = x1;
      p2[p] = x2;
      p3[p] = (p3[p] - x0 * f30 - x1 * f31 - x2 * f32) / d3;
    }
  }

  private void eliminateRow(double[] row, int base) {
    double[] p0 = pivots[0];
    double[] p1 = pivots[1];
    double[] p2 = pivots[2];
    double[] p3 = pivots[3];
    double f0 = row[base];
    double f1 = row[base + 1];
    double f2 = row[base + 2];
    double f3 = row[base + 3];
    for (int p = base + PANEL; p < SIZE; p++) {
      row[p] = row[p] - p0[p] * f0 - p1[p] * f1 - p2[p] * f2 - p3[p] * f3;
    }
  }
}
