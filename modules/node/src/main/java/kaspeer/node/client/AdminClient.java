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
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kaspeer.admin.HostPort;
import kaspeer.admin.http.AdminToken;
import org.jspecify.annotations.Nullable;

/** Sends requests to a node's admin endpoint. */
public final class AdminClient implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** A little longer than the node takes for anything. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(50);

  private static final int FIRST_ERROR = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_READY = 503;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data: ";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();
  private final HostPort node;
  private final Path tokenFile;

  /**
   * @param tokenFile read when there; what needs no token works without
   */
  public AdminClient(HostPort node, Path tokenFile) {
    this.node = node;
    this.tokenFile = tokenFile;
  }

  /** A part of a path or query, escaped. */
  public static String escape(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The answer to a question. */
  public JsonNode get(String path) throws ClientException {
    return send(request(path).GET());
  }

  /** The answer to an order; missing if the node had nothing to say. */
  public JsonNode change(String method, String path, @Nullable JsonNode body)
      throws ClientException {
    HttpRequest.Builder request = request(path);
    if (body == null) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .method(method, HttpRequest.BodyPublishers.ofString(body.toString()))
          .header("Content-Type", "application/json");
    }
    return send(request);
  }

  /** Hands in a block or transaction as the P2P message. */
  public JsonNode submit(String path, byte[] message) throws ClientException {
    return send(
        request(path)
            .POST(HttpRequest.BodyPublishers.ofByteArray(message))
            .header("Content-Type", "application/x-protobuf"));
  }

  /** Hands every event to the consumer until the node ends the stream. */
  public void events(String query, Consumer<JsonNode> consumer) throws ClientException {
    HttpRequest request = request("/api/v1/events" + query).GET().build();
    try {
      HttpResponse<Stream<String>> response =
          http.send(request, HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() >= FIRST_ERROR) {
          throw refused(response.statusCode(), String.join("\n", lines.toList()));
        }
        Iterator<String> each = lines.filter(line -> line.startsWith(DATA)).iterator();
        while (each.hasNext()) {
          consumer.accept(JSON.readTree(each.next().substring(DATA.length())));
        }
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private HttpRequest.Builder request(String path) throws ClientException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + node + path))
            .header("Accept", "application/json");
    if (!path.startsWith("/api/v1/events")) {
      request.timeout(ANSWER_LIMIT);
    }
    Optional<String> token = token();
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  private Optional<String> token() throws ClientException {
    if (!Files.isReadable(tokenFile)) {
      return Optional.empty();
    }
    try {
      return Optional.of(AdminToken.read(tokenFile));
    } catch (IOException e) {
      throw new ClientException("cannot read the token: " + e.getMessage(), e);
    }
  }

  private JsonNode send(HttpRequest.Builder builder) throws ClientException {
    try {
      HttpResponse<InputStream> response =
          http.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (response.statusCode() >= FIRST_ERROR) {
          throw refused(response.statusCode(), body);
        }
        return body.isEmpty() ? JsonNodeFactory.instance.missingNode() : JSON.readTree(body);
      }
    } catch (JsonProcessingException e) {
      throw new ClientException(node + " did not answer as a Kaspeer admin endpoint does", e);
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private ClientException refused(int status, String body) {
    String detail = "";
    try {
      JsonNode problem = JSON.readTree(body);
      detail = problem.path("detail").asText("");
      detail += problem.has("rule") ? " (" + problem.get("rule").asText() + ")" : "";
    } catch (JsonProcessingException e) {
      return new ClientException(
          node + " answered " + status + ", and not as a Kaspeer admin endpoint does", e);
    }
    if (status == UNAUTHORIZED && !Files.isReadable(tokenFile)) {
      return new ClientException(
          "this needs the node's token, and none is in "
              + tokenFile
              + ": give --data-dir of the node, where its token is",
          null);
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
