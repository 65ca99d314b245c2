package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import kaspeer.engine.metrics.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream of events on which nothing happens. */
class SignOfLifeTest {
  private Endpoint endpoint;
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    endpoint = new Endpoint();
    EventRoutes events =
        new EventRoutes(
            new Gateway(endpoint.admin, endpoint.kit.system()),
            InstantSource.system(),
            Duration.ofMillis(20));
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            AdminToken.of(Endpoint.TOKEN),
            events.routes(),
            new Metrics(),
            AdminServer.EXCHANGE_LIMIT,
            events::endAll);
  }

  @AfterEach
  void stop() {
    server.close();
    endpoint.close();
  }

  @Test
  void itIsAnEventForWhoeverWantsThat() throws IOException {
    assertThat(read("&alive=true", "data: "))
        .contains("event: alive", "data: {\"type\":\"alive\"}")
        .doesNotContain(": still here");
  }

  @Test
  void itIsACommentForAllOthers() throws IOException {
    assertThat(read("", ": still")).noneMatch(line -> line.startsWith("event: "));
  }

  /** What comes up to the line that starts so. */
  private List<String> read(String query, String last) throws IOException {
    try (Socket socket = Wire.open(server.address())) {
      Wire.send(
          socket,
          "GET /api/v1/events?types=unbanned"
              + query
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      List<String> all = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.add(line);
        if (line.startsWith(last)) {
          return all;
        }
      }
      throw new AssertionError("the stream ended before '" + last + "': " + all);
    }
  }
}
