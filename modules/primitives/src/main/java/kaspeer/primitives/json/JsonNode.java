package kaspeer.primitives.json;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Printable;
import org.jspecify.annotations.Nullable;

/**
 * A value in a JSON text, and where it stands there. Asking it for what it is not is a {@link
 * JsonException} that names the place, as in {@code transactions[3].inputs[0].sequence}.
 */
public final class JsonNode {
  /** What stands for null in the tree. */
  enum Null {
    NULL
  }

  private static final int MAX_QUOTED = 40;

  private final Object value;
  private final @Nullable JsonNode parent;

  /** The member's name, or the element's index. */
  private final Object step;

  /** A number as it is written. */
  record Numeral(String literal) {}

  JsonNode(Object value) {
    this(value, null, "");
  }

  private JsonNode(Object value, @Nullable JsonNode parent, Object step) {
    this.value = value;
    this.parent = parent;
    this.step = step;
  }

  /**
   * Reads a JSON text. The tree takes memory in proportion to the text, which the caller bounds.
   *
   * @throws JsonException if it is not JSON by RFC 8259, repeats a name, or is nested more than 64
   *     deep
   */
  public static JsonNode parse(String text) {
    return JsonParser.parse(text);
  }

  /** The names of an object's members, in order. */
  public Set<String> names() {
    return members().keySet();
  }

  /** The member with this name. */
  public JsonNode get(String name) {
    Object member = members().get(name);
    if (member == null) {
      throw new JsonException(new JsonNode(Null.NULL, this, name).path() + " is missing");
    }
    return new JsonNode(member, this, name);
  }

  /** The member with this name; null if there is none or it is null. */
  public @Nullable JsonNode find(String name) {
    Object member = members().get(name);
    return member == null || member == Null.NULL ? null : new JsonNode(member, this, name);
  }

  /** The elements of an array. */
  public List<JsonNode> elements() {
    if (!(value instanceof List<?> list)) {
      throw unexpected("an array");
    }
    List<JsonNode> nodes = new ArrayList<>(list.size());
    for (Object element : list) {
      nodes.add(new JsonNode(element, this, nodes.size()));
    }
    return nodes;
  }

  public String asString() {
    if (!(value instanceof String string)) {
      throw unexpected("a string");
    }
    return string;
  }

  public boolean asBoolean() {
    if (!(value instanceof Boolean bool)) {
      throw unexpected("true or false");
    }
    return bool;
  }

  /** A whole number from 0 to 2^64 - 1, as unsigned 64 bits. */
  public long asUnsignedLong() {
    return asUnsigned(-1);
  }

  /** A whole number from 0 to {@code max}, which is unsigned. */
  public long asUnsigned(long max) {
    if (value instanceof Numeral numeral && isWhole(numeral.literal)) {
      try {
        long result = Long.parseUnsignedLong(numeral.literal);
        if (Long.compareUnsigned(result, max) <= 0) {
          return result;
        }
      } catch (NumberFormatException e) {
        throw outOfRange(max, e);
      }
      throw outOfRange(max, null);
    }
    throw unexpected("a whole number from 0 to " + Long.toUnsignedString(max));
  }

  /** A whole number from 0 to {@code max}. */
  public int asInt(int max) {
    return (int) asUnsigned(max);
  }

  /** A string of hex digits, two a byte. */
  public byte[] asHex() {
    String string = asString();
    try {
      return HexFormat.of().parseHex(string);
    } catch (IllegalArgumentException e) {
      throw new JsonException(path() + " is not hex: " + describe(), e);
    }
  }

  /** A string of 64 hex digits. */
  public Hash asHash() {
    byte[] bytes = asHex();
    if (bytes.length != Hash.SIZE) {
      throw unexpected("a hash of " + 2 * Hash.SIZE + " hex digits");
    }
    return Hash.of(bytes);
  }

  /** Where the value stands, for messages. */
  public String path() {
    if (parent == null) {
      return "the whole";
    }
    StringBuilder path = new StringBuilder();
    for (JsonNode node = this; node.parent != null; node = node.parent) {
      if (node.step instanceof String name) {
        path.insert(0, shorten(name)).insert(0, node.parent.parent == null ? "" : ".");
      } else {
        path.insert(0, "[" + node.step + "]");
      }
    }
    return path.toString();
  }

  /** At most 40 characters of text that came from outside, {@linkplain Printable printable}. */
  static String shorten(String text) {
    return Printable.line(text, MAX_QUOTED);
  }

  private Map<?, ?> map() {
    if (!(value instanceof Map<?, ?> map)) {
      throw unexpected("an object");
    }
    return map;
  }

  @SuppressWarnings("unchecked") // the parser makes no other maps
  private Map<String, Object> members() {
    return (Map<String, Object>) map();
  }

  private static boolean isWhole(String literal) {
    return literal.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private JsonException outOfRange(long max, @Nullable Exception cause) {
    return new JsonException(
        path() + " is " + describe() + ", but must be at most " + Long.toUnsignedString(max),
        cause);
  }

  private JsonException unexpected(String what) {
    return new JsonException(path() + " is " + describe() + ", not " + what);
  }

  private String describe() {
    return switch (value) {
      case Map<?, ?> ignored -> "an object";
      case List<?> ignored -> "an array";
      case String string -> "\"" + shorten(string) + "\"";
      case Numeral numeral -> shorten(numeral.literal);
      case Boolean bool -> bool.toString();
      default -> "null";
    };
  }
}
