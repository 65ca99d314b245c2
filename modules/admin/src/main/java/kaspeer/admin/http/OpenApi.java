package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * The endpoint's description in OpenAPI 3.1, made of the routes that serve it, so that the two
 * cannot differ.
 */
final class OpenApi {
  static final Schema PROBLEM =
      Schema.object("Why a request was not done (RFC 9457).")
          .with("type", Schema.string("Stable."))
          .with("title", Schema.string(""))
          .with("status", Schema.integer(""))
          .with("detail", Schema.string("What exactly."))
          .maybe("verdict", Schema.string("Of what was handed in, in a word."))
          .maybe("rule", Schema.string("Of consensus or policy: the one that was broken."))
          .maybe("hash", Schema.hash("Of a block that was handed in."))
          .maybe("parents", Schema.array(Schema.hash(""), "Of its parents, those not here."))
          .maybe("transactionId", Schema.hash("Of a transaction that was handed in."));

  private OpenApi() {}

  static ObjectNode describe(List<Route> routes, String version) {
    ObjectNode api = Json.object().put("openapi", "3.1.0");
    api.putObject("info")
        .put("title", "Kaspeer admin endpoint")
        .put("version", version)
        .put(
            "description",
            "Reads on loopback need nothing. Every change, and everything on another address, needs the token from the"
                + " node's data directory. 64-bit numbers are JSON numbers.");
    ObjectNode paths = api.putObject("paths");
    for (Route route : routes) {
      ObjectNode path = paths.withObjectProperty(route.path().text());
      path.set(route.method().name().toLowerCase(Locale.ROOT), operation(route));
    }
    ObjectNode components = api.putObject("components");
    components.putObject("schemas").set("Problem", PROBLEM.toJson());
    components
        .putObject("securitySchemes")
        .putObject("token")
        .put("type", "http")
        .put("scheme", "bearer");
    return api;
  }

  private static ObjectNode operation(Route route) {
    ObjectNode operation = Json.object().put("summary", route.summary());
    ArrayNode security = operation.putArray("security");
    security.addObject().putArray("token");
    if (!route.method().changes()) {
      // On loopback nothing is needed.
      security.addObject();
    }
    parameters(route, operation);
    Route.BodyRule body = route.body();
    if (body != null) {
      ObjectNode request = operation.putObject("requestBody").put("required", !body.optional());
      ObjectNode content = request.putObject("content");
      body.mediaTypes().stream()
          .sorted()
          .forEach(type -> content.putObject(type).set("schema", form(type, body)));
    }
    responses(route, operation.putObject("responses"));
    return operation;
  }

  private static ObjectNode form(String mediaType, Route.BodyRule body) {
    return mediaType.equals(Route.BodyRule.JSON) ? body.schema().toJson() : binary();
  }

  private static ObjectNode binary() {
    return Json.object().put("type", "string").put("format", "binary");
  }

  private static void parameters(Route route, ObjectNode operation) {
    ArrayNode parameters = operation.putArray("parameters");
    for (String name : route.path().names()) {
      ObjectNode parameter =
          parameters.addObject().put("name", name).put("in", "path").put("required", true);
      parameter.set("schema", route.hole(name).toJson());
    }
    for (Route.Query query : route.query()) {
      ObjectNode parameter =
          parameters
              .addObject()
              .put("name", query.name())
              .put("in", "query")
              .put("description", query.meaning());
      parameter.set("schema", query.schema().toJson());
    }
  }

  private static void responses(Route route, ObjectNode responses) {
    Route.Answer answer = route.answer();
    good(answer, answer.status(), answer.meaning(), responses);
    answer.other().forEach((status, meaning) -> good(answer, status, meaning, responses));
    if (route.isLimited()) {
      ObjectNode headers =
          responses
              .withObjectProperty(Integer.toString(answer.status()))
              .withObjectProperty("headers");
      headers
          .putObject(Route.TOTAL)
          .put("description", "How many there are, without the limit.")
          .putObject("schema")
          .put("type", "integer");
    }
    ObjectNode bad = responses.putObject("default").put("description", "It was not done.");
    bad.putObject("content")
        .putObject("application/problem+json")
        .putObject("schema")
        .put("$ref", "#/components/schemas/Problem");
  }

  private static void good(Route.Answer answer, int status, String meaning, ObjectNode responses) {
    ObjectNode good = responses.putObject(Integer.toString(status)).put("description", meaning);
    answer
        .headers()
        .forEach(
            (name, means) -> {
              ObjectNode header =
                  good.withObjectProperty("headers").putObject(name).put("description", means);
              header.putObject("schema").put("type", "string");
            });
    if (!answer.mediaType().isEmpty()) {
      ObjectNode content = good.putObject("content");
      content.putObject(answer.mediaType()).set("schema", answer.schema().toJson());
      if (answer.protobuf()) {
        content.putObject(Route.BodyRule.PROTOBUF).set("schema", binary());
      }
    }
  }
}
