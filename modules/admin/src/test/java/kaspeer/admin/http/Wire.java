package kaspeer.admin.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Sends a request as it is written, so that a test can lie in every header, and reads all that
 * comes back.
 */
final class Wire {
  private Wire() {}

  /** The answer to these lines; the connection is closed after it. */
  static String exchange(InetSocketAddress server, String... lines) throws IOException {
    try (Socket socket = open(server)) {
      send(socket, String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n");
      return readAll(socket);
    }
  }

  static Socket open(InetSocketAddress server) throws IOException {
    Socket socket = new Socket();
    socket.connect(server, 30_000);
    socket.setSoTimeout(60_000);
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  static String readAll(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
