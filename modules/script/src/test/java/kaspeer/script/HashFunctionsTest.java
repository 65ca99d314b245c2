package kaspeer.script;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import kaspeer.primitives.hashing.Blake2bDomain;
import kaspeer.primitives.hashing.Blake2bKey;
import kaspeer.primitives.hashing.Blake3Domain;
import kaspeer.primitives.hashing.Blake3Key;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The hash functions of scripts: published vectors, and the functions of consensus by domain. */
class HashFunctionsTest {
  private static final Map<String, Blake2bDomain> BLAKE2B_DOMAINS =
      Map.of(
          "TransactionHash", Blake2bDomain.TRANSACTION_HASH,
          "PersonalMessageSigningHash", Blake2bDomain.PERSONAL_MESSAGE_SIGNING_HASH);

  @ParameterizedTest
  @CsvSource({
    "'', 0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
    "abc, bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"
  })
  void blake2bWithoutAKey(String text, String expected) {
    assertThat(Blake2bKey.NONE.hash(text.getBytes(US_ASCII))).hasToString(expected);
  }

  @Property(tries = 300)
  void blake2bWithAKeyIsThatOfTheDomainNamedSo(
      @ForAll @IntRange(max = 1000) int length, @ForAll byte fill) {
    byte[] data = filled(length, fill);
    BLAKE2B_DOMAINS.forEach(
        (name, domain) ->
            assertThat(Blake2bKey.of(name.getBytes(US_ASCII)).hash(data))
                .isEqualTo(domain.hash(data)));
  }

  /** Bytes 0 to 250 over and over: the published vectors, and lengths around a chunk's. */
  @ParameterizedTest
  @CsvSource({
    "0, af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262",
    "1, 2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213",
    "1024, 42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7",
    "1025, d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444",
    "2048, e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a",
    "31744, 62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47",
    "102400, bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"
  })
  void blake3WithoutAKey(int length, String expected) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (i % 251);
    }
    assertThat(Blake3Key.NONE.hash(data)).hasToString(expected);
  }

  @Property(tries = 300)
  void blake3WithAKeyIsThatOfTheDomainNamedSo(
      @ForAll @IntRange(max = 9000) int length, @ForAll byte fill) {
    byte[] data = filled(length, fill);
    byte[] key = Arrays.copyOf("PayloadDigest".getBytes(US_ASCII), Blake3Key.SIZE);

    assertThat(Blake3Key.of(key).hash(data)).isEqualTo(Blake3Domain.PAYLOAD_DIGEST.hash(data));
  }

  /** The vectors of SipHash's authors: key and message are 0, 1, 2 and so on. */
  @ParameterizedTest
  @CsvSource({
    "0, a3817f04ba25a8e66df67214c7550293",
    "1, da87c1d86b99af44347659119b22fc45",
    "2, 8177228da4a45dc7fca38bdef60affe4",
    "63, 5150d1772f50834a503e069a973fbd7c"
  })
  void sipHash(int length, String expected) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) i;
    }
    assertThat(new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).hash(data))
        .asHexString()
        .isEqualToIgnoringCase(expected);
  }

  @Test
  void aLongerKeyOfBlake2bCountsWhole() {
    byte[] key = filled(Blake2bKey.MAX_SIZE, (byte) 1);
    byte[] other = key.clone();
    other[key.length - 1]++;

    byte[] nothing = {};
    assertThat(Blake2bKey.of(key).hash(nothing)).isNotEqualTo(Blake2bKey.of(other).hash(nothing));
    assertThat(Blake2bKey.of(nothing).hash(key)).isNotEqualTo(Blake2bKey.of(key).hash(nothing));
  }

  private static byte[] filled(int length, byte fill) {
    byte[] data = new byte[length];
    Arrays.fill(data, fill);
    if (length > 0) {
      data[length - 1] ^= 1;
    }
    return data;
  }
}
