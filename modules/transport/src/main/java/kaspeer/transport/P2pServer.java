package kaspeer.transport;

import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kaspeer.transport.InboundSlots.Permit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts peers that dial us. */
public final class P2pServer {
  private static final Logger LOG = LoggerFactory.getLogger(P2pServer.class);

  private static final int BACKLOG = 1024;

  private final PeerTransport transport;
  private final InboundSlots slots;
  private final Consumer<Link> onLink;
  private final Map<String, Long> drops = new ConcurrentHashMap<>();
  private final Server server;

  private P2pServer(
      PeerTransport transport,
      InetSocketAddress bind,
      AcceptPolicy acceptPolicy,
      Consumer<Link> onLink) {
    this.transport = transport;
    this.slots = new InboundSlots(acceptPolicy);
    this.onLink = onLink;
    this.server = build(bind);
  }

  /**
   * Binds and accepts from now on.
   *
   * @param bind port 0 for any
   * @param acceptPolicy decides on each connection
   * @param onLink told of each link on an event loop, before anything is read from it: must not
   *     block
   * @throws IOException if the address cannot be bound
   */
  public static P2pServer bind(
      PeerTransport transport,
      InetSocketAddress bind,
      AcceptPolicy acceptPolicy,
      Consumer<Link> onLink)
      throws IOException {
    P2pServer server = new P2pServer(transport, bind, acceptPolicy, onLink);
    server.server.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) server.getListenSockets().getFirst();
  }

  /** Inbound links through with their handshake. */
  int established() {
    return slots.established();
  }

  /** Inbound connections not yet through. */
  public int pending() {
    return slots.pending();
  }

  /** Connections refused until now, by reason. */
  public Map<Refusal, Long> refusals() {
    return slots.refusals();
  }

  /** Connections that ended before there was a link of them, by the code of their end. */
  public Map<String, Long> drops() {
    return Map.copyOf(drops);
  }

  /** A connection ended before there was a link of it. */
  void dropped(LinkEnd end) {
    drops.merge(end.code(), 1L, Long::sum);
  }

  /** From now on refuses new connections; those that are there stay. */
  public void refuse() {
    slots.drain();
  }

  /**
   * Refuses new connections and closes the others with that reason; completes when all are closed.
   */
  public CompletionStage<Void> close(String reason) {
    slots.drain();
    server.shutdown();
    CompletableFuture<?>[] ends =
        transport.all().stream()
            .filter(connection -> connection.server() == this)
            .peek(connection -> connection.end(new LinkEnd.LocalClosed(reason), null))
            .map(connection -> connection.whenClosed().toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(ends).whenComplete((done, error) -> server.shutdownNow());
  }

  InboundSlots slots() {
    return slots;
  }

  private Server build(InetSocketAddress bind) {
    TransportOptions options = transport.options();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(bind)
            .channelFactory(this::listener)
            .bossEventLoopGroup(transport.acceptor())
            .workerEventLoopGroup(transport.workers())
            .directExecutor()
            .withOption(ChannelOption.SO_BACKLOG, BACKLOG)
            .maxConcurrentCallsPerConnection(1)
            .flowControlWindow(options.inboundWindow())
            .maxInboundMessageSize(Grpc.maxMessageBytes(options))
            .maxInboundMetadataSize(Grpc.MAX_METADATA)
            .keepAliveTime(Long.MAX_VALUE, TimeUnit.NANOSECONDS)
            .permitKeepAliveTime(1, TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .handshakeTimeout(options.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .compressorRegistry(Grpc.COMPRESSORS)
            .decompressorRegistry(Grpc.DECOMPRESSORS)
            .addStreamTracerFactory(new Tracers())
            .addService(
                ServerServiceDefinition.builder(Grpc.SERVICE)
                    .addMethod(Grpc.SERVER_METHOD, new Opener())
                    .build());
    transport.socketOptions().forEach(builder::withChildOption);
    return builder.build();
  }

  private ServerChannel listener() {
    ServerChannel channel = transport.serverChannels().newChannel();
    channel.pipeline().addFirst(new Gate());
    return channel;
  }

  /** Stands before everything else: decides on each accepted socket. */
  private final class Gate extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      Channel child = (Channel) msg;
      if (!(child.remoteAddress() instanceof InetSocketAddress remote)) {
        child.unsafe().closeForcibly();
        return;
      }
      Holder holder = new Holder();
      Permit permit = slots.acquire(remote.getAddress(), holder::displace);
      if (permit == null) {
        // With a reset, so that a flood of refusals leaves no sockets waiting here.
        child.config().setOption(ChannelOption.SO_LINGER, 0);
        child.unsafe().closeForcibly();
        return;
      }
      Connection connection =
          new Connection(transport, Direction.INBOUND, remote, child, P2pServer.this);
      connection.permit(permit);
      holder.hold(connection);
      ctx.fireChannelRead(child);
    }
  }

  /** A connection that may have to make room before it stands. */
  private static final class Holder {
    private @Nullable Connection connection;
    private boolean displaced;

    void displace() {
      Connection held;
      synchronized (this) {
        displaced = true;
        held = connection;
      }
      if (held != null) {
        held.endNow(new LinkEnd.Displaced());
      }
    }

    void hold(Connection made) {
      boolean late;
      synchronized (this) {
        connection = made;
        late = displaced;
      }
      if (late) {
        made.endNow(new LinkEnd.Displaced());
      }
    }
  }

  /** Learns of each stream's encoding and of each message's size on the wire. */
  private static final class Tracers extends ServerStreamTracer.Factory {
    private static final ServerStreamTracer NONE = new ServerStreamTracer() {};

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      Connection connection = Connection.reading();
      if (connection == null) {
        return NONE;
      }
      connection.encoding(headers.get(Grpc.ENCODING));
      return new ServerStreamTracer() {
        @Override
        public void inboundMessageRead(int seqNo, long wireSize, long uncompressedSize) {
          connection.messageRead(wireSize);
        }
      };
    }
  }

  /** Makes a link of each stream. */
  private final class Opener implements ServerCallHandler<InputStream, OutboundFrame> {
    @Override
    public ServerCall.Listener<InputStream> startCall(
        ServerCall<InputStream, OutboundFrame> call, Metadata headers) {
      Connection connection = Connection.reading();
      if (connection == null || connection.isEnding() || connection.link() != null) {
        call.close(Status.UNAVAILABLE, new Metadata());
        return new ServerCall.Listener<>() {};
      }
      if (transport.options().gzip()) {
        call.setCompression(Grpc.GZIP);
      }
      // At once: the live network's client waits for them before it says anything (protocol
      // reference 1.1).
      call.sendHeaders(new Metadata());
      LinkImpl link = connection.open(new Port(call));
      try {
        onLink.accept(link);
      } catch (RuntimeException e) {
        LOG.error("nobody takes {}", link, e);
        link.abort("nobody takes it");
      }
      return new Events(connection, link);
    }
  }

  private record Port(ServerCall<InputStream, OutboundFrame> call) implements StreamPort {
    @Override
    public void request() {
      call.request(1);
    }

    @Override
    public boolean isReady() {
      return call.isReady();
    }

    @Override
    public void send(OutboundFrame frame) {
      call.sendMessage(frame);
    }

    @Override
    public void finish() {
      call.close(Status.OK, new Metadata());
    }
  }

  private static final class Events extends ServerCall.Listener<InputStream> {
    private final Connection connection;
    private final LinkImpl link;

    Events(Connection connection, LinkImpl link) {
      this.connection = connection;
      this.link = link;
    }

    @Override
    public void onMessage(InputStream message) {
      link.onMessage(message);
    }

    @Override
    public void onReady() {
      link.drain();
    }

    @Override
    public void onHalfClose() {
      connection.end(new LinkEnd.RemoteClosed("stream closed"), null);
    }

    @Override
    public void onCancel() {
      connection.endNow(new LinkEnd.RemoteClosed("stream cancelled"));
    }
  }
}
