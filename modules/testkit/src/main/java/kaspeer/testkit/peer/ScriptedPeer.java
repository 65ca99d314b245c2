package kaspeer.testkit.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.GZIPOutputStream;
import kaspeer.wire.VersionInfo;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.VersionMessage;
import org.jspecify.annotations.Nullable;

/**
 * One peer under a test's control. Waiting methods take a limit and fail with {@link
 * AssertionError} that tells what was heard instead; sending ones fail with {@link
 * UncheckedIOException} when the connection has ended.
 *
 * <p>It answers pings and requests for addresses (with none) by itself, until told otherwise, and
 * says nothing else that it was not told to say.
 */
public final class ScriptedPeer implements AutoCloseable {
  /** How long the other side may take for each step of a handshake. */
  public static final Duration STEP_LIMIT = Duration.ofSeconds(30);

  private final VersionInfo self;
  private final PeerOptions options;
  private final Inbox inbox = new Inbox();
  private final Map<PayloadCase, Answer> answers = new ConcurrentHashMap<>(4);
  private final List<Consumer<KaspadMessage>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<byte[]>> byteListeners = new CopyOnWriteArrayList<>();
  private final Queue<KaspadMessage> toAnswer = new ArrayDeque<>(2);
  private final AtomicInteger requestIds = new AtomicInteger();
  private final InetSocketAddress localAddress;
  private final InetSocketAddress remoteAddress;
  private final Http2Link link;
  private boolean answering;

  ScriptedPeer(Socket socket, boolean dialled, VersionInfo self, PeerOptions options)
      throws IOException {
    this.self = self;
    this.options = options;
    answers.put(PayloadCase.PING, message -> List.of(Messages.pong(message.getPing().getNonce())));
    answers.put(PayloadCase.REQUEST_ADDRESSES, message -> List.of(Messages.addresses(List.of())));
    // A closed socket does not know them any more.
    localAddress = (InetSocketAddress) socket.getLocalSocketAddress();
    remoteAddress = (InetSocketAddress) socket.getRemoteSocketAddress();
    link = Http2Link.start(socket, dialled, options, new Ears());
  }

  /** What it says of itself unless told to say something else. */
  public VersionInfo self() {
    return self;
  }

  public InetSocketAddress localAddress() {
    return localAddress;
  }

  public InetSocketAddress remoteAddress() {
    return remoteAddress;
  }

  // --- handshake ------------------------------------------------------------------------------

  /** Goes through an honest handshake; answers what the other side said of itself. */
  public VersionMessage handshake() {
    return handshake(self.toWire());
  }

  /** Goes through a handshake with this Version. */
  public VersionMessage handshake(VersionMessage version) {
    sendVersion(version);
    VersionMessage theirs = expect(PayloadCase.VERSION, STEP_LIMIT).getVersion();
    send(Messages.verack());
    expect(PayloadCase.VERACK, STEP_LIMIT);
    send(Messages.ready());
    expect(PayloadCase.READY, STEP_LIMIT);
    return theirs;
  }

  public void sendVersion(VersionMessage version) {
    send(KaspadMessage.newBuilder().setVersion(version).build());
  }

  // --- sending --------------------------------------------------------------------------------

  public void send(KaspadMessage message) {
    sendBytes(message.toByteArray());
  }

  /** Sends these bytes as one message, whatever they are. */
  public void sendBytes(byte[] protobuf) {
    link.data(options.gzip() ? framed(1, gzip(protobuf)) : framed(0, protobuf));
  }

  /** Sends bytes on the stream as they are, gRPC's prefix and all left to the caller. */
  public void sendData(byte[] data) {
    link.data(data);
  }

  /** Sends one frame of HTTP/2, heeding no window. */
  public void sendHttp2Frame(int type, int flags, int stream, byte[] payload) {
    link.frame(new Http2.Frame(type, flags, stream, payload));
  }

  /** Sends bytes on the TCP connection as they are. */
  public void sendRaw(byte[] bytes) {
    link.raw(bytes);
  }

  /** A message with gRPC's prefix: a byte that tells whether it is compressed, and the length. */
  public static byte[] framed(int compressed, byte[] message) {
    byte[] frame = new byte[5 + message.length];
    frame[0] = (byte) compressed;
    Http2.putInt(frame, 1, message.length);
    System.arraycopy(message, 0, frame, 5, message.length);
    return frame;
  }

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(64 + bytes.length / 4);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  // --- hearing --------------------------------------------------------------------------------

  /** Takes the first message of a kind that nobody took yet. */
  public KaspadMessage expect(PayloadCase kind, Duration limit) {
    return expect(kind.name(), message -> message.getPayloadCase() == kind, limit);
  }

  /** Takes the first message that fits and that nobody took yet. */
  public KaspadMessage expect(String what, Predicate<KaspadMessage> fits, Duration limit) {
    KaspadMessage message = poll(fits, limit);
    if (message == null) {
      throw new AssertionError("no " + what + " within " + limit + "; " + inbox.standing());
    }
    return message;
  }

  /** Takes the first message that fits, if one comes in time. */
  public @Nullable KaspadMessage poll(Predicate<KaspadMessage> fits, Duration limit) {
    try {
      return inbox.take(fits, limit);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Sends a request with an id of its own and takes the answer of a kind that echoes it. */
  public KaspadMessage ask(KaspadMessage request, PayloadCase kind, Duration limit) {
    int id = requestIds.incrementAndGet();
    send(Messages.asking(id, request));
    return expect(
        kind + " to request " + id,
        message -> message.getPayloadCase() == kind && message.getResponseId() == id,
        limit);
  }

  /** Waits for the end of the connection. */
  public Ending expectEnd(Duration limit) {
    try {
      Ending ending = inbox.awaitEnd(limit);
      if (ending == null) {
        throw new AssertionError("not ended within " + limit + "; " + inbox.standing());
      }
      return ending;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** How the connection ended, if it has. */
  public @Nullable Ending ending() {
    return inbox.ending();
  }

  public boolean isConnected() {
    return inbox.ending() == null;
  }

  /** Whether the other side still answers: sends a ping and waits for its pong. */
  public Duration expectPong(Duration limit) {
    long nonce = System.nanoTime();
    send(Messages.ping(nonce));
    expect("pong", message -> message.hasPong() && message.getPong().getNonce() == nonce, limit);
    return Duration.ofNanos(System.nanoTime() - nonce);
  }

  /** How many messages of a kind were heard, taken or not. */
  public int heard(PayloadCase kind) {
    return inbox.heard(kind);
  }

  /** Waits until so many of a kind were heard in all. */
  public void expectHeard(PayloadCase kind, int count, Duration limit) {
    try {
      if (!inbox.awaitHeard(kind, count, limit)) {
        throw new AssertionError(
            "not " + count + " of " + kind + " within " + limit + "; " + inbox.standing());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** For people: what was heard, what waits, how it ended. */
  public String standing() {
    return inbox.standing();
  }

  // --- rules ----------------------------------------------------------------------------------

  /** From now on answers messages of a kind like this; they are not there to be taken then. */
  public ScriptedPeer answer(PayloadCase kind, Answer answer) {
    answers.put(kind, answer);
    return this;
  }

  /** From now on takes messages of these kinds and says nothing. */
  public ScriptedPeer ignore(PayloadCase... kinds) {
    for (PayloadCase kind : kinds) {
      answers.put(kind, Answer.NOTHING);
    }
    return this;
  }

  /** Answers none of these by itself any more: the test takes them. */
  public ScriptedPeer leave(PayloadCase... kinds) {
    for (PayloadCase kind : kinds) {
      answers.remove(kind);
    }
    return this;
  }

  /** Tells of each message as soon as it was read, on the thread that reads: must not wait. */
  public ScriptedPeer onMessage(Consumer<KaspadMessage> listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Tells of the bytes of each message, decompressed, before anything else is done with it: must
   * not wait.
   */
  public ScriptedPeer onBytes(Consumer<byte[]> listener) {
    byteListeners.add(listener);
    return this;
  }

  /** Stops reading from the connection, or goes on: windows and then TCP's buffers fill up. */
  public void reading(boolean on) {
    link.reading(on);
  }

  private final class Ears implements Http2Link.Listener {
    @Override
    public void message(byte[] protobuf) {
      byteListeners.forEach(listener -> listener.accept(protobuf));
      KaspadMessage message;
      try {
        message = KaspadMessage.parseFrom(protobuf);
      } catch (InvalidProtocolBufferException e) {
        throw new UncheckedIOException(e);
      }
      listeners.forEach(listener -> listener.accept(message));
      Answer answer = answers.get(message.getPayloadCase());
      inbox.add(message, answer == null);
      if (answer != null && !answer.equals(Answer.NOTHING)) {
        later(message);
      }
    }

    @Override
    public void ended(Ending.Kind kind, int code) {
      inbox.end(kind, code);
    }
  }

  /** Answers wait for windows, so the thread that reads must not send them. */
  private void later(KaspadMessage message) {
    synchronized (toAnswer) {
      toAnswer.add(message);
      if (answering) {
        return;
      }
      answering = true;
    }
    Thread.ofVirtual().start(this::answerAll);
  }

  private void answerAll() {
    while (true) {
      KaspadMessage message;
      synchronized (toAnswer) {
        message = toAnswer.poll();
        if (message == null) {
          answering = false;
          return;
        }
      }
      Answer answer = answers.getOrDefault(message.getPayloadCase(), Answer.NOTHING);
      try {
        for (KaspadMessage reply : answer.to(message)) {
          int id = message.getRequestId();
          send(id == 0 || reply.getResponseId() != 0 ? reply : Messages.answering(id, reply));
        }
      } catch (UncheckedIOException e) {
        // The connection has ended: nobody waits for an answer, and the inbox knows.
        synchronized (toAnswer) {
          toAnswer.clear();
        }
      }
    }
  }

  // --- ending ---------------------------------------------------------------------------------

  /** Ends its half of the stream in good order; the connection stays. */
  public void finish() {
    link.finish();
  }

  /** Closes the TCP connection; that is a reset if something came that was not read yet. */
  @Override
  public void close() {
    link.close();
  }

  /** Resets the TCP connection. */
  public void reset() {
    try {
      link.reset();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(e);
  }
}
