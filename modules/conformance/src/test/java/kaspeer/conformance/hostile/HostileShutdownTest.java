package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Ending;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.transport.Refusal;
import kaspeer.transport.TransportOptions;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever comes while the engine stops. */
@Timeout(300)
class HostileShutdownTest {
  private static final int STORMING = 4;
  private static final String REFUSED = "kaspeer_p2p_refused_connections_total";

  /** At which it would stop whatever is left: later than any machine is busy. */
  private static final Duration LATE = Duration.ofMinutes(4);

  private static final Duration STOPPED = Duration.ofMinutes(2);

  /** For how long it waits for a peer that does not hear its last words. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  private final PeerLab lab = new PeerLab();
  private final EngineHost host =
      new EngineHost(
          Params.of(Network.SIMNET),
          config ->
              config
                  .shutdownTimeout(LATE)
                  .transport(
                      TransportOptions.DEFAULT.toBuilder().closeTimeout(LAST_WORDS).build()));
  private final AtomicBoolean storm = new AtomicBoolean(true);
  private final AtomicInteger tries = new AtomicInteger();

  @AfterEach
  void close() {
    storm.set(false);
    lab.close();
    host.close();
  }

  /** Connects again and again, and says nothing. */
  private void storm(int source) {
    List<Socket> open = new ArrayList<>();
    try {
      while (storm.get()) {
        try {
          open.add(PeerLab.connect(host.address(), PeerLab.loopback(20_000 + source)));
        } catch (SocketException refused) {
          // By a reset, or once nobody listens any more.
        }
        tries.incrementAndGet();
        if (open.size() > 200) {
          open.removeFirst().close();
        }
      }
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private double draining() {
    return host.metric(REFUSED, Refusal.DRAINING.code());
  }

  /** Has asked for so many addresses that its last words from us wait behind them, unread. */
  private ScriptedPeer deaf() {
    ScriptedPeer deaf = lab.join(host.address(), PeerOptions.DEFAULT.withWindow(1_000));
    deaf.reading(false);
    for (int i = 0; i < 200; i++) {
      deaf.send(Messages.requestAddresses());
      deaf.send(Messages.ping(i));
    }
    return deaf;
  }

  @Test
  void aStormOfConnectionsWhileItStopsIsRefusedAtTheDoorAndDelaysNothing() {
    List<ScriptedPeer> honest = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      honest.add(lab.join(host.address()));
    }
    deaf();
    List<CompletableFuture<Void>> storming = new ArrayList<>();
    for (int i = 0; i < STORMING; i++) {
      int source = i;
      // Its own threads: it leaves none of those that read for the others.
      storming.add(
          CompletableFuture.runAsync(
              () -> storm(source), task -> Thread.ofPlatform().daemon().start(task)));
    }
    Await.until("the storm", SOON, () -> tries.get() > 500, () -> tries + " tries");
    assertThat(draining()).isZero();

    CompletableFuture<Done> stopped = host.stop();
    Await.until("refusals", SOON, () -> draining() > 0, () -> "stopped: " + stopped.isDone());
    assertThat(stopped).as("it waits for the deaf one").isNotDone();
    host.assertRefusedAtAccept(lab, PeerOptions.DEFAULT);
    assertThat(stopped).succeedsWithin(STOPPED);
    storm.set(false);
    storming.forEach(CompletableFuture::join);

    for (ScriptedPeer peer : honest) {
      assertThat(peer.expectEnd(SOON).kind()).isNotEqualTo(Ending.Kind.OURS);
    }
    assertThatThrownBy(() -> PeerLab.connect(host.address(), null))
        .isInstanceOf(ConnectException.class);
  }
}
