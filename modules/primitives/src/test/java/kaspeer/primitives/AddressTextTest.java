package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {
  /** Version and payload, as the reference implementation's own vectors have them. */
  @ParameterizedTest
  @CsvSource({
    "a, 00, a:qqeq69uvrh",
    "a, 08, a:pq99546ray",
    "b, 0820, b:pqsqzsjd64fv",
    "b, 082d, b:pqksmhczf8ud",
    "b, 0830, b:pqcq53eqrk0e",
    "b, 0831, b:pqcshg75y0vf",
    "b, 082d31, b:pqknzl4e9y0zy",
    "b, 083131, b:pqcnzt888ytdg",
    "b, 08616263, b:ppskycc8txxxn2w",
    "b, 0831323334353938373630, b:pqcnyve5x5unsdekxqeusxeyu2",
    "b, 086162636465666768696a6b6c6d6e6f707172737475767778797a,"
        + "b:ppskycmyv4nxw6rfdf4kcmtwdac8zunnw36hvamc09aqtpppz8lk"
  })
  void textAndBytesGoBothWays(String prefix, String data, String text) throws AddressException {
    byte[] bytes = HexFormat.of().parseHex(data);
    assertThat(AddressText.encode(prefix, bytes)).isEqualTo(text);
    assertThat(AddressText.decode(prefix, text.substring(prefix.length() + 1), 60))
        .isEqualTo(bytes);
  }
}
