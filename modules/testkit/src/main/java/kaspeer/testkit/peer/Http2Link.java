package kaspeer.testkit.peer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import kaspeer.testkit.peer.Ending.Kind;
import kaspeer.testkit.peer.Http2.Frame;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection with one gRPC stream on it. A virtual thread reads; whoever sends writes
 * himself, and waits while the other side grants no window.
 */
final class Http2Link {
  /** Told on the reading thread. */
  interface Listener {
    void message(byte[] protobuf);

    void ended(Kind kind, int code);
  }

  private static final Duration SEND_LIMIT = Duration.ofSeconds(30);

  private final Socket socket;
  private final boolean dialled;
  private final PeerOptions options;
  private final Listener listener;
  private final InputStream in;
  private final OutputStream out;
  private final MessageAssembler assembler = new MessageAssembler();

  /** Held for a whole message, so that two of them do not mix. */
  private final ReentrantLock sending = new ReentrantLock();

  /** Held for one write to the socket. */
  private final ReentrantLock writing = new ReentrantLock();

  private final ReentrantLock state = new ReentrantLock();
  private final Condition changed = state.newCondition();
  private long connectionCredit = Http2.DEFAULT_WINDOW;
  private long streamCredit = Http2.DEFAULT_WINDOW;
  private int peersInitialWindow = Http2.DEFAULT_WINDOW;
  private boolean reading;
  private boolean open = true;

  /** Whoever dialled chooses; 0 until it has. */
  private volatile int stream;

  private long unacknowledged;

  private Http2Link(Socket socket, boolean dialled, PeerOptions options, Listener listener)
      throws IOException {
    this.socket = socket;
    this.dialled = dialled;
    this.options = options;
    this.listener = listener;
    this.reading = options.reading();
    this.stream = dialled ? Http2.STREAM : 0;
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1024);
    out = socket.getOutputStream();
  }

  /**
   * Takes a connected socket and begins to speak. Whoever is refused at once has a link that has
   * ended.
   */
  static Http2Link start(Socket socket, boolean dialled, PeerOptions options, Listener listener)
      throws IOException {
    Http2Link link = new Http2Link(socket, dialled, options, listener);
    if (dialled) {
      try {
        link.greet();
      } catch (IOException e) {
        link.end(Kind.BROKEN, 0);
        return link;
      }
    }
    Thread.ofVirtual().name("scripted-peer-" + socket.getLocalPort()).start(link::read);
    return link;
  }

  private void greet() throws IOException {
    ByteArrayOutputStream hello = new ByteArrayOutputStream();
    if (dialled) {
      hello.writeBytes(Http2.PREFACE);
    }
    byte[] window = Http2.initialWindow(options.window());
    hello.writeBytes(Http2.encode(Http2.SETTINGS, 0, 0, window, 0, window.length));
    if (options.window() > Http2.DEFAULT_WINDOW) {
      byte[] more = Http2.number(options.window() - Http2.DEFAULT_WINDOW);
      hello.writeBytes(Http2.encode(Http2.WINDOW_UPDATE, 0, 0, more, 0, more.length));
    }
    if (dialled && options.openStream()) {
      byte[] headers = requestHeaders();
      hello.writeBytes(
          Http2.encode(Http2.HEADERS, Http2.END_HEADERS, Http2.STREAM, headers, 0, headers.length));
    }
    write(hello.toByteArray());
  }

  private byte[] requestHeaders() {
    String authority = "127.0.0.1:" + socket.getPort();
    return Http2.headers(
        ":method", "POST",
        ":scheme", "http",
        ":path", "/protowire.P2P/MessageStream",
        ":authority", authority,
        "content-type", "application/grpc",
        "te", "trailers",
        "grpc-encoding", options.encoding(),
        "grpc-accept-encoding", options.acceptGzip() ? "identity,gzip" : "identity");
  }

  private byte[] responseHeaders() {
    return Http2.headers(
        ":status",
        "200",
        "content-type",
        "application/grpc",
        "grpc-encoding",
        options.encoding(),
        "grpc-accept-encoding",
        options.acceptGzip() ? "identity,gzip" : "identity");
  }

  // --- sending --------------------------------------------------------------------------------

  /** Sends data of the stream, a frame as soon as there is window for it. */
  void data(byte[] bytes) {
    long deadline = System.nanoTime() + SEND_LIMIT.toNanos();
    sending.lock();
    try {
      for (int at = 0; at < bytes.length; ) {
        int length = takeCredit(bytes.length - at, deadline);
        write(Http2.encode(Http2.DATA, 0, stream, bytes, at, length));
        at += length;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sending.unlock();
    }
  }

  /** Sends a frame as it is, whatever windows say. */
  void frame(Frame frame) {
    raw(
        Http2.encode(
            frame.type(),
            frame.flags(),
            frame.stream(),
            frame.payload(),
            0,
            frame.payload().length));
  }

  /** Sends bytes as they are. */
  void raw(byte[] bytes) {
    try {
      write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(byte[] bytes) throws IOException {
    writing.lock();
    try {
      out.write(bytes);
    } finally {
      writing.unlock();
    }
  }

  private int takeCredit(int wanted, long deadline) throws IOException {
    state.lock();
    try {
      while (Math.min(connectionCredit, streamCredit) <= 0 || stream == 0) {
        long left = deadline - System.nanoTime();
        if (!open) {
          throw new EOFException("the connection has ended");
        }
        if (left <= 0 || changed.awaitNanos(left) <= 0) {
          throw new IOException("the other side grants no window");
        }
      }
      if (!open) {
        throw new EOFException("the connection has ended");
      }
      long least =
          Math.min(Math.min(connectionCredit, streamCredit), Math.min(wanted, Http2.MAX_FRAME));
      connectionCredit -= least;
      streamCredit -= least;
      return (int) least;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      state.unlock();
    }
  }

  // --- reading --------------------------------------------------------------------------------

  /** Reads nothing more from the socket until told to again: first windows, then TCP fill up. */
  void reading(boolean on) {
    state.lock();
    try {
      reading = on;
      changed.signalAll();
    } finally {
      state.unlock();
    }
  }

  private void read() {
    try {
      if (!dialled) {
        if (!Arrays.equals(in.readNBytes(Http2.PREFACE.length), Http2.PREFACE)) {
          throw new IOException("no HTTP/2 preface");
        }
        greet();
      }
      while (true) {
        awaitReading();
        Frame frame = readFrame();
        if (frame == null) {
          end(Kind.DISCONNECTED, 0);
          return;
        }
        if (!handle(frame)) {
          return;
        }
      }
    } catch (EOFException e) {
      end(Kind.DISCONNECTED, 0);
    } catch (IOException | UncheckedIOException e) {
      end(Kind.BROKEN, 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(Kind.OURS, 0);
    }
  }

  private void awaitReading() throws InterruptedException {
    state.lock();
    try {
      while (!reading && open) {
        changed.await();
      }
    } finally {
      state.unlock();
    }
  }

  private @Nullable Frame readFrame() throws IOException {
    byte[] head = in.readNBytes(9);
    if (head.length == 0) {
      return null;
    }
    if (head.length < 9) {
      throw new EOFException("inside a frame");
    }
    int length = (head[0] & 0xFF) << 16 | (head[1] & 0xFF) << 8 | head[2] & 0xFF;
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("inside a frame");
    }
    return new Frame(head[3], head[4] & 0xFF, Http2.getInt(head, 5), payload);
  }

  /** Whether to read on. */
  private boolean handle(Frame frame) throws IOException {
    switch (frame.type()) {
      case Http2.DATA -> {
        return data(frame);
      }
      case Http2.HEADERS, Http2.CONTINUATION -> {
        return headers(frame);
      }
      case Http2.RST_STREAM -> {
        end(Kind.STREAM_RESET, Http2.getInt(frame.payload(), 0));
        return false;
      }
      case Http2.GOAWAY -> {
        int code = Http2.getInt(frame.payload(), 4);
        // Without an error it only says that no further stream is welcome.
        if (code != 0) {
          end(Kind.GOODBYE, code);
          return false;
        }
      }
      case Http2.SETTINGS -> settings(frame);
      case Http2.PING -> {
        if (!frame.has(Http2.ACK)) {
          write(Http2.encode(Http2.PING, Http2.ACK, 0, frame.payload(), 0, frame.payload().length));
        }
      }
      case Http2.WINDOW_UPDATE -> credit(frame.stream(), Http2.getInt(frame.payload(), 0));
      default -> {
        // Priority and frames of extensions say nothing to us.
      }
    }
    return true;
  }

  private boolean data(Frame frame) throws IOException {
    byte[] payload = frame.payload();
    int from = frame.has(Http2.PADDED) ? 1 : 0;
    int length = payload.length - from - (from == 1 ? payload[0] & 0xFF : 0);
    assembler.add(payload, from, length);
    for (byte[] message = assembler.next(); message != null; message = assembler.next()) {
      listener.message(message);
    }
    if (frame.has(Http2.END_STREAM)) {
      end(Kind.STREAM_CLOSED, 0);
      return false;
    }
    unacknowledged += payload.length;
    if (unacknowledged >= Math.max(1, Math.min(options.window(), Http2.DEFAULT_WINDOW) / 2)) {
      byte[] more = Http2.number((int) unacknowledged);
      ByteArrayOutputStream updates = new ByteArrayOutputStream(26);
      updates.writeBytes(Http2.encode(Http2.WINDOW_UPDATE, 0, 0, more, 0, 4));
      updates.writeBytes(Http2.encode(Http2.WINDOW_UPDATE, 0, stream, more, 0, 4));
      write(updates.toByteArray());
      unacknowledged = 0;
    }
    return true;
  }

  private boolean headers(Frame frame) throws IOException {
    if (frame.type() == Http2.HEADERS && frame.has(Http2.END_STREAM)) {
      end(Kind.STREAM_CLOSED, 0);
      return false;
    }
    if (!dialled && frame.has(Http2.END_HEADERS)) {
      byte[] headers = responseHeaders();
      write(
          Http2.encode(
              Http2.HEADERS, Http2.END_HEADERS, frame.stream(), headers, 0, headers.length));
      state.lock();
      try {
        stream = frame.stream();
        changed.signalAll();
      } finally {
        state.unlock();
      }
    }
    return true;
  }

  private void settings(Frame frame) throws IOException {
    if (frame.has(Http2.ACK)) {
      return;
    }
    byte[] payload = frame.payload();
    for (int at = 0; at + 6 <= payload.length; at += 6) {
      if (payload[at] == 0 && payload[at + 1] == Http2.SETTING_INITIAL_WINDOW) {
        int window = Http2.getInt(payload, at + 2);
        credit(1, window - peersInitialWindow);
        peersInitialWindow = window;
      }
    }
    write(Http2.encode(Http2.SETTINGS, Http2.ACK, 0, payload, 0, 0));
  }

  private void credit(int ofStream, int more) {
    state.lock();
    try {
      if (ofStream == 0) {
        connectionCredit += more;
      } else {
        streamCredit += more;
      }
      changed.signalAll();
    } finally {
      state.unlock();
    }
  }

  // --- ending ---------------------------------------------------------------------------------

  /** Ends our half of the stream in good order, as gRPC does; the connection stays. */
  void finish() {
    if (dialled) {
      frame(new Frame(Http2.DATA, Http2.END_STREAM, stream, new byte[0]));
    } else {
      byte[] trailers = Http2.headers("grpc-status", "0");
      frame(new Frame(Http2.HEADERS, Http2.END_STREAM | Http2.END_HEADERS, stream, trailers));
    }
  }

  /** Closes the connection. */
  void close() {
    end(Kind.OURS, 0);
  }

  /** Closes the connection by a TCP reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    end(Kind.OURS, 0);
  }

  private void end(Kind kind, int code) {
    state.lock();
    try {
      if (!open) {
        return;
      }
      open = false;
      changed.signalAll();
    } finally {
      state.unlock();
    }
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      listener.ended(kind, code);
    }
  }
}
