package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers and truth in scripts (consensus reference 6.8.1). */
class ScriptNumberTest {
  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "0, ''",
    "1, 01",
    "-1, 81",
    "127, 7f",
    "-127, ff",
    "128, 8000",
    "-128, 8080",
    "255, ff00",
    "256, 0001",
    "-256, 0081",
    "32767, ff7f",
    "32768, 008000",
    "-32768, 008080",
    "2147483647, ffffff7f",
    "-2147483648, 0000008080",
    "9223372036854775807, ffffffffffffff7f",
    "-9223372036854775807, ffffffffffffffff"
  })
  void aNumberHasItsShortestEncoding(long value, String hex) throws ScriptException {
    assertThat(ScriptNumber.encode(value)).asHexString().isEqualToIgnoringCase(hex);
    assertThat(ScriptNumber.decode(HexFormat.of().parseHex(hex))).isEqualTo(value);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"80, 0", "0000, 0", "0080, 0", "0100000000000000, 1", "0100000000000080, -1"})
  void longerEncodingsAreReadToo(String hex, long value) throws ScriptException {
    assertThat(ScriptNumber.decode(HexFormat.of().parseHex(hex))).isEqualTo(value);
  }

  @Property
  void whatIsWrittenIsRead(@ForAll @LongRange(min = -Long.MAX_VALUE) long value)
      throws ScriptException {
    byte[] bytes = ScriptNumber.encode(value);

    assertThat(ScriptNumber.decode(bytes)).isEqualTo(value);
    assertThat(ScriptNumber.isTrue(bytes)).isEqualTo(value != 0);
  }

  @Property
  void aFixedWidthIsReadAsTheSameNumberOrRefused(
      @ForAll @LongRange(min = -Long.MAX_VALUE) long value, @ForAll @IntRange(max = 8) int size)
      throws ScriptException {
    if (ScriptNumber.encode(value).length > size) {
      assertThatThrownBy(() -> ScriptNumber.encode(value, size))
          .isInstanceOfSatisfying(
              ScriptException.class,
              e -> assertThat(e.error()).isEqualTo(ScriptError.NUMBER_NOT_ENCODABLE));
    } else {
      assertThat(ScriptNumber.encode(value, size)).hasSize(size);
      assertThat(ScriptNumber.decode(ScriptNumber.encode(value, size))).isEqualTo(value);
    }
  }

  @Test
  void theSmallestNumberHasNoEncoding() {
    assertThatThrownBy(() -> ScriptNumber.encode(Long.MIN_VALUE))
        .isInstanceOf(ScriptException.class);
    assertThat(new ScriptBuilder().number(Long.MIN_VALUE).build()).hasSize(10);
  }

  private static boolean isTrueByteByByte(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      boolean isSign = i == bytes.length - 1 && bytes[i] == (byte) 0x80;
      if (bytes[i] != 0 && !isSign) {
        return true;
      }
    }
    return false;
  }

  private static void assertTruth(byte[] bytes) {
    assertThat(ScriptNumber.isTrue(bytes))
        .as(() -> "of " + bytes.length + " bytes")
        .isEqualTo(isTrueByteByByte(bytes));
  }

  @ParameterizedTest(name = "{0} bytes")
  @MethodSource("lengths")
  void oneByteAnywhereMakesItTrueUnlessItIsTheSign(int length) {
    byte[] bytes = new byte[length];
    assertTruth(bytes);
    for (int i = 0; i < length; i++) {
      for (int value : new int[] {0x01, 0x7f, 0x80, 0x81, 0xff}) {
        bytes[i] = (byte) value;
        assertTruth(bytes);
        // And with a sign besides.
        byte last = bytes[length - 1];
        bytes[length - 1] |= (byte) 0x80;
        assertTruth(bytes);
        bytes[length - 1] = last;
      }
      bytes[i] = 0;
    }
  }

  static IntStream lengths() {
    return IntStream.concat(IntStream.rangeClosed(0, 20), IntStream.of(63, 64, 65, 255, 520, 1000));
  }

  @Test
  void theSameGoesForTheLargestElements() {
    byte[] bytes = new byte[ScriptLimits.MAX_ELEMENT_SIZE];
    assertTruth(bytes);
    for (int i : new int[] {0, 1, 7, 8, bytes.length / 2, bytes.length - 2, bytes.length - 1}) {
      bytes[i] = (byte) 0x80;
      assertTruth(bytes);
      bytes[i] = 0;
    }
  }

  @Property
  void truthIsThatOfAllBytes(@ForAll byte @Size(max = 40) [] bytes) {
    assertTruth(bytes);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({"'', false", "00, false", "80, false", "000080, false", "01, true", "8000, true"})
  void falseIsEveryZero(String hex, boolean expected) {
    assertThat(ScriptNumber.isTrue(HexFormat.of().parseHex(hex))).isEqualTo(expected);
  }
}
