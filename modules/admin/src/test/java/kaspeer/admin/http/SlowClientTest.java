package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SlowClientTest {
  @Test
  void halfARequestHoldsAConnectionNoLongerThanTheLimit() throws IOException {
    try (Endpoint endpoint = new Endpoint("127.0.0.1", Duration.ofMillis(300));
        Socket head = Wire.open(endpoint.address());
        Socket body = Wire.open(endpoint.address())) {
      Wire.send(head, "GET /api/v1/dag HTTP/1.1\r\nHost: loc");
      Wire.send(
          body,
          "POST /api/v1/peers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + Endpoint.TOKEN
              + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
      assertThat(Wire.readAll(head)).doesNotContain("200 OK");
      assertThat(Wire.readAll(body)).doesNotContain("201 Created");
    }
  }

  @Test
  void beyondTheConnectionsAllowedNobodyIsAnsweredUntilSomeEnd() throws IOException {
    try (Endpoint endpoint = new Endpoint()) {
      List<Socket> idle = new ArrayList<>();
      try {
        for (int i = 0; i < 2 * AdminServer.MAX_CONNECTIONS; i++) {
          Socket socket = Wire.open(endpoint.address());
          idle.add(socket);
          sendAll(socket, "GET /api");
        }
        assertThat(answer(endpoint)).isEmpty();
      } finally {
        for (Socket socket : idle) {
          socket.close();
        }
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (!answer(endpoint).startsWith("HTTP/1.1 200 ")) {
        assertThat(System.nanoTime()).as("there is room again").isLessThan(end);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }

  private static String answer(Endpoint endpoint) throws IOException {
    try (Socket socket = Wire.open(endpoint.address())) {
      String request = "GET /api/v1/dag HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      return sendAndRead(socket, request);
    }
  }

  /** Where nobody reads any more it is lost. */
  private static void sendAll(Socket socket, String text) throws IOException {
    try {
      Wire.send(socket, text);
    } catch (java.net.SocketException _) {
      // It was closed at once.
    }
  }

  /** A connection that is reset has ended too. */
  private static String readToEnd(Socket socket) throws IOException {
    try {
      return Wire.readAll(socket);
    } catch (java.net.SocketException e) {
      return "";
    }
  }

  @Test
  void headersWithoutEndAreNotCollected() throws IOException {
    try (Endpoint endpoint = new Endpoint();
        Socket socket = Wire.open(endpoint.address())) {
      StringBuilder request = new StringBuilder("GET /api/v1/dag HTTP/1.1\r\nHost: localhost\r\n");
      for (int i = 0; i < 500; i++) {
        request.append("X-").append(i).append(": ").append("y".repeat(200)).append("\r\n");
      }
      assertThat(sendAndRead(socket, request.append("\r\n").toString())).doesNotContain("200 OK");
    }
  }

  private static String sendAndRead(Socket socket, String request) throws IOException {
    sendAll(socket, request);
    return readToEnd(socket);
  }
}
