package kaspeer.conformance.golden;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Stands between one connection's dialler and where it is dialled, and keeps what the dialler says,
 * byte by byte.
 */
final class FrameTap implements AutoCloseable {
  private static final int PREFACE = 24;
  private static final int HEAD = 9;
  private static final int PREFIX = 5;

  private final ServerSocket server;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  FrameTap(InetSocketAddress target) {
    try {
      server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(() -> run(target));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void run(InetSocketAddress target) {
    try (Socket dialler = server.accept();
        Socket dialled = new Socket(target.getAddress(), target.getPort())) {
      Thread.ofVirtual().start(() -> pump(dialled, dialler, OutputStream.nullOutputStream()));
      pump(dialler, dialled, said);
    } catch (SocketException e) {
      return; // closed
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pump(Socket from, Socket to, OutputStream copy) {
    byte[] buffer = new byte[16_384];
    try {
      InputStream in = from.getInputStream();
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        copy.write(buffer, 0, got);
        to.getOutputStream().write(buffer, 0, got);
      }
      to.shutdownOutput();
    } catch (SocketException e) {
      return; // closed
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The frames of gRPC that the dialler has sent, each with its prefix. */
  List<byte[]> frames() {
    ByteBuffer stream = ByteBuffer.wrap(data());
    List<byte[]> frames = new ArrayList<>();
    while (stream.remaining() >= PREFIX) {
      int length = PREFIX + stream.getInt(stream.position() + 1);
      if (stream.remaining() < length) {
        break;
      }
      byte[] frame = new byte[length];
      stream.get(frame);
      frames.add(frame);
    }
    return frames;
  }

  /** What is in the DATA frames of HTTP/2; none is padded. */
  private byte[] data() {
    byte[] bytes = said.toByteArray();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    int at = PREFACE;
    while (at + HEAD <= bytes.length) {
      int length = (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | bytes[at + 2] & 0xFF;
      int end = at + HEAD + length;
      if (bytes[at + 3] == 0 && end <= bytes.length) {
        data.writeBytes(Arrays.copyOfRange(bytes, at + HEAD, end));
      }
      at = end;
    }
    return data.toByteArray();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
