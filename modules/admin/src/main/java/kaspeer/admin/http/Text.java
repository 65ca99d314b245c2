package kaspeer.admin.http;

import java.util.List;
import kaspeer.primitives.Printable;

/** Text from outside, made fit for a line that a person reads. */
final class Text {
  private static final int MAX_QUOTED = 80;
  private static final int MAX_LINE = 1_000;

  private Text() {}

  /** At most 80 characters, all of them {@linkplain Printable printable}. */
  static String shorten(String text) {
    return Printable.line(text, MAX_QUOTED);
  }

  /** What there is, for whoever asked for something else. */
  static String all(List<String> names) {
    return switch (names.size()) {
      case 0 -> "there are none here";
      case 1 -> "there is only " + names.getFirst();
      default -> "there are " + String.join(", ", names);
    };
  }

  /** Our own words, in which something from outside may be quoted: long, but not without end. */
  static String line(String text) {
    return Printable.line(text, MAX_LINE);
  }
}
