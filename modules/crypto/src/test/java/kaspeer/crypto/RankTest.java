package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import kaspeer.primitives.Hash;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankTest {
  private final Rank rank = new Rank();

  private boolean isFull(int[][] matrix) {
    rank.load(NaivePow.words(matrix));
    return rank.isFull();
  }

  /**
   * Sparse matrices of small numbers: about half of them are singular, and pivots are often not in
   * the first row.
   */
  @Property(tries = 500)
  void fullRankIsWhatPlainEliminationSays(
      @ForAll long seed,
      @ForAll @IntRange(min = 3, max = 64) int density,
      @ForAll @IntRange(min = 2, max = 16) int base) {
    Random random = new Random(seed);
    int[][] matrix = new int[64][64];
    for (int i = 0; i < 64; i++) {
      for (int j = 0; j < 64; j++) {
        matrix[i][j] = i == j || random.nextInt(64) < density ? random.nextInt(base) : 0;
      }
    }
    assertThat(isFull(matrix)).isEqualTo(NaivePow.rank(matrix) == 64);
  }

  /** Both outcomes occur, so that the property above is no tautology. */
  @Test
  void drawnMatricesAreRegularUntilTwoRowsDepend() {
    int[][] matrix = NaivePow.matrix(Hash.ORIGIN);
    assertThat(isFull(matrix)).isTrue();
    for (int j = 0; j < 64; j++) {
      matrix[40][j] = matrix[3][j];
    }
    assertThat(isFull(matrix)).isFalse();
    assertThat(NaivePow.rank(matrix)).isEqualTo(63);
  }

  /**
   * Singular by exact arithmetic, but rounding may leave a pivot above the reference's bound: what
   * counts is that both eliminations leave the same.
   */
  @Property(tries = 300)
  void aRowThatIsASumOfOthersIsJudgedAsPlainEliminationDoes(
      @ForAll long seed, @ForAll @IntRange(max = 63) int row) {
    Random random = new Random(seed);
    int[][] matrix = new int[64][64];
    for (int[] target : matrix) {
      for (int j = 0; j < 64; j++) {
        target[j] = random.nextInt(8);
      }
    }
    for (int j = 0; j < 64; j++) {
      matrix[row][j] = matrix[(row + 1) % 64][j] + matrix[(row + 2) % 64][j];
    }
    assertThat(isFull(matrix)).isEqualTo(NaivePow.rank(matrix) == 64);
  }

  @Test
  void everyPermutationIsRegularAndZeroIsNot() {
    int[][] matrix = new int[64][64];
    assertThat(isFull(matrix)).isFalse();
    for (int i = 0; i < 64; i++) {
      matrix[i][63 - i] = 1 + i % 15;
    }
    assertThat(isFull(matrix)).isTrue();
  }

  /**
   * Five matrices that are singular, but of which kaspa-pow 2.1.0 says that their rank is full, as
   * rounding leaves a pivot above its bound: found among random ones with rows or columns that
   * depend on others, of which they are about one in two thousand.
   */
  @Test
  void matricesThatRoundingMakesRegularAreFullAsForKaspad() throws IOException {
    int[][] rows = HeavyMatrixTest.kaspad("singular-but-full.txt");
    assertThat(rows).hasDimensions(5 * 64, 64);
    for (int i = 0; i < rows.length; i += 64) {
      int[][] matrix = Arrays.copyOfRange(rows, i, i + 64);
      assertThat(isFull(matrix)).isTrue();
      assertThat(isRegular(matrix)).isFalse();
    }
  }

  /** By exact arithmetic modulo a prime; what is regular modulo one is regular. */
  private static boolean isRegular(int[][] matrix) {
    long prime = Integer.MAX_VALUE;
    long[][] m = new long[64][];
    for (int i = 0; i < 64; i++) {
      m[i] = Arrays.stream(matrix[i]).asLongStream().toArray();
    }
    for (int column = 0; column < 64; column++) {
      int pivot = column;
      while (pivot < 64 && m[pivot][column] == 0) {
        pivot++;
      }
      if (pivot == 64) {
        return false;
      }
      long[] row = m[pivot];
      m[pivot] = m[column];
      m[column] = row;
      for (int i = column + 1; i < 64; i++) {
        long factor = m[i][column];
        for (int j = column; j < 64; j++) {
          // Rows are multiplied instead of divided; the pivot is not 0, so the rank stays.
          m[i][j] = Math.floorMod(m[i][j] * row[column] - row[j] * factor, prime);
        }
      }
    }
    return true;
  }
}
