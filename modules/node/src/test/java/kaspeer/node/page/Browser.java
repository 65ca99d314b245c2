package kaspeer.node.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** A Chromium without a screen, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final String INSTALL = "apt-get install -y --no-install-recommends chromium";

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Process process;
  private final Path log;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();
  private final WebSocket socket;

  private Browser(Path program, Path profile) throws IOException, InterruptedException {
    log = profile.resolve("log.txt");
    process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                // Tests may run as root, and in containers with little shared memory.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      socket = connect(page(port(profile)));
      call("Page.enable", object());
      // Without a screen no window has the focus, and no element hears that it got it.
      call("Emulation.setFocusEmulationEnabled", object().put("enabled", true));
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** The Chromium on this machine. */
  static Optional<Path> find() {
    String path = System.getenv().getOrDefault("PATH", "");
    return NAMES.stream()
        .flatMap(
            name ->
                Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir).resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The same, without which a test is skipped. */
  static Path needed() {
    Optional<Path> found = find();
    Assumptions.assumeTrue(found.isPresent(), "no Chromium here; to run this test: " + INSTALL);
    return found.orElseThrow();
  }

  /**
   * Starts it.
   *
   * @param profile an empty folder
   */
  static Browser start(Path program, Path profile) throws IOException, InterruptedException {
    return new Browser(program, profile);
  }

  /** The port, from the file that it writes when it listens. */
  private int port(Path profile) throws IOException {
    Path file = profile.resolve("DevToolsActivePort");
    await("a port", () -> Files.isRegularFile(file) && Files.readAllLines(file).size() > 1);
    return Integer.parseInt(Files.readAllLines(file).getFirst());
  }

  private URI page(int port) throws IOException, InterruptedException {
    URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
    JsonNode[] found = new JsonNode[1];
    await(
        "a page",
        () -> {
          HttpResponse<String> response =
              client.send(
                  HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString());
          for (JsonNode target : JSON.readTree(response.body())) {
            if (target.path("type").asText().equals("page")) {
              found[0] = target;
            }
          }
          return found[0] != null;
        });
    return URI.create(found[0].path("webSocketDebuggerUrl").asText());
  }

  private WebSocket connect(URI page) {
    return client
        .newWebSocketBuilder()
        .buildAsync(page, new Listener())
        .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean whole) {
      text.append(part);
      if (whole) {
        take(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(String text) {
    JsonNode message;
    try {
      message = JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    CompletableFuture<JsonNode> answer = waiting.remove(message.path("id").asInt());
    if (answer != null) {
      answer.complete(message);
    }
  }

  private JsonNode call(String method, ObjectNode parameters) {
    int id = last.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    ObjectNode order = object().put("id", id).put("method", method);
    order.set("params", parameters);
    socket.sendText(order.toString(), true).join();
    JsonNode message = answer.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    if (message.has("error")) {
      throw new IllegalStateException(method + ": " + message.get("error"));
    }
    return message.path("result");
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  void open(String url) {
    call("Page.navigate", object().put("url", url));
  }

  /** The value of an expression in the page. */
  JsonNode evaluate(String expression) {
    JsonNode result =
        call("Runtime.evaluate", object().put("expression", expression).put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits until an expression is true in the page; while the page loads, nothing is. */
  void awaitTrue(String expression) throws IOException {
    await(expression, () -> isTrue(expression));
  }

  private boolean isTrue(String expression) {
    try {
      return evaluate(expression).asBoolean();
    } catch (IllegalStateException notYet) {
      return false;
    }
  }

  /** Something that becomes true. */
  interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void await(String what, Condition condition) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    try {
      while (!condition.holds()) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new AssertionError(
              "never " + what + "; the browser said: " + Files.readString(log));
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.shutdownNow();
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    children.forEach(child -> child.onExit().orTimeout(10, TimeUnit.SECONDS).join());
  }
}
