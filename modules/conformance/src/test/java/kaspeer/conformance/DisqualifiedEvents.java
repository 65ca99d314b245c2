package kaspeer.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.testkit.node.KaspeerNode;

/** What a node tells of blocks that it keeps off its chain, from now on. */
final class DisqualifiedEvents implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data: ";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, JsonNode> byHash = new ConcurrentHashMap<>();

  DisqualifiedEvents(KaspeerNode node) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(node.adminUri().resolve("/api/v1/events?types=blockDisqualified"))
            .build();
    var lines = http.send(request, HttpResponse.BodyHandlers.ofLines()).body();
    Thread.ofVirtual().start(() -> lines.forEach(this::read));
  }

  private void read(String line) {
    if (!line.startsWith(DATA)) {
      return;
    }
    try {
      JsonNode event = JSON.readTree(line.substring(DATA.length()));
      byHash.put(event.get("hash").asText(), event);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(line, e);
    }
  }

  /** The event of a block, with its rule and detail. */
  Optional<JsonNode> of(String hash) {
    return Optional.ofNullable(byHash.get(hash));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
