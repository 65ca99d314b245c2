package kaspeer.testkit.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A place where scripted peers are dialled. */
public final class PeerListener implements AutoCloseable {
  private final PeerLab lab;
  private final ServerSocket server;
  private final PeerOptions options;
  private final BlockingQueue<ScriptedPeer> arrived = new LinkedBlockingQueue<>();
  private volatile @Nullable IOException failure;

  PeerListener(PeerLab lab, InetAddress address, PeerOptions options) throws IOException {
    this.lab = lab;
    this.options = options;
    server = new ServerSocket(0, 1024, address);
    Thread.ofVirtual().name("scripted-listener-" + server.getLocalPort()).start(this::run);
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** The next connection; nothing has been said on it yet. */
  public ScriptedPeer accept(Duration limit) {
    try {
      ScriptedPeer peer = arrived.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (peer == null) {
        throw new AssertionError("nobody dialled within " + limit, failure);
      }
      return peer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Connections that arrived and were not taken yet. */
  public int waiting() {
    return arrived.size();
  }

  private void run() {
    while (true) {
      try {
        Socket socket = server.accept();
        arrived.add(lab.add(new ScriptedPeer(socket, false, lab.identity(), options)));
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        failure = e;
        return;
      }
    }
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
