package kaspeer.node.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import kaspeer.admin.HostPort;
import kaspeer.admin.events.AdminEvent;
import org.jspecify.annotations.Nullable;

/** Sends requests to a node's admin endpoint. */
public final class AdminClient implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** A little longer than the node takes for anything. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(50);

  /** Three times the time within which a node shows its watchers that it is there. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final int FIRST_ERROR = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_READY = 503;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();
  private final HostPort node;
  private final ClientToken token;
  private final Duration silence;

  /**
   * @param token read when there; what needs no token works without
   */
  public AdminClient(HostPort node, ClientToken token) {
    this(node, token, SILENCE);
  }

  /**
   * @param silence after which a stream of events is given up
   */
  AdminClient(HostPort node, ClientToken token, Duration silence) {
    this.node = node;
    this.token = token;
    this.silence = silence;
  }

  /** A part of a path or query, escaped. */
  public static String escape(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The answer to a question. */
  public JsonNode get(String path) throws ClientException {
    return send(request(path, true).GET(), true);
  }

  /** The answer to an order; missing if the node had nothing to say. */
  public JsonNode change(String method, String path, @Nullable JsonNode body)
      throws ClientException {
    HttpRequest.Builder request = request(path, false);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
          .header("Content-Type", "application/json");
    }
    return send(request, false);
  }

  /** Hands in a block or transaction as the P2P message. */
  public JsonNode submit(String path, byte[] message) throws ClientException {
    return send(
        request(path, false)
            .POST(HttpRequest.BodyPublishers.ofByteArray(message))
            .header("Content-Type", "application/x-protobuf"),
        false);
  }

  /**
   * Hands every event to the consumer, as long as there are any. Returns never but by the
   * consumer's leave: the end of the node, too slow a consumer and a dead line are errors.
   */
  public void events(String query, Consumer<JsonNode> consumer) throws ClientException {
    HttpRequest request = request("/api/v1/events" + query, true).GET().build();
    try (EventStream stream = new EventStream(http, request)) {
      while (true) {
        switch (stream.next(silence).orElse(null)) {
          case null ->
              throw new ClientException(
                  node + " has shown no sign of life for " + silence.toSeconds() + " s", null);
          case EventStream.Line(var line) -> {
            Optional<JsonNode> event = stream.event(line);
            event.ifPresent(consumer);
            requireNotDropped(event);
          }
          case EventStream.Ended _ ->
              throw new ClientException("the node ended the stream of events", null);
          case EventStream.Refused(var status, var body) -> throw refused(status, body, true);
          case EventStream.Broken(var cause, var hasBegun) ->
              throw hasBegun
                  ? new ClientException("the line to " + node + " broke", cause)
                  : unreachable(cause);
        }
      }
    } catch (JsonProcessingException e) {
      throw stranger(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private static void requireNotDropped(Optional<JsonNode> event) throws ClientException {
    if (event.isPresent() && event.get().path("type").asText().equals(AdminEvent.DROPPED)) {
      throw new ClientException(
          "the node dropped this watcher, and events are lost: "
              + event.get().path("reason").asText(),
          null);
    }
  }

  /**
   * @param isRead whether it changes nothing
   */
  private HttpRequest.Builder request(String path, boolean isRead) throws ClientException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path)).header("Accept", "application/json");
    if (!path.startsWith("/api/v1/events")) {
      request.timeout(ANSWER_LIMIT);
    }
    token
        .forRequest(isRead)
        .ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  /** Java asks no host whose name it does not take for one, and calls that a fault of ours. */
  private URI uri(String path) throws ClientException {
    try {
      URI uri = new URI("http://" + node + path);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw noHost(e);
    }
    throw noHost(null);
  }

  private ClientException noHost(@Nullable Throwable cause) {
    return new ClientException(
        "'"
            + node.host()
            + "' is neither an IP address nor a name of letters, digits, hyphens and dots"
            + " (--admin names the node)",
        cause);
  }

  private JsonNode send(HttpRequest.Builder builder, boolean isRead) throws ClientException {
    try {
      HttpResponse<InputStream> response =
          http.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (response.statusCode() >= FIRST_ERROR) {
          throw refused(response.statusCode(), body, isRead);
        }
        return body.isEmpty() ? JsonNodeFactory.instance.missingNode() : JSON.readTree(body);
      }
    } catch (JsonProcessingException e) {
      throw stranger(e);
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private ClientException stranger(JsonProcessingException e) {
    return new ClientException(node + " did not answer as a Kaspeer admin endpoint does", e);
  }

  private ClientException refused(int status, String body, boolean isRead) {
    String detail = "";
    try {
      JsonNode problem = JSON.readTree(body);
      detail = problem.path("detail").asText("");
      detail += problem.has("rule") ? " (" + problem.get("rule").asText() + ")" : "";
    } catch (JsonProcessingException e) {
      return new ClientException(
          node + " answered " + status + ", and not as a Kaspeer admin endpoint does", e);
    }
    Optional<String> withoutToken =
        status == UNAUTHORIZED ? token.whyNot(isRead) : Optional.empty();
    if (withoutToken.isPresent()) {
      return new ClientException(withoutToken.get(), null);
    }
    String kind = status == NOT_READY ? "not now: " : "";
    return new ClientException(
        kind + (detail.isEmpty() ? "the node answered " + status : detail), null);
  }

  private ClientException unreachable(Exception e) {
    if (isNoHttp(e)) {
      return new ClientException(
          node + " is not an admin endpoint (that is usually the P2P port plus 1000)", e);
    }
    String why =
        switch (e) {
          case ConnectException _ when isUnresolved(e) -> "no host is called " + node.host();
          case ConnectException _ -> "nothing listens there";
          default -> String.valueOf(e.getMessage());
        };
    return new ClientException(
        "no node answers at " + node + ": " + why + " (--admin or --data-dir name another)", e);
  }

  private static boolean isUnresolved(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return true;
      }
    }
    return false;
  }

  /** Whether something answered, but not in the language of the web: a P2P port, say. */
  private static boolean isNoHttp(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof ProtocolException
          || message.startsWith("parsing HTTP/1.1")
          || message.contains("header parser received no bytes")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
