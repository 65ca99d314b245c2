package kaspeer.primitives.hashing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hash functions by domain: the literal values of kaspad's own tests (kaspa-hashes 2.1.0,
 * hashers.rs). Each line names a domain, then has the hash of nothing and of what is appended step
 * by step.
 */
class KaspadHashersTest {
  private static final List<byte[]> PIECES =
      List.of(
          new byte[0],
          new byte[] {1},
          HexFormat.of()
              .parseHex("05c77e2c4720528b7ad92b30347028d1b4538be748308830a8e285073c04a0cd"),
          filled(64, 42),
          new byte[8]);

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  static Stream<String> lines() throws IOException {
    try (InputStream in = KaspadHashersTest.class.getResourceAsStream("/kaspad/hashers.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), US_ASCII).lines();
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everyDomainHashesAsKaspadDoes(String line) {
    String[] words = line.split(" ");
    assertThat(words).hasSize(1 + PIECES.size());
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (int i = 0; i < PIECES.size(); i++) {
      message.writeBytes(PIECES.get(i));
      assertThat(hash(words[0], message.toByteArray())).hasToString(words[i + 1]);
    }
  }

  private static Hash hash(String domain, byte[] message) {
    return Arrays.stream(Blake2bDomain.values())
        .filter(blake2b -> blake2b.name().equals(domain))
        .findAny()
        .map(blake2b -> blake2b.hash(message))
        .orElseGet(() -> Blake3Domain.valueOf(domain).hash(message));
  }
}
