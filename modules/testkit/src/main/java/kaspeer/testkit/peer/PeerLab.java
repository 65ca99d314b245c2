package kaspeer.testkit.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.primitives.Network;
import kaspeer.wire.PeerId;
import kaspeer.wire.VersionInfo;
import org.jspecify.annotations.Nullable;

/** Where scripted peers come from; closing it closes them all. */
public final class PeerLab implements AutoCloseable {
  private static final int PROTOCOL_VERSION = 11;
  private static final int CONNECT_MILLIS = 30_000;

  /** How many peers are kept before those that have ended are looked for. */
  private static final int PRUNE_FROM = 100;

  private final Network network;
  private final SecureRandom random = new SecureRandom();
  private final Set<ScriptedPeer> peers = ConcurrentHashMap.newKeySet();
  private final List<PeerListener> listeners = new ArrayList<>();
  private volatile int pruneAt = PRUNE_FROM;

  /** Peers of a network. */
  public PeerLab(Network network) {
    this.network = network;
  }

  /** Peers of simnet. */
  public PeerLab() {
    this(Network.SIMNET);
  }

  /** What an honest peer of protocol 11 says of itself, with an id of its own. */
  public VersionInfo identity() {
    return identity(PROTOCOL_VERSION);
  }

  /** What an honest peer of some protocol version says of itself, with an id of its own. */
  public VersionInfo identity(int protocolVersion) {
    return new VersionInfo(
        protocolVersion,
        0,
        System.currentTimeMillis(),
        null,
        PeerId.random(random),
        "/scripted:1.0.0/",
        false,
        null,
        network.wireName());
  }

  /** Dials, and opens the stream; nothing is said on it yet. */
  public ScriptedPeer dial(InetSocketAddress target) {
    return dial(target, PeerOptions.DEFAULT, identity());
  }

  public ScriptedPeer dial(InetSocketAddress target, PeerOptions options) {
    return dial(target, options, identity());
  }

  public ScriptedPeer dial(InetSocketAddress target, PeerOptions options, VersionInfo identity) {
    try {
      return add(new ScriptedPeer(connect(target, options.source()), true, identity, options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Dials and goes through an honest handshake. */
  public ScriptedPeer join(InetSocketAddress target) {
    return join(target, PeerOptions.DEFAULT);
  }

  public ScriptedPeer join(InetSocketAddress target, PeerOptions options) {
    ScriptedPeer peer = dial(target, options);
    peer.handshake();
    return peer;
  }

  /** A bare TCP connection, to be closed by the caller. */
  public static Socket connect(InetSocketAddress target, @Nullable InetAddress source)
      throws IOException {
    Socket socket = new Socket();
    try {
      if (source != null) {
        socket.bind(new InetSocketAddress(source, 0));
      }
      socket.connect(target, CONNECT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Listens on a free port of 127.0.0.1. */
  public PeerListener listen() {
    return listen(loopback(1), PeerOptions.DEFAULT);
  }

  public PeerListener listen(PeerOptions options) {
    return listen(loopback(1), options);
  }

  public PeerListener listen(InetAddress address, PeerOptions options) {
    try {
      PeerListener listener = new PeerListener(this, address, options);
      synchronized (listeners) {
        listeners.add(listener);
      }
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An address of the loopback network, 127.0.0.1 for 1 and 127.1.0.0 for 65,536. */
  public static InetAddress loopback(int number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {127, (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ScriptedPeer add(ScriptedPeer peer) {
    peers.add(peer);
    if (peers.size() > pruneAt) {
      peers.removeIf(old -> !old.isConnected());
      pruneAt = Math.max(PRUNE_FROM, 2 * peers.size());
    }
    return peer;
  }

  @Override
  public void close() {
    synchronized (listeners) {
      listeners.forEach(PeerListener::close);
    }
    peers.forEach(ScriptedPeer::close);
  }
}
