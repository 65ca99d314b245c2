package kaspeer.admin.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import kaspeer.primitives.Hash;

/**
 * Making JSON: hashes as hex, 64-bit numbers as unsigned numbers, our own times as RFC 3339 in UTC.
 */
final class Json {
  private static final BigInteger TWO_TO_64 = BigInteger.ONE.shiftLeft(64);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** As it is sent. */
  static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static <T> ArrayNode array(Collection<T> elements, Function<T, JsonNode> render) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(elements.size());
    elements.forEach(element -> array.add(render.apply(element)));
    return array;
  }

  /**
   * An answer with so many of a list as were wanted.
   *
   * @param total how many there are
   */
  static <T> Response some(List<T> wanted, int total, Function<T, JsonNode> render) {
    return new Response.Text(
        200,
        "application/json",
        bytes(array(wanted, render)),
        Route.TOTAL,
        Integer.toString(total));
  }

  static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  static ArrayNode hashes(Collection<Hash> hashes) {
    return array(hashes, hash -> text(hash.toString()));
  }

  /** An unsigned number of 64 bits. */
  static JsonNode unsigned(long value) {
    return value >= 0
        ? JsonNodeFactory.instance.numberNode(value)
        : JsonNodeFactory.instance.numberNode(BigInteger.valueOf(value).add(TWO_TO_64));
  }

  static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** {@code host:port}, the host as a literal, in brackets if it is IPv6. */
  static String address(InetSocketAddress address) {
    String host =
        address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
