package kaspeer.admin.http;

/** Text from outside, made fit for a line that a person reads. */
final class Text {
  private static final int MAX_QUOTED = 80;

  private Text() {}

  /** At most 80 characters, none of them a control character. */
  static String shorten(String text) {
    String cut = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
