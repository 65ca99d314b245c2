package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.stream.Stream;
import kaspeer.primitives.hashing.Blake2bDomain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected values were computed by an independent implementation. */
class HeaderHashingTest {
  static Stream<Arguments> headers() {
    return Stream.of(
        Arguments.of(
            Samples.deepHeader(),
            "a35c328268dc597fbdc695a3771537cd11d3281da7439901ed4369891ddae8bd",
            "028f2351ef71ba734c6a3867be15905175e733786bc4791dfd6ae7cb2e43b9b0"),
        Arguments.of(
            Samples.parentlessHeader(),
            "eec999cc2ad1009d520f82b8befa9c2b78f2e9c45acac0b46aa183bb6204ffd5",
            "db706d1efd21cbc582c8e4fcbcb2efa2cc28becf62c6da128ab6b2012f35a5a9"),
        Arguments.of(
            Samples.unevenHeader(),
            "4ad5c77e81b9a786d3ef13904db1736975c92129df1bf87bd54754bda33e1b6b",
            "917681792e7fefe3c541f09a3be446a020f2637031527312d2c00c5e64fb57b4"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void everyFieldIsHashedInItsPlace(Header header, String hash, String prePowHash) {
    assertThat(header.hash()).hasToString(hash);
    assertThat(HeaderHashing.hash(header)).hasToString(hash);
    assertThat(header.prePowHash()).hasToString(prePowHash);
    assertThat(HeaderHashing.prePowHash(header)).hasToString(prePowHash);
  }

  /**
   * A header without parents whose every field but the blue work is 0; the two encodings of blue
   * work are those of kaspad's own test (kaspa-consensus-core 2.1.0, hashing/header.rs): the number
   * of bytes, then the bytes, the highest first and without zeros in front.
   */
  @ParameterizedTest
  @CsvSource({"0,0000000000000000", "123456,030000000000000001e240"})
  void blueWorkIsHashedAsKaspadWritesIt(long blueWork, String encoded) {
    Header header =
        new Header(
            0,
            ParentsByLevel.NONE,
            Hash.ZERO,
            Hash.ZERO,
            Hash.ZERO,
            0,
            0,
            0,
            0,
            BlueWork.of(BigInteger.valueOf(blueWork)),
            0,
            Hash.ZERO);
    // Version, number of levels, three hashes, timestamp, bits, nonce, DAA score, blue score.
    int before = 2 + 8 + 3 * Hash.SIZE + 8 + 4 + 8 + 8 + 8;
    String zeros = "00".repeat(before);
    String pruningPoint = "00".repeat(Hash.SIZE);
    byte[] bytes = HexFormat.of().parseHex(zeros + encoded + pruningPoint);
    assertThat(header.hash()).isEqualTo(Blake2bDomain.BLOCK_HASH.hash(bytes));
  }
}
