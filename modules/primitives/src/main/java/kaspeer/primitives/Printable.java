package kaspeer.primitives;

import java.util.regex.Pattern;

/**
 * Text of others, made fit for a terminal, a line of log and a page. Out go the controls of ASCII
 * and of ISO 8859-1 (U+0080 to U+009F, which some terminals take for the start of a command as they
 * do ESC), what changes the direction or joins of text without being seen (Unicode's category Cf),
 * and the separators of lines and paragraphs.
 */
public final class Printable {
  /** A regular expression of one character that is not printed; without quotes. */
  public static final String NOT_PRINTED = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";

  private static final Pattern OUT = Pattern.compile(NOT_PRINTED);

  /** In JSON text the controls of ASCII are the layout between values, and escaped within them. */
  private static final Pattern OUT_OF_JSON =
      Pattern.compile("[\\x7f-\\x{9f}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /** The text on one line, with a question mark for each character that is not printed. */
  public static String line(String text) {
    return OUT.matcher(text).replaceAll("?");
  }

  /** The same of at most so many characters; an ellipsis stands for those that are left out. */
  public static String line(String text, int most) {
    if (text.length() <= most) {
      return line(text);
    }
    // The half of a character would be none.
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return line(text.substring(0, end)) + "…";
  }

  /**
   * JSON text that means the same and does nothing to a terminal: such characters in its strings
   * are escaped.
   */
  public static String json(String text) {
    return OUT_OF_JSON
        .matcher(text)
        .replaceAll(
            found -> {
              StringBuilder escaped = new StringBuilder();
              // A replacement's backslash is doubled, as it would quote what follows.
              found.group().chars().forEach(unit -> escaped.append("\\\\u%04x".formatted(unit)));
              return escaped.toString();
            });
  }
}
