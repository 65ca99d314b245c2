package kaspeer.transport;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kaspeer.transport.InboundSlots.Permit;
import kaspeer.transport.LinkEnd.HttpAbuse;
import kaspeer.transport.LinkEnd.Stage;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection: what stands before its link does, and what ends it. Whoever finds a reason
 * first ends it; the event loop does the work.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // what fails in the channel's own futures shows as its end
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /**
   * The connection whose bytes the event loop is handing to the codec: what gRPC calls back in is
   * its.
   */
  private static final ThreadLocal<@Nullable Connection> READING = new ThreadLocal<>();

  /** Bytes of a frame that give it a second more. */
  private static final int BYTES_A_SECOND = 128 * 1024;

  private final PeerTransport transport;
  private final Direction direction;
  private final InetSocketAddress remote;
  private final Channel channel;
  private final @Nullable P2pServer server;
  private final Holding holding;
  private final Http2Guard guard;
  private final long since = System.nanoTime();
  private final AtomicReference<@Nullable LinkEnd> end = new AtomicReference<>();
  private @Nullable Permit permit;
  private volatile @Nullable LinkImpl link;
  private volatile ConnectionPhase phase = ConnectionPhase.HANDSHAKE;
  private volatile int version;
  private boolean headersSeen;
  private boolean takesCompressed;
  private final CompletableFuture<Void> whenClosed = new CompletableFuture<>();

  /**
   * @param server that accepted it, if one did
   */
  Connection(
      PeerTransport transport,
      Direction direction,
      InetSocketAddress remote,
      Channel channel,
      @Nullable P2pServer server) {
    this.transport = transport;
    this.server = server;
    this.direction = direction;
    this.remote = remote;
    this.channel = channel;
    this.holding = new Holding(transport.budget(), this::congested);
    this.guard = new Http2Guard(this, direction == Direction.INBOUND);
    channel.pipeline().addLast(guard);
    channel.closeFuture().addListener(future -> closed());
    transport.add(this);
  }

  /** The connection that this event loop is reading from, if it is. */
  static @Nullable Connection reading() {
    return READING.get();
  }

  void permit(Permit granted) {
    permit = granted;
  }

  @Nullable P2pServer server() {
    return server;
  }

  /** Completes when the socket is closed and all that was counted for it is given back. */
  CompletionStage<Void> whenClosed() {
    return whenClosed;
  }

  TransportOptions options() {
    return transport.options();
  }

  ProcessBudget budget() {
    return transport.budget();
  }

  /** What is held of what the peer sent. */
  Holding holding() {
    return holding;
  }

  Direction direction() {
    return direction;
  }

  InetSocketAddress remoteAddress() {
    return remote;
  }

  InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  ConnectionPhase phase() {
    return phase;
  }

  int version() {
    return version;
  }

  long bytesIn() {
    return guard.bytesIn();
  }

  long bytesOut() {
    return guard.bytesOut();
  }

  boolean takesCompressed() {
    return takesCompressed;
  }

  boolean isEnding() {
    return end.get() != null;
  }

  @Nullable LinkEnd ending() {
    return end.get();
  }

  @Nullable LinkImpl link() {
    return link;
  }

  void enterPhase(ConnectionPhase next, int agreed) {
    version = agreed;
    phase = next;
  }

  /** The handshake is done on both sides. */
  void established() {
    Permit held = permit;
    if (held != null) {
      held.established();
    }
  }

  /** Hands bytes on to the codec. */
  void fire(ChannelHandlerContext ctx, ByteBuf bytes) {
    READING.set(this);
    try {
      ctx.fireChannelRead(bytes);
    } finally {
      READING.remove();
    }
  }

  /** The peer named the encoding of its compressed messages, or none. */
  void encoding(@Nullable String name) {
    headersSeen = true;
    takesCompressed = Grpc.GZIP.equals(name);
    if (name != null && !takesCompressed && !name.equals("identity")) {
      fault(WireFault.of(Reason.UNKNOWN_ENCODING, name));
    }
  }

  /** gRPC took a message from the stream. */
  void messageRead(long wireBytes) {
    guard.messageRead(channel, (int) wireBytes);
  }

  /** The first headers were handed to gRPC: if they were good, the stream stands now. */
  void headersRead() {
    if (direction == Direction.INBOUND && link == null && !isEnding()) {
      end(new LinkEnd.Abuse(HttpAbuse.WRONG_REQUEST), null);
    }
  }

  /** The stream is open. */
  LinkImpl open(StreamPort port) {
    LinkImpl opened = new LinkImpl(this, port);
    link = opened;
    if (permit != null) {
      permit.streamOpened();
    }
    return opened;
  }

  void abuse(HttpAbuse kind) {
    endNow(new LinkEnd.Abuse(kind));
  }

  void fault(WireFault fault) {
    end(new LinkEnd.Fault(fault), OutboundFrame.reject("bad frame: " + fault.reason()));
  }

  private void congested() {
    endNow(new LinkEnd.Congested(budget().held()));
  }

  void failed(Throwable cause) {
    String message = cause.getMessage();
    String detail = cause instanceof IOException && message != null ? message : cause.toString();
    endNow(new LinkEnd.IoError(detail));
  }

  /** Ends the connection after its last words. */
  void end(LinkEnd reason, @Nullable OutboundFrame last) {
    if (end.compareAndSet(null, reason)) {
      onLoop(() -> shut(reason, true, last));
    }
  }

  /** Ends the connection, or the wait for its last words. */
  void endNow(LinkEnd reason) {
    if (end.compareAndSet(null, reason)) {
      onLoop(() -> shut(reason, false, null));
    } else {
      onLoop(this::closeTcp);
    }
  }

  private void shut(LinkEnd reason, boolean lastWords, @Nullable OutboundFrame last) {
    LOG.debug("{} {} ends: {}", direction, remote, reason);
    LinkImpl open = link;
    if (open != null) {
      open.stopReading(!(reason instanceof LinkEnd.RemoteClosed));
    }
    boolean peersDoing = reason instanceof LinkEnd.Fault || reason instanceof LinkEnd.Abuse;
    if (peersDoing || !lastWords) {
      guard.discard();
    }
    if (!lastWords) {
      closeTcp();
      return;
    }
    if (open != null) {
      open.finish(last);
    } else {
      finished();
    }
    Duration patience = options().closeTimeout();
    channel.eventLoop().schedule(this::closeTcp, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * All last words are with HTTP/2: when they are on the wire, says so to the peer, which closes in
   * turn.
   */
  void finished() {
    EventLoop loop = loop();
    if (loop == null) {
      return;
    }
    // Not inline even on the loop itself: gRPC has put its own flush behind what runs there now.
    loop.execute(
        () -> {
          ChannelHandlerContext first = channel.pipeline().context(guard);
          if (first != null && channel.isActive()) {
            first.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(future -> shutOutput());
          }
        });
  }

  private void shutOutput() {
    if (channel instanceof DuplexChannel duplex && channel.isActive()) {
      duplex.shutdownOutput();
    }
  }

  /**
   * Closes the socket itself; closing the channel from its tail would wait for HTTP/2's own
   * farewell.
   */
  private void closeTcp() {
    ChannelHandlerContext first = channel.pipeline().context(guard);
    if (first != null && channel.isRegistered()) {
      first.close();
    } else {
      channel.unsafe().closeForcibly();
      closed();
    }
  }

  /** The socket is closed. Event loop only, once. */
  void closed() {
    if (whenClosed.isDone()) {
      return;
    }
    LinkImpl open = link;
    if (open != null && !isEnding()) {
      // The codec, which will let go of what it holds, has not heard of it yet.
      open.readRest();
    }
    end.compareAndSet(null, new LinkEnd.RemoteClosed("connection closed"));
    guard.discard();
    guard.prefix().release();
    transport.remove(this);
    if (permit != null) {
      permit.release();
    }
    LinkEnd reason = end.get();
    if (open != null && reason != null) {
      open.closed(reason);
    } else if (server != null && reason != null) {
      server.dropped(reason);
    }
    whenClosed.complete(null);
  }

  private void onLoop(Runnable task) {
    EventLoop loop = loop();
    if (loop == null || loop.inEventLoop()) {
      task.run();
      return;
    }
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the event loop of {} is gone", remote, e);
      closed();
    }
  }

  /** The channel's event loop; none before it is given one. */
  private @Nullable EventLoop loop() {
    try {
      return channel.eventLoop();
    } catch (IllegalStateException e) {
      LOG.trace("{} has no event loop yet", remote, e);
      return null;
    }
  }

  /** Looks for what did not happen in time. Called now and then on the event loop. */
  void check(long now) {
    LinkImpl open = link;
    EventLoop loop = loop();
    if (isEnding() || loop == null || !loop.inEventLoop()) {
      return;
    }
    if (open == null) {
      if (direction == Direction.INBOUND && now - since > options().streamTimeout().toNanos()) {
        endNow(new LinkEnd.TimedOut(Stage.STREAM));
      }
      return;
    }
    if (!open.isHeard()) {
      TransportOptions options = options();
      guard.readAhead(
          channel,
          direction == Direction.INBOUND ? options.inboundWindow() : options.outboundWindow());
    }
    if (direction == Direction.OUTBOUND
        && !headersSeen
        && now - since > options().headersTimeout().toNanos()) {
      endNow(new LinkEnd.TimedOut(Stage.HEADERS));
    } else if (phase == ConnectionPhase.HANDSHAKE
        && now - since > options().handshakeTimeout().toNanos()) {
      end(new LinkEnd.TimedOut(Stage.HANDSHAKE), OutboundFrame.reject("handshake timed out"));
    } else if (frameOverdue(open, now)) {
      endNow(new LinkEnd.TimedOut(Stage.FRAME));
    } else if (open.stuckFor(now, options().sendTimeout().toNanos())) {
      endNow(new LinkEnd.TimedOut(Stage.SENDING));
    }
  }

  /** A frame that has begun and does not end, though we are waiting for it. */
  private boolean frameOverdue(LinkImpl open, long now) {
    GrpcPrefix prefix = guard.prefix();
    if (!prefix.midMessage()) {
      return false;
    }
    long patience =
        options().frameTimeout().toNanos() + prefix.length() * 1_000_000_000L / BYTES_A_SECOND;
    long waiting = open.queue().hungryFor(now);
    return waiting > patience && now - prefix.startedAt() > patience;
  }
}
