package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** kaspad's JSON RPC over a WebSocket. Calls may overlap. */
public final class KaspadRpc implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  private final HttpClient http;
  private final Map<Long, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final WebSocket socket;
  private CompletableFuture<?> lastSend = CompletableFuture.completedFuture(null);

  private KaspadRpc(int port) {
    http = HttpClient.newHttpClient();
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port), new Reader())
            .join();
  }

  static KaspadRpc await(int port, Duration limit, Process process) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        return new KaspadRpc(port);
      } catch (CompletionException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  /** Parameters of a call, to be filled. */
  public static ObjectNode params() {
    return JSON.createObjectNode();
  }

  /** Calls a method, such as {@code getBlockDagInfo}; fails with the node's error text. */
  public CompletableFuture<JsonNode> send(String method, ObjectNode params) {
    long id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    open.put(id, answer);
    ObjectNode request = JSON.createObjectNode().put("id", id).put("method", method);
    request.set("params", params);
    synchronized (this) {
      // A WebSocket takes one text at a time.
      lastSend =
          lastSend
              .thenCompose(done -> socket.sendText(request.toString(), true))
              .whenComplete(
                  (done, failure) -> {
                    if (failure != null) {
                      answer.completeExceptionally(failure);
                    }
                  });
    }
    return answer
        .orTimeout(ANSWER_LIMIT.toSeconds(), TimeUnit.SECONDS)
        .whenComplete((a, f) -> open.remove(id));
  }

  /** Waits for all of these answers. */
  static void join(List<? extends CompletableFuture<?>> answers) {
    CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).join();
  }

  /** Calls a method and waits. */
  public JsonNode call(String method, ObjectNode params) {
    return send(method, params).join();
  }

  public JsonNode call(String method) {
    return call(method, params());
  }

  /** The answer to {@code getBlockDagInfo}. */
  public JsonNode dag() {
    return call("getBlockDagInfo");
  }

  /** What the node's index has of these addresses. */
  public List<SignedWallet.Coin> coins(String... addresses) {
    ObjectNode params = params();
    params.putArray("addresses").addAll(Stream.of(addresses).map(TextNode::new).toList());
    List<SignedWallet.Coin> coins = new ArrayList<>();
    for (JsonNode entry : call("getUtxosByAddresses", params).get("entries")) {
      coins.add(RpcJson.coin(entry));
    }
    return coins;
  }

  /** Hash of the sink, as hex. */
  public String sink() {
    return call("getSink").get("sink").asText();
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void onOpen(WebSocket webSocket) {
      webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        answer(message);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      open.values().forEach(answer -> answer.completeExceptionally(error));
    }

    private void answer(String message) {
      try {
        JsonNode node = JSON.readTree(message);
        CompletableFuture<JsonNode> waiting =
            node.hasNonNull("id") ? open.get(node.get("id").asLong()) : null;
        if (waiting == null) {
          return; // A notification.
        }
        if (node.hasNonNull("error")) {
          waiting.completeExceptionally(
              new IllegalStateException(node.get("error").path("message").asText()));
        } else {
          waiting.complete(node.path("params"));
        }
      } catch (JsonProcessingException e) {
        open.values().forEach(a -> a.completeExceptionally(e));
      }
    }
  }
}
