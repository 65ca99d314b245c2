package kaspeer.admin.http;

import java.util.List;
import java.util.function.Function;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.primitives.json.JsonException;
import kaspeer.primitives.json.JsonNode;

/** Reading orders in JSON: one that makes no sense is a {@link Problem}. */
final class Orders {
  private Orders() {}

  /** A name that is misspelt would otherwise be an order that is silently not followed. */
  static void only(JsonNode order, String... names) {
    for (String name : order.names()) {
      if (!List.of(names).contains(name)) {
        throw new JsonException(
            "unknown member '" + Text.shorten(name) + "'; " + Text.all(List.of(names)));
      }
    }
  }

  static <T> T read(Request request, Function<JsonNode, T> reader) {
    JsonNode order = request.json();
    try {
      return reader.apply(order);
    } catch (JsonException e) {
      throw new Problem(Kind.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }
}
