package kaspeer.transport;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import kaspeer.wire.proto.KaspadMessage;
import org.jspecify.annotations.Nullable;

/** A client that writes HTTP/2 frames by hand, to say what no library would. */
final class RawPeer implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PATH = "/protowire.P2P/MessageStream";

  /** A frame that came. */
  record Frame(int type, int flags, int stream, byte[] payload) {}

  private final Socket socket = new Socket();
  private OutputStream out = OutputStream.nullOutputStream();
  private DataInputStream in = new DataInputStream(InputStream.nullInputStream());
  private boolean closedByPeer;

  RawPeer(InetSocketAddress address) {
    this(address, null);
  }

  /**
   * @param from local address to dial from
   */
  RawPeer(InetSocketAddress address, @Nullable InetAddress from) {
    try {
      socket.setTcpNoDelay(true);
      if (from != null) {
        socket.bind(new InetSocketAddress(from, 0));
      }
      socket.setSoTimeout((int) Net.PATIENCE.toMillis());
      socket.connect(address, (int) Net.PATIENCE.toMillis());
      out = socket.getOutputStream();
      in = new DataInputStream(socket.getInputStream());
    } catch (SocketException e) {
      // The other side may accept and reset before this one has looked.
      closedByPeer = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawPeer raw(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      // The other side may close in the middle of an attack; what it did shows in its reason.
      closedByPeer = true;
    }
    return this;
  }

  /** Whether the other side was found to have closed. */
  boolean closedByPeer() {
    return closedByPeer;
  }

  RawPeer preface() {
    return raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
        .raw(frame(SETTINGS, 0, 0, new byte[0]));
  }

  /** Preface and the request of an honest peer that names an encoding, or none. */
  RawPeer open(String... encoding) {
    preface();
    return raw(frame(HEADERS, END_HEADERS, 1, request(PATH, encoding)));
  }

  /** Opens a stream and turns it to ready on our side. */
  static byte[] request(String path, String... encoding) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    header(block, ":method", "POST");
    header(block, ":scheme", "http");
    header(block, ":path", path);
    header(block, ":authority", "test");
    header(block, "content-type", "application/grpc");
    header(block, "te", "trailers");
    for (String name : encoding) {
      header(block, "grpc-encoding", name);
    }
    return block.toByteArray();
  }

  private static void header(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    block.write(name.length());
    block.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    return frame(type, flags, stream, payload.length, payload);
  }

  /** A frame that says it has so many bytes. */
  static byte[] frame(int type, int flags, int stream, int length, byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 9);
    bytes.write(length >>> 16);
    bytes.write(length >>> 8);
    bytes.write(length);
    bytes.write(type);
    bytes.write(flags);
    bytes.writeBytes(int32(stream));
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  static byte[] int32(int value) {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  /** Five bytes of gRPC, then the message. */
  static byte[] message(int flag, int length, byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 5);
    bytes.write(flag);
    bytes.writeBytes(int32(length));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  static byte[] message(OutboundFrame frame) {
    return message(0, frame.size(), frame.bytes());
  }

  /** Sends bytes of the stream, in frames of at most 16 KiB. */
  RawPeer data(byte[] bytes) {
    return data(bytes, 16_384);
  }

  RawPeer data(byte[] bytes, int perFrame) {
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int at = 0; at < bytes.length; at += perFrame) {
      byte[] part = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + perFrame));
      frames.writeBytes(frame(DATA, 0, 1, part));
    }
    return raw(frames.toByteArray());
  }

  /** The next frame. */
  Frame read() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(type, flags, stream, payload);
  }

  /** Reads until the first frame of a type. */
  Frame readUntil(int type) throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type() == type) {
        return frame;
      }
    }
  }

  /** Waits until the other side has said something, or closed. */
  void awaitAnswer() {
    try {
      read();
    } catch (EOFException | SocketException e) {
      closedByPeer = true;
    } catch (IOException e) {
      throw new UncheckedIOException("no answer in time", e);
    }
  }

  /** All frames until the other side closes. */
  List<Frame> readToEnd() {
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        frames.add(read());
      }
    } catch (EOFException | SocketException e) {
      // EOF or reset: it is closed, which is what was waited for.
      return frames;
    } catch (IOException e) {
      throw new UncheckedIOException("not closed in time", e);
    }
  }

  /** Reads until the other side closes; the reasons of the rejects that came. */
  List<String> rejects() {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (Frame frame : readToEnd()) {
      if (frame.type() == DATA) {
        stream.writeBytes(frame.payload());
      }
    }
    List<String> reasons = new ArrayList<>();
    byte[] bytes = stream.toByteArray();
    int at = 0;
    try {
      while (at + 5 <= bytes.length) {
        int length = (bytes[at + 3] & 0xFF) << 8 | bytes[at + 4] & 0xFF;
        byte[] body = java.util.Arrays.copyOfRange(bytes, at + 5, at + 5 + length);
        reasons.add(KaspadMessage.parseFrom(body).getReject().getReason());
        at += 5 + length;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reasons;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
