package kaspeer.transport;

import io.grpc.netty.shaded.io.netty.channel.ChannelFactory;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollChannelOption;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.SocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** What servers and clients of one process share: event loops, options, the budget of bytes. */
public final class PeerTransport implements AutoCloseable {
  /**
   * gRPC logs a warning with a stack trace for whatever a peer does wrong; here that is a typed
   * end.
   */
  private static final Logger GRPC_LOG = Logger.getLogger("io.grpc");

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(PeerTransport.class);

  private static final long CHECK_MILLIS = 250;

  /** TCP's own probes: idle time before them, between them, and how many go unanswered. */
  private static final int KEEPALIVE_IDLE_SECONDS = 30;

  private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
  private static final int KEEPALIVE_PROBES = 3;

  private final TransportOptions options;
  private final ProcessBudget budget;
  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup acceptor;
  private final EventLoopGroup workers;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  private PeerTransport(TransportOptions options) {
    this.options = options;
    this.budget = new ProcessBudget(options.processBytes());
    this.acceptor = loops(1, "p2p-accept");
    this.workers = loops(options.threads(), "p2p-io");
  }

  /** Starts the event loops. */
  @SuppressWarnings(
      "FutureReturnValueIgnored") // ends with its event loop; the check catches what is thrown
  public static PeerTransport start(TransportOptions options) {
    GRPC_LOG.setLevel(Level.SEVERE);
    PeerTransport transport = new PeerTransport(options);
    for (EventExecutor loop : transport.workers) {
      loop.scheduleAtFixedRate(transport::check, CHECK_MILLIS, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
    return transport;
  }

  public TransportOptions options() {
    return options;
  }

  /** TCP connections that are open, half-open ones included. */
  int connections() {
    return connections.size();
  }

  /** Bytes that all links together hold unread. */
  long heldBytes() {
    return budget.held();
  }

  /** Ends all connections at once and stops the event loops. */
  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the acceptor has nothing left to do
  public void close() {
    for (Connection connection : connections) {
      connection.endNow(new LinkEnd.LocalClosed("transport closed"));
    }
    acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    workers.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private EventLoopGroup loops(int threads, String name) {
    IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), handler);
  }

  private void check() {
    long now = System.nanoTime();
    for (Connection connection : connections) {
      try {
        connection.check(now);
      } catch (RuntimeException e) {
        // One connection's accident must not end the checks of all others.
        LOG.error("check of {} failed", connection.remoteAddress(), e);
      }
    }
  }

  ProcessBudget budget() {
    return budget;
  }

  Set<Connection> all() {
    return connections;
  }

  void add(Connection connection) {
    connections.add(connection);
  }

  void remove(Connection connection) {
    connections.remove(connection);
  }

  EventLoopGroup acceptor() {
    return acceptor;
  }

  EventLoopGroup workers() {
    return workers;
  }

  EventLoop anyLoop() {
    return workers.next();
  }

  ChannelFactory<? extends ServerChannel> serverChannels() {
    return epoll ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
  }

  SocketChannel newSocket() {
    return epoll ? new EpollSocketChannel() : new NioSocketChannel();
  }

  /** Options of every peer's socket. */
  @SuppressWarnings("unchecked")
  Map<ChannelOption<Object>, Object> socketOptions() {
    Map<ChannelOption<?>, Object> all = new LinkedHashMap<>();
    all.put(ChannelOption.TCP_NODELAY, true);
    all.put(ChannelOption.SO_KEEPALIVE, true);
    if (epoll) {
      all.put(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
      all.put(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_INTERVAL_SECONDS);
      all.put(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
    }
    Map<ChannelOption<Object>, Object> typed = new LinkedHashMap<>();
    all.forEach((option, value) -> typed.put((ChannelOption<Object>) option, value));
    return typed;
  }
}
