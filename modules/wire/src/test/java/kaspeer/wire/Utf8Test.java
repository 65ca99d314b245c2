package kaspeer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Utf8Test {
  @Property
  void validityIsThatOfTheStandardDecoder(@ForAll @Size(max = 6) byte[] bytes) {
    boolean decodes;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      decodes = true;
    } catch (CharacterCodingException e) {
      decodes = false;
    }
    assertThat(Utf8.valid(bytes, 0, bytes.length)).isEqualTo(decodes);
  }

  @Property
  void everyTextIsValidInUtf8(@ForAll String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(Utf8.valid(bytes, 0, bytes.length)).isTrue();
  }

  @Property
  void aCutTextIsTheLongestBeginningThatFits(
      @ForAll String text, @ForAll @IntRange(max = 40) int max) {
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String cut = Utf8.cut(whole, max);
    assertThat(whole).startsWith(cut);
    assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(max);
    if (cut.length() < whole.length()) {
      String next = whole.substring(0, whole.offsetByCodePoints(cut.length(), 1));
      assertThat(next.getBytes(StandardCharsets.UTF_8).length).isGreaterThan(max);
    }
  }

  @Test
  void aCharacterIsNeverSplit() {
    assertThat(Utf8.cut("aéé", 4)).isEqualTo("aé");
    assertThat(Utf8.cut("€uro", 2)).isEmpty();
    assertThat(Utf8.cut("x".repeat(3_000), 2_048)).hasSize(2_048);
  }
}
