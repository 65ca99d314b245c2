package kaspeer.transport;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import kaspeer.wire.NetAddress;
import org.jspecify.annotations.Nullable;

/** Dials peers. */
public final class P2pClient {
  private final PeerTransport transport;

  public P2pClient(PeerTransport transport) {
    this.transport = transport;
  }

  /**
   * Dials a peer. The link is there as soon as the stream is open, before the peer has answered the
   * request: whoever has it should say its Version at once.
   *
   * @param remote resolved
   * @return fails with {@link LinkFailedException} if the peer is not reached or will not have us
   * @throws IllegalArgumentException if the address is not resolved
   */
  public CompletionStage<Link> connect(InetSocketAddress remote) {
    NetAddress address = NetAddress.of(remote);
    return new Dial(remote, address.toString()).start();
  }

  /** One attempt: one channel, one connection, one stream. */
  private final class Dial extends ClientCall.Listener<InputStream> {
    private final InetSocketAddress remote;
    private final CompletableFuture<Link> result = new CompletableFuture<>();
    private final ManagedChannel channel;
    private final ClientCall<OutboundFrame, InputStream> call;
    private @Nullable ScheduledFuture<?> deadline;
    private volatile @Nullable Connection connection;
    private @Nullable LinkImpl link;

    Dial(InetSocketAddress remote, String authority) {
      this.remote = remote;
      TransportOptions options = transport.options();
      NettyChannelBuilder builder =
          NettyChannelBuilder.forAddress(remote)
              .channelFactory(this::socket, InetSocketAddress.class)
              .eventLoopGroup(transport.workers())
              .withOption(
                  ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) options.connectTimeout().toMillis())
              .usePlaintext()
              .directExecutor()
              .overrideAuthority(authority)
              .proxyDetector(target -> null)
              .disableRetry()
              .disableServiceConfigLookUp()
              .idleTimeout(30, TimeUnit.DAYS)
              .maxTraceEvents(0)
              .flowControlWindow(options.outboundWindow())
              .maxInboundMetadataSize(Grpc.MAX_METADATA)
              .compressorRegistry(Grpc.COMPRESSORS)
              .decompressorRegistry(Grpc.decompressorsFor(remote.getAddress()));
      transport.socketOptions().forEach(builder::withOption);
      channel = builder.build();
      CallOptions callOptions =
          CallOptions.DEFAULT
              .withMaxInboundMessageSize(Grpc.maxMessageBytes(options))
              .withStreamTracerFactory(new Tracers());
      call =
          channel.newCall(
              Grpc.CLIENT_METHOD,
              options.gzip() ? callOptions.withCompression(Grpc.GZIP) : callOptions);
    }

    CompletionStage<Link> start() {
      long millis = transport.options().headersTimeout().toMillis();
      deadline =
          transport
              .anyLoop()
              .schedule(
                  () -> fail(new LinkEnd.TimedOut(LinkEnd.Stage.STREAM)),
                  millis,
                  TimeUnit.MILLISECONDS);
      call.start(this, new Metadata());
      return result;
    }

    private Channel socket() {
      Channel socket = transport.newSocket();
      boolean again = connection != null;
      Connection made = new Connection(transport, Direction.OUTBOUND, remote, socket, null);
      if (again) {
        // gRPC would reconnect; a link is one connection.
        made.endNow(new LinkEnd.LocalClosed("a second connection"));
        return socket;
      }
      connection = made;
      made.whenClosed()
          .thenRun(
              () -> {
                // Without a link gRPC has yet to say why, and is shut down then.
                if (made.link() != null) {
                  channel.shutdownNow();
                }
              });
      return socket;
    }

    @Override
    public void onReady() {
      Connection open = connection;
      if (link == null && open != null && !result.isDone()) {
        link = open.open(new Port(call));
        if (deadline != null) {
          deadline.cancel(false);
        }
        if (!result.complete(link)) {
          link.abort("came too late");
        }
      }
      if (link != null) {
        link.drain();
      }
    }

    @Override
    public void onMessage(InputStream message) {
      if (link != null) {
        link.onMessage(message);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      LinkEnd reason = reason(status);
      Connection open = connection;
      if (link != null && open != null) {
        open.endNow(reason);
      } else {
        LinkEnd known = open == null ? null : open.ending();
        fail(known != null && !(known instanceof LinkEnd.RemoteClosed) ? known : reason);
      }
    }

    private void fail(LinkEnd reason) {
      if (deadline != null) {
        deadline.cancel(false);
      }
      if (result.completeExceptionally(new LinkFailedException(reason))) {
        Connection open = connection;
        if (open != null) {
          open.endNow(reason);
        }
        channel.shutdownNow();
      }
    }

    private final class Tracers extends ClientStreamTracer.Factory {
      @Override
      public ClientStreamTracer newClientStreamTracer(
          ClientStreamTracer.StreamInfo info, Metadata headers) {
        return new ClientStreamTracer() {
          @Override
          public void inboundHeaders(Metadata answer) {
            Connection open = connection;
            if (open != null) {
              open.encoding(answer.get(Grpc.ENCODING));
            }
          }

          @Override
          public void inboundMessageRead(int seqNo, long wireSize, long uncompressedSize) {
            Connection open = connection;
            if (open != null) {
              open.messageRead(wireSize);
            }
          }
        };
      }
    }
  }

  private static LinkEnd reason(Status status) {
    String description = String.valueOf(status.getDescription());
    Throwable cause = status.getCause();
    return switch (status.getCode()) {
      case OK -> new LinkEnd.RemoteClosed("stream closed");
      case CANCELLED, INTERNAL -> new LinkEnd.RemoteClosed(description);
      case UNAVAILABLE ->
          new LinkEnd.IoError(cause == null ? description : String.valueOf(cause.getMessage()));
      default -> new LinkEnd.Refused(status.getCode() + ": " + description);
    };
  }

  private record Port(ClientCall<OutboundFrame, InputStream> call) implements StreamPort {
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
      call.halfClose();
    }
  }
}
