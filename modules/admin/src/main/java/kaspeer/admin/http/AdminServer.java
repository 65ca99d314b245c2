package kaspeer.admin.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.engine.metrics.CounterFamily;
import kaspeer.engine.metrics.Metrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The HTTP server: finds the route, holds the request to the rules, sends the answer, and notes
 * every change.
 */
public final class AdminServer implements AutoCloseable {
  /**
   * One exchange may take this long, but for streams: longer than the admin actor takes for
   * anything.
   */
  static final Duration EXCHANGE_LIMIT = Duration.ofSeconds(45);

  /** A reader of a stream must take what is sent within this time. */
  static final Duration STREAM_WRITE_LIMIT = Duration.ofSeconds(10);

  /** Connections at a time, and so requests at a time. */
  static final int MAX_CONNECTIONS = 128;

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final Logger AUDIT = LoggerFactory.getLogger("kaspeer.admin.audit");
  private static final int BACKLOG = 64;
  private static final int FIRST_ERROR = 400;
  private static final int UNAUTHORIZED = 401;

  static {
    // The JDK's server takes its limits from system properties only. Set once, before its class is
    // loaded.
    limit("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    limit("sun.net.httpserver.maxReqHeaders", 64);
    limit("sun.net.httpserver.maxReqHeaderSize", 32 * 1024);
    limit("sun.net.httpserver.maxReqTime", 30);
    limit("sun.net.httpserver.idleInterval", 60);
    limit("sun.net.httpserver.maxIdleConnections", 32);
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final Deadlines deadlines;
  private final Guard guard;
  private final List<Route> routes;
  private final CounterFamily requests;
  private final Runnable endStreams;

  private AdminServer(
      HttpServer server,
      Deadlines deadlines,
      Guard guard,
      List<Route> routes,
      Metrics metrics,
      Runnable endStreams) {
    this.server = server;
    this.deadlines = deadlines;
    this.guard = guard;
    this.routes = List.copyOf(routes);
    this.endStreams = endStreams;
    this.requests =
        metrics.counters(
            "kaspeer_admin_requests_total",
            "Requests to the admin endpoint.",
            "method",
            "route",
            "status");
  }

  private static void limit(String property, int value) {
    System.setProperty(property, Integer.toString(value));
  }

  /**
   * Starts to listen.
   *
   * @param exchangeLimit for one exchange
   * @param endStreams makes the writers of all streams return
   * @throws IOException if the address cannot be listened on
   */
  static AdminServer start(
      InetSocketAddress address,
      AdminToken token,
      List<Route> routes,
      Metrics metrics,
      Duration exchangeLimit,
      Runnable endStreams)
      throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    Deadlines deadlines = new Deadlines(exchangeLimit);
    AdminServer admin =
        new AdminServer(server, deadlines, new Guard(token, address), routes, metrics, endStreams);
    server.createContext("/", admin::handle);
    server.setExecutor(deadlines);
    server.start();
    return admin;
  }

  /** Where it listens: the port is known even if any was asked for. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    endStreams.run();
    // What is being answered gets a moment.
    server.stop(1);
    deadlines.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      Outcome outcome = answer(exchange, method.equals("HEAD") ? "GET" : method);
      try {
        Response response = outcome.response;
        String route = outcome.route == null ? "none" : outcome.route.path().text();
        requests.with(known(method), route, Integer.toString(response.status())).increment();
        audit(exchange, outcome);
        send(exchange, response);
      } finally {
        if (outcome.response instanceof Response.Stream stream) {
          stream.close().run();
        }
      }
    } catch (IOException e) {
      LOG.debug("connection from {} lost: {}", exchange.getRemoteAddress(), e.toString());
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("cut after its time", e);
    }
  }

  private record Outcome(@Nullable Route route, Response response) {}

  private Outcome answer(HttpExchange exchange, String method)
      throws IOException, InterruptedException {
    Route route = null;
    try {
      guard.checkSite(exchange.getRequestHeaders());
      if (!isOpen(exchange, method)) {
        guard.authorize(false, exchange.getRequestHeaders());
      }
      Found found = find(exchange, method);
      route = found.route;
      if (route.method().changes()) {
        guard.authorize(true, exchange.getRequestHeaders());
      }
      return new Outcome(route, route.handler().handle(Request.read(exchange, route, found.holes)));
    } catch (Problem problem) {
      if (problem.kind() == Kind.UNAUTHORIZED) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"kaspeer\"");
      }
      return new Outcome(route, problem.toResponse());
    } catch (RuntimeException e) {
      LOG.error(
          "{} {} failed",
          exchange.getRequestMethod(),
          Text.shorten(exchange.getRequestURI().toString()),
          e);
      return new Outcome(route, new Problem(Kind.INTERNAL, "see the node's log").toResponse());
    }
  }

  /** Whether anybody may ask this, before it is known whether there is such a thing at all. */
  private boolean isOpen(HttpExchange exchange, String method) {
    String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("/");
    return routes.stream()
        .anyMatch(
            route ->
                route.open()
                    && !route.method().changes()
                    && route.method().name().equals(method)
                    && route.path().match(path).isPresent());
  }

  private record Found(Route route, Map<String, String> holes) {}

  private Found find(HttpExchange exchange, String method) {
    String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("/");
    List<Found> fitting = new ArrayList<>();
    for (Route route : routes) {
      route.path().match(path).ifPresent(holes -> fitting.add(new Found(route, holes)));
    }
    if (fitting.isEmpty()) {
      throw new Problem(
          Kind.NOT_FOUND,
          "nothing is at "
              + Text.shorten(path)
              + "; GET /api/v1/openapi.json tells of all there is");
    }
    // A path without holes goes before one with: peers/departed is no peer.
    Optional<Found> best =
        fitting.stream()
            .filter(found -> found.route.method().name().equals(method))
            .min(Comparator.comparingInt(found -> found.holes.size()));
    if (best.isPresent()) {
      return best.get();
    }
    String allowed =
        fitting.stream()
            .map(f -> f.route.method().name())
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    exchange.getResponseHeaders().set("Allow", allowed);
    throw new Problem(Kind.METHOD_NOT_ALLOWED, "allowed here: " + allowed);
  }

  private static String known(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "DELETE", "PUT", "OPTIONS" -> method;
      default -> "other";
    };
  }

  private static void audit(HttpExchange exchange, Outcome outcome) {
    if (exchange.getRequestMethod().equals("GET") || exchange.getRequestMethod().equals("HEAD")) {
      return;
    }
    AUDIT
        .atLevel(level(outcome))
        .log(
            "{} {} from {}: {}{}",
            Text.shorten(exchange.getRequestMethod()),
            Text.shorten(exchange.getRequestURI().toString()),
            Json.address(exchange.getRemoteAddress()),
            outcome.response.status(),
            outcome.response instanceof Response.Json json
                ? " " + Text.shorten(summary(json))
                : "");
  }

  private static Level level(Outcome outcome) {
    Route.Note note = outcome.route == null ? Route.Note.ALWAYS : outcome.route.note();
    return switch (note) {
      case ALWAYS -> Level.INFO;
      case IN_DETAIL -> outcome.response.status() < FIRST_ERROR ? Level.DEBUG : Level.INFO;
      case NEVER -> outcome.response.status() == UNAUTHORIZED ? Level.INFO : Level.TRACE;
    };
  }

  private static String summary(Response.Json json) {
    return json.body().path("detail").asText(json.body().toString());
  }

  private void send(HttpExchange exchange, Response response)
      throws IOException, InterruptedException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Cache-Control", "no-store");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Referrer-Policy", "no-referrer");
    switch (response) {
      case Response.Json json ->
          whole(exchange, json.status(), json.contentType(), Json.bytes(json.body()));
      case Response.Text text -> {
        for (int i = 0; i + 1 < text.headers().length; i += 2) {
          headers.set(text.headers()[i], text.headers()[i + 1]);
        }
        whole(exchange, text.status(), text.contentType(), text.body());
      }
      case Response.Empty empty -> exchange.sendResponseHeaders(empty.status(), -1);
      case Response.Stream stream -> stream(exchange, stream);
    }
  }

  private static void whole(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", contentType);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void stream(HttpExchange exchange, Response.Stream stream)
      throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", stream.contentType());
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(stream.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(stream.status(), 0);
    OutputStream out = exchange.getResponseBody();
    stream
        .writer()
        .write(
            text -> {
              Deadlines.allow(STREAM_WRITE_LIMIT);
              out.write(text.getBytes(StandardCharsets.UTF_8));
              out.flush();
              Deadlines.allow(EXCHANGE_LIMIT);
            });
  }
}
