package kaspeer.primitives.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns text into a tree of values: RFC 8259 to the letter, no name twice in an object, depth
 * bounded.
 */
final class JsonParser {
  /** Deepest nesting of objects and arrays. */
  static final int MAX_DEPTH = 64;

  private static final int END = -1;

  private final String text;
  private int position;

  private JsonParser(String text) {
    this.text = text;
  }

  static JsonNode parse(String text) {
    JsonParser parser = new JsonParser(text);
    Object value = parser.value(0);
    parser.skipSpace();
    if (parser.position < text.length()) {
      throw parser.wrong("nothing more expected");
    }
    return new JsonNode(value);
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("nested more than " + MAX_DEPTH + " deep");
    }
    skipSpace();
    int c = peek();
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", JsonNode.Null.NULL);
      default -> {
        if (c != '-' && !isDigit(c)) {
          throw wrong("a value expected");
        }
        yield number();
      }
    };
  }

  private Map<String, Object> object(int depth) {
    position++;
    Map<String, Object> members = new LinkedHashMap<>();
    skipSpace();
    if (accept('}')) {
      return members;
    }
    do {
      skipSpace();
      if (peek() != '"') {
        throw wrong("a name expected");
      }
      String name = string();
      skipSpace();
      expect(':');
      if (members.putIfAbsent(name, value(depth + 1)) != null) {
        throw wrong("duplicate name '" + JsonNode.shorten(name) + "'");
      }
      skipSpace();
    } while (accept(','));
    expect('}');
    return members;
  }

  private List<Object> array(int depth) {
    position++;
    List<Object> elements = new ArrayList<>();
    skipSpace();
    if (accept(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
      skipSpace();
    } while (accept(','));
    expect(']');
    return elements;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, position)) {
      throw wrong("a value expected");
    }
    position += word.length();
    return value;
  }

  private JsonNode.Numeral number() {
    int start = position;
    accept('-');
    if (!accept('0')) {
      digits();
    }
    if (accept('.')) {
      digits();
    }
    if (accept('e') || accept('E')) {
      if (!accept('+')) {
        accept('-');
      }
      digits();
    }
    return new JsonNode.Numeral(text.substring(start, position));
  }

  private void digits() {
    if (!isDigit(peek())) {
      throw wrong("a digit expected");
    }
    while (isDigit(peek())) {
      position++;
    }
  }

  private String string() {
    position++;
    int start = position;
    // Most strings are plain: those are cut out whole.
    while (isPlain(peek())) {
      position++;
    }
    if (peek() == '"') {
      return text.substring(start, position++);
    }
    StringBuilder builder = new StringBuilder().append(text, start, position);
    while (true) {
      int c = peek();
      if (c == '"') {
        position++;
        break;
      }
      if (c == '\\') {
        builder.append(escape());
      } else if (isPlain(c)) {
        builder.append((char) c);
        position++;
      } else {
        throw wrong(c == END ? "string not ended" : "control character in a string");
      }
    }
    return builder.toString();
  }

  /**
   * The character of an escape sequence. Halves of surrogate pairs must be escaped in pairs to be
   * text.
   */
  private String escape() {
    position++;
    int c = peek();
    position++;
    return switch (c) {
      case '"', '\\', '/' -> String.valueOf((char) c);
      case 'b' -> "\b";
      case 'f' -> "\f";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'u' -> unicode();
      default -> {
        position--;
        throw wrong("unknown escape");
      }
    };
  }

  private String unicode() {
    char first = hexDigits();
    if (!Character.isSurrogate(first)) {
      return String.valueOf(first);
    }
    if (Character.isHighSurrogate(first) && text.startsWith("\\u", position)) {
      position += 2;
      char second = hexDigits();
      if (Character.isLowSurrogate(second)) {
        return new String(new char[] {first, second});
      }
    }
    throw wrong("half of a surrogate pair");
  }

  private char hexDigits() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int c = peek();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw wrong("a hex digit expected");
      }
      value = value << 4 | digit;
      position++;
    }
    return (char) value;
  }

  private void skipSpace() {
    int c = peek();
    while (c == ' ' || c == '\n' || c == '\r' || c == '\t') {
      position++;
      c = peek();
    }
  }

  private int peek() {
    return position < text.length() ? text.charAt(position) : END;
  }

  private boolean accept(char c) {
    if (peek() == c) {
      position++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw wrong("'" + c + "' expected");
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isPlain(int c) {
    return c >= ' ' && c != '"' && c != '\\';
  }

  private JsonException wrong(String what) {
    return new JsonException("not JSON at character " + (position + 1) + ": " + what);
  }
}
