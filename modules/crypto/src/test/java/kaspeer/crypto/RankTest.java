package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

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
}
