package kaspeer.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.SplittableRandom;
import kaspeer.primitives.Hash;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeavyMatrixTest {
  /** Expected values were computed by an independent implementation. */
  @ParameterizedTest
  @CsvSource({
    "2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a,"
        + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
        + "111013122524172519281b1a1e1c1f1d3130330105340706390b0b0a0d0c0f0e",
    "030a11181f262d343b424950575e656c737a81888f969da4abb2b9c0c7ced5dc,"
        + "e3eaf1f8ff060d141b222930373e454c535a61686f767d848b9299a0a7aeb5bc,"
        + "d0d9c2cbcc353e2728111a03041d767f6019524b4c424eb7b8a1aa83949d868f",
    "2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a,"
        + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff,"
        + "99999988898898879998a88888a99889899979978998999989a88988999a8989"
  })
  void productsAreThoseOfTheOracle(String prePow, String first, String expected) {
    assertThat(multiply(Hash.fromHex(prePow), Hash.fromHex(first))).hasToString(expected);
  }

  /** The matrix of kaspad's own test (kaspa-pow 2.1.0, matrix.rs, test_generate_matrix). */
  @Test
  void theMatrixOfAHashIsTheOneOfKaspadsTest() throws IOException {
    int[][] expected = kaspad("generated-matrix.txt");
    Hash seed = Hash.fromHex("2a".repeat(Hash.SIZE));
    assertThat(NaivePow.matrix(seed)).isDeepEqualTo(expected);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      byte[] first = new byte[Hash.SIZE];
      random.nextBytes(first);
      assertThat(multiply(seed, Hash.of(first)))
          .isEqualTo(NaivePow.multiply(expected, Hash.of(first)));
    }
  }

  /** Matrix, hash and result of kaspad's own test (matrix.rs, test_heavy_hash). */
  @Test
  void theHeavyHashIsTheOneOfKaspadsTest() throws IOException {
    HeavyMatrix matrix = new HeavyMatrix();
    matrix.load(NaivePow.words(kaspad("heavy-matrix.txt")));
    long[] state = new long[Keccak.LANES];
    Hash first = Hash.fromHex("522ed4da1cc08f5cd542563ff5f19bbd499fe5b4ca699fa66dac8088a9c36129");
    System.arraycopy(TestBytes.toLanes(first), 0, state, 0, 4);
    ProofOfWork.heavyHash(state, matrix);
    assertThat(TestBytes.toHash(state))
        .hasToString("87689f379943eaf9b7475ca95325687772bfcc68fc7899caeb4409ec4590c325");
  }

  static int[][] kaspad(String name) throws IOException {
    try (InputStream in = HeavyMatrixTest.class.getResourceAsStream("/kaspad/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII)
          .lines()
          .map(row -> row.chars().map(digit -> Character.digit(digit, 16)).toArray())
          .toArray(int[][]::new);
    }
  }

  @Property(tries = 200)
  void bitPlanesMultiplyAsNumbersDo(
      @ForAll @Size(32) byte[] prePow, @ForAll @Size(32) byte[] first) {
    int[][] matrix = NaivePow.matrix(Hash.of(prePow));
    // Without full rank the generator draws again.
    Assume.that(NaivePow.rank(matrix) == 64);
    assertThat(multiply(Hash.of(prePow), Hash.of(first)))
        .isEqualTo(NaivePow.multiply(matrix, Hash.of(first)));
  }

  @Test
  void aZeroSeedIsRefusedInsteadOfDrawingForEver() {
    assertThatThrownBy(() -> new HeavyMatrix().draw(Hash.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Hash multiply(Hash prePow, Hash first) {
    HeavyMatrix matrix = new HeavyMatrix();
    matrix.draw(prePow);
    long[] state = TestBytes.toLanes(first);
    matrix.multiply(state);
    return TestBytes.toHash(state);
  }
}
