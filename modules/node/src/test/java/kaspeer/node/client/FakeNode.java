package kaspeer.node.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kaspeer.admin.HostPort;

/** Something that answers as an admin endpoint, and remembers what token it was sent. */
public final class FakeNode implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> tokens = new CopyOnWriteArrayList<>();
  private final CountDownLatch over;

  /**
   * @param over let go when it ends
   */
  private FakeNode(HttpHandler handler, CountDownLatch over) throws IOException {
    this.over = over;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          tokens.add(
              Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                  .orElse("none"));
          handler.handle(exchange);
        });
    server.start();
  }

  /** One that has the same answer to everything. */
  public static FakeNode answering(int status, String body) throws IOException {
    return new FakeNode(
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        },
        new CountDownLatch(0));
  }

  /** One that sends this stream and then ends it. */
  static FakeNode streaming(String text) throws IOException {
    return new FakeNode(
        exchange -> {
          send(exchange, text);
          exchange.close();
        },
        new CountDownLatch(0));
  }

  /** One that sends this stream and then says nothing more. */
  static FakeNode fallingSilent(String text) throws IOException {
    CountDownLatch over = new CountDownLatch(1);
    return new FakeNode(
        exchange -> {
          send(exchange, text);
          try {
            over.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        },
        over);
  }

  private static void send(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  public HostPort address() {
    return new HostPort("127.0.0.1", server.getAddress().getPort());
  }

  /** What each request had for a token, or {@code none}. */
  public List<String> tokens() {
    return List.copyOf(tokens);
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
