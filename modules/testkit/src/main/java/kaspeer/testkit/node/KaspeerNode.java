package kaspeer.testkit.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kaspeer.testkit.kaspad.Kaspad;

/** A node started by {@code deploy/kaspeer run}, asked through its admin endpoint. */
public final class KaspeerNode implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(20);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration PEER_LIMIT = Duration.ofSeconds(60);
  private static final int LOG_TAIL = 4_000;

  private static boolean isBuilt;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path dataDir;
  private final Path log;
  private final int p2pPort;
  private final int adminPort;

  private KaspeerNode(Process process, Path dataDir, Path log, int p2pPort, int adminPort) {
    this.process = process;
    this.dataDir = dataDir;
    this.log = log;
    this.p2pPort = p2pPort;
    this.adminPort = adminPort;
  }

  /**
   * Starts a simnet node that listens on a free port, and waits until its admin endpoint answers.
   */
  public static KaspeerNode start(Path dataDir, String... options) {
    requireBuilt();
    int p2p = Kaspad.freePort();
    int admin = Kaspad.freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                launcher().toString(),
                "run",
                "--network",
                "simnet",
                "--data-dir",
                dataDir.toString(),
                "--listen",
                "127.0.0.1:" + p2p,
                "--admin",
                "127.0.0.1:" + admin));
    command.addAll(List.of(options));
    try {
      Files.createDirectories(dataDir);
      Path log = dataDir.resolveSibling(dataDir.getFileName() + ".log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      KaspeerNode node = new KaspeerNode(process, dataDir, log, p2p, admin);
      node.awaitStart();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the launcher build what is not built, once, so that no start has to wait for that. */
  private static synchronized void requireBuilt() {
    if (isBuilt) {
      return;
    }
    try {
      Process build =
          new ProcessBuilder(launcher().toString(), "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!build.waitFor(BUILD_LIMIT.toSeconds(), TimeUnit.SECONDS) || build.exitValue() != 0) {
        build.destroy();
        throw new IllegalStateException("no node can be built: " + launcher() + " --version");
      }
      isBuilt = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A node that dials nobody but whom it is told to, once. */
  public static KaspeerNode startAlone(Path dataDir, String... more) {
    List<String> options = new ArrayList<>(List.of("--no-dns-seed", "--out-peers", "0"));
    options.addAll(List.of(more));
    return start(dataDir, options.toArray(new String[0]));
  }

  /** {@code deploy/kaspeer} of the checkout this runs in. */
  public static Path launcher() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path launcher = folder.resolve("deploy/kaspeer");
      if (Files.isExecutable(launcher)) {
        return launcher;
      }
    }
    throw new IllegalStateException("no deploy/kaspeer above the working directory");
  }

  public InetSocketAddress p2pAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), p2pPort);
  }

  public Path dataDir() {
    return dataDir;
  }

  public ProcessHandle handle() {
    return process.toHandle();
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last of its log. */
  public String logTail() {
    String all = log();
    return all.substring(Math.max(0, all.length() - LOG_TAIL));
  }

  /** Hash of its sink, as hex. */
  public String sink() {
    return get("dag").get("sink").asText();
  }

  /** Connects it to a peer, for as long as the connection lasts. */
  public void connect(InetSocketAddress peer) {
    String address = peer.getHostString() + ":" + peer.getPort();
    String order = "{\"address\":\"" + address + "\",\"permanent\":false}";
    Await.until(
        "connected to " + address,
        PEER_LIMIT,
        () -> post("peers", order).has("connection"),
        this::logTail);
  }

  /** Ends all its connections. */
  public void disconnectAll() {
    for (JsonNode peer : peers()) {
      change("DELETE", "peers/" + peer.get("id").asText(), "");
    }
    Await.until("no peers", PEER_LIMIT, () -> peers().isEmpty(), this::logTail);
  }

  /** Its peers, as its admin endpoint describes them. */
  public JsonNode peers() {
    JsonNode answer = get("peers");
    return answer.isArray() ? answer : answer.get("peers");
  }

  /** The answer to a GET below {@code /api/v1/}. */
  public JsonNode get(String path) {
    return request("GET", path, "");
  }

  /** The answer to a change below {@code /api/v1/}, sent with the node's own token. */
  public JsonNode change(String method, String path, String body) {
    return request(method, path, body);
  }

  /** The answer to a POST below {@code /api/v1/}, a refusal too: it has a verdict and a rule. */
  public JsonNode post(String path, String body) {
    return read(send("POST", path, body));
  }

  /** Where its admin endpoint is. */
  public URI adminUri() {
    return URI.create("http://127.0.0.1:" + adminPort);
  }

  private JsonNode request(String method, String path, String body) {
    HttpResponse<String> response = send(method, path, body);
    if (response.statusCode() >= 400) {
      throw new IllegalStateException(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    return read(response);
  }

  private static JsonNode read(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(String method, String path, String body) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(adminUri().resolve("/api/v1/" + path))
              .timeout(Duration.ofSeconds(30));
      if (method.equals("GET")) {
        request.GET();
      } else {
        request
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .header(
                "Authorization",
                "Bearer " + Files.readString(dataDir.resolve("admin-token")).strip());
      }
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void awaitStart() {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        get("node");
        return;
      } catch (UncheckedIOException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          process.destroyForcibly();
          throw new IllegalStateException("the node did not start:\n" + log(), e);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  /** Kills it without warning, as {@code kill -9} does, and waits until it is gone. */
  public void kill() {
    // The launcher replaces itself by the JVM, so this is the node itself.
    process.destroyForcibly();
    process.onExit().join();
  }

  /**
   * Stops it as SIGTERM does. Returns its exit code.
   *
   * @throws AssertionError if it takes longer
   */
  public int stop(Duration limit) {
    process.destroy();
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("it does not stop within " + limit + ":\n" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  /** Stops it as SIGTERM does, and waits. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
