package kaspeer.admin.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.primitives.Hash;
import kaspeer.primitives.json.JsonException;
import kaspeer.primitives.json.JsonNode;
import org.jspecify.annotations.Nullable;

/** A request that may be answered: its parts, taken out of text that came from outside. */
final class Request {
  private static final int MAX_QUERY = 4096;

  /** No order has more than a dozen. */
  private static final int MAX_MEMBERS = 64;

  private final HttpExchange exchange;
  private final Map<String, String> path;
  private final Map<String, String> query;
  private final @Nullable Body body;

  private Request(
      HttpExchange exchange,
      Map<String, String> path,
      Map<String, String> query,
      @Nullable Body body) {
    this.exchange = exchange;
    this.path = path;
    this.query = query;
    this.body = body;
  }

  /**
   * What a request brought.
   *
   * @param mediaType in lower case, without parameters; empty if it was not said
   */
  record Body(String mediaType, byte[] bytes) {}

  /** Reads what the route needs of the request. */
  static Request read(HttpExchange exchange, Route route, Map<String, String> path)
      throws IOException {
    Map<String, String> query = parseQuery(exchange.getRequestURI().getRawQuery());
    List<String> known = route.query().stream().map(Route.Query::name).toList();
    for (String name : query.keySet()) {
      if (!known.contains(name)) {
        throw new Problem(
            Kind.BAD_REQUEST, "unknown parameter '" + Text.shorten(name) + "'; " + Text.all(known));
      }
    }
    Route.BodyRule rule = route.body();
    return new Request(exchange, path, query, rule == null ? null : readBody(exchange, rule));
  }

  /** A part of the path. */
  String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  Hash hash(String name) {
    String text = path(name);
    if (!text.matches("[0-9a-fA-F]{64}")) {
      throw new Problem(
          Kind.BAD_REQUEST, "'" + Text.shorten(text) + "' is not a hash of 64 hex digits");
    }
    return Hash.fromHex(text);
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A parameter that is {@code true} or {@code false}; false if absent. */
  boolean flag(String name) {
    return switch (query.getOrDefault(name, "false")) {
      case "true", "" -> true;
      case "false" -> false;
      default -> throw new Problem(Kind.BAD_REQUEST, "parameter " + name + " is true or false");
    };
  }

  /** How many of a list are wanted: {@link Route#LIMIT}; all of them if that is absent. */
  int limit() {
    String text = query.get(Route.LIMIT);
    if (text == null) {
      return Integer.MAX_VALUE;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new Problem(
          Kind.BAD_REQUEST, "parameter " + Route.LIMIT + " is a number of at most nine digits");
    }
    return Integer.parseInt(text);
  }

  /** The body of a route that takes one. */
  Body body() {
    if (body == null) {
      throw new IllegalArgumentException("the route takes no body");
    }
    return body;
  }

  boolean hasBody() {
    return body != null && body.bytes.length > 0;
  }

  /** The body as a JSON object. */
  JsonNode json() {
    try {
      JsonNode node = JsonNode.parse(text());
      requireObject(node);
      return node;
    } catch (JsonException e) {
      throw new Problem(Kind.BAD_REQUEST, "the body: " + e.getMessage());
    }
  }

  /** Only an object has names. */
  private static void requireObject(JsonNode node) {
    var names = node.names();
    if (names.size() > MAX_MEMBERS) {
      throw new Problem(Kind.BAD_REQUEST, "an object of more than " + MAX_MEMBERS + " members");
    }
  }

  private String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body().bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Problem(Kind.BAD_REQUEST, "the body is not UTF-8");
    }
  }

  /** Whether the answer had better be of this type than JSON: the only one that was asked for. */
  boolean wants(String mediaType) {
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    return accept != null
        && accept.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT).equals(mediaType);
  }

  private static Body readBody(HttpExchange exchange, Route.BodyRule rule) throws IOException {
    String contentType =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse("");
    String mediaType = contentType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    try (InputStream in = exchange.getRequestBody()) {
      byte[] bytes = in.readNBytes(rule.maxBytes() + 1);
      if (bytes.length > rule.maxBytes()) {
        throw new Problem(Kind.TOO_LARGE, "at most " + rule.maxBytes() + " bytes");
      }
      boolean fits = rule.mediaTypes().contains(mediaType);
      if (bytes.length == 0 && !rule.optional() && fits) {
        throw new Problem(Kind.BAD_REQUEST, "a body is needed");
      }
      if (bytes.length > 0 ? !fits : !rule.optional()) {
        throw new Problem(
            Kind.UNSUPPORTED_MEDIA_TYPE,
            "a body of type " + String.join(" or ", rule.mediaTypes()));
      }
      return new Body(mediaType, bytes);
    }
  }

  private static Map<String, String> parseQuery(@Nullable String raw) {
    Map<String, String> query = new LinkedHashMap<>();
    if (raw == null || raw.isEmpty()) {
      return query;
    }
    if (raw.length() > MAX_QUERY) {
      throw new Problem(Kind.BAD_REQUEST, "a query of more than " + MAX_QUERY + " characters");
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (query.putIfAbsent(name, value) != null) {
        throw new Problem(
            Kind.BAD_REQUEST, "parameter '" + Text.shorten(name) + "' is there twice");
      }
    }
    return query;
  }

  /** Takes percent signs out, as in forms. */
  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Problem(
          Kind.BAD_REQUEST, "'" + Text.shorten(text) + "' is not percent-encoded as it should be");
    }
  }
}
