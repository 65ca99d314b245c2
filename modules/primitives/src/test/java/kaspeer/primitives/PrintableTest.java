package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0000",
        "\t",
        "\n",
        "\r",
        "\u001b",
        "\u007f",
        "\u0080",
        "\u0085",
        "\u009b",
        "\u009f",
        "\u061c",
        "\u200e",
        "\u2028",
        "\u2029",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
        "\ufeff",
        "\udb40\udc41"
      })
  void whatIsNotSeenOrMovesTheCursorBecomesAQuestionMark(String character) {
    assertThat(Printable.line("a" + character + "b")).isEqualTo("a?b");
  }

  @Test
  void whatIsSeenStays() {
    String text = "/kaspad:2.1.0 (ünïcode, 漢字, ⛏, \ud83d\ude00, \u05d0)/";
    assertThat(Printable.line(text)).isEqualTo(text);
    assertThat(Printable.json(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "abc,abc",
    "abcd,abcd",
    "abcde,abcd…",
    "a\u009bcde,a?cd…",
    "abc😀e,abc…",
    "ab😀e,ab😀…"
  })
  void whatIsLongIsCutAndNeverWithinACharacter(String text, String cut) {
    assertThat(Printable.line(text, 4)).isEqualTo(cut);
  }

  @Test
  void jsonKeepsItsMeaningAndItsLayout() {
    assertThat(Printable.json("{\n  \"a\": \"x\u009b2J\u202ey\udb40\udc41\"\r\n}"))
        .isEqualTo("{\n  \"a\": \"x\\u009b2J\\u202ey\\udb40\\udc41\"\r\n}");
  }
}
