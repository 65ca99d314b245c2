package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerListener;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What we suffer by our own fault is not laid at our peers' door. */
class HostileOutagesTest {
  private static final int NETWORKS = 12;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  @TempDir private Path folder = Path.of("");

  private final PeerLab lab = new PeerLab();

  @AfterEach
  void close() {
    lab.close();
  }

  // --- our line --------------------------------------------------------------------------------

  /**
   * Pings and patience as short as they can be, so that a cut of many minutes takes some seconds:
   * whoever is not cut off answers in time on a machine that has other things to do.
   */
  private static FlowSettings hasty() {
    FlowSettings defaults = FlowSettings.DEFAULT;
    return new FlowSettings(
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        defaults.transactionBatch(),
        defaults.fetchFailover(),
        defaults.nearlySynced(),
        defaults.orphanResolutionRange(),
        defaults.serveIdleTimeout());
  }

  /** As strict as an operator may be: who falls silent is banned. */
  private static Policy banningSilence() {
    Sanction ban = new Sanction.Ban(Duration.ofHours(24));
    return Policy.STRICT
        .with(ViolationCode.UNRESPONSIVE, ban)
        .with(ViolationCode.STALLED, ban)
        .with(ViolationCode.HANDSHAKE_TIMEOUT, ban);
  }

  private static PeerOptions ofNetwork(int number) {
    return PeerOptions.DEFAULT.withSource(InetAddress.ofLiteral("127." + (10 + number) + ".0.1"));
  }

  /** From then on nothing of what the other says arrives, and it hears nothing. */
  private static void cut(ScriptedPeer peer) {
    peer.ignore(PayloadCase.PING);
    peer.reading(false);
  }

  @Test
  void whenOurOwnNetworkIsCutNobodyIsBannedAndAllAreTakenBack() {
    try (EngineHost host =
            new EngineHost(
                Params.of(Network.SIMNET),
                config -> config.flows(hasty()).policy(banningSilence()));
        PeerListener listener = lab.listen()) {
      List<ScriptedPeer> peers = new ArrayList<>();
      for (int i = 0; i < NETWORKS; i++) {
        peers.add(lab.join(host.address(), ofNetwork(i)));
      }
      CompletableFuture<ScriptedPeer> permanent =
          CompletableFuture.supplyAsync(() -> shakeHands(listener), Thread::startVirtualThread);
      Peers.DialReply dialled =
          host.ask(
              host.engine().peers(), replyTo -> new Peers.Dial(listener.address(), true, replyTo));
      assertThat(dialled).isInstanceOf(Peers.DialReply.Connected.class);
      peers.add(permanent.join());

      peers.forEach(HostileOutagesTest::cut);
      for (ScriptedPeer peer : peers.subList(0, NETWORKS)) {
        assertThat(host.departure(peer).reason()).isEqualTo("unresponsive");
      }
      assertThat(host.bans()).isEmpty();

      // The line is back: all come again, and the permanent peer is dialled again.
      for (int i = 0; i < NETWORKS; i++) {
        lab.join(host.address(), ofNetwork(i)).expectPong(SOON);
      }
      shakeHands(listener).expectPong(SOON);
      assertThat(host.bans()).isEmpty();
      assertThat(host.metric("kaspeer_p2p_refused_connections_total", "banned")).isZero();
    }
  }

  private static ScriptedPeer shakeHands(PeerListener listener) {
    ScriptedPeer peer = listener.accept(SOON);
    peer.handshake();
    return peer;
  }

  /** One that falls silent by itself is another matter. */
  @Test
  void whoFallsSilentWhileOthersDoNotIsBanned() {
    try (EngineHost host =
        new EngineHost(
            Params.of(Network.SIMNET), config -> config.flows(hasty()).policy(banningSilence()))) {
      List<ScriptedPeer> peers = new ArrayList<>();
      for (int i = 0; i < NETWORKS; i++) {
        peers.add(lab.join(host.address(), ofNetwork(i)));
      }
      cut(peers.getFirst());
      Departure departure = host.departure(peers.getFirst());
      assertThat(departure.reason()).isEqualTo("unresponsive");
      Await.until("the ban", SOON, () -> !host.bans().isEmpty(), departure::toString);
      assertThat(host.bans()).extracting(Sanctions.Ban::subject).containsExactly("127.10.0.1");
      assertThat(peers.subList(1, NETWORKS)).allMatch(ScriptedPeer::isConnected);
    }
  }

  // --- our pause -------------------------------------------------------------------------------

  /**
   * Stops all threads of the node's process for so long, as a collector or a hypervisor may, or
   * until all is said if that takes longer.
   */
  private static void pause(Subject subject, Runnable meanwhile) {
    signal(subject, "STOP");
    try {
      CompletableFuture<Boolean> over =
          new CompletableFuture<Boolean>()
              .completeOnTimeout(true, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      meanwhile.run();
      assertThat(over.join()).isTrue();
    } finally {
      signal(subject, "CONT");
    }
  }

  private static void signal(Subject subject, String name) {
    try {
      long pid = subject.node().handle().pid();
      Process kill =
          new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).inheritIO().start();
      assertThat(kill.waitFor()).as("kill -" + name).isZero();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aPauseOfFiveSecondsCostsNoHonestPeer() {
    try (Subject subject = Subject.start(folder.resolve("node"));
        ChainBuilder chain = ChainBuilder.simnet(4)) {
      chain.extend(20);
      ScriptedPeer source = ChainServer.serve(join(subject, 0), chain);
      source.send(Messages.inv(chain.sink()));
      awaitSink(subject, chain);
      List<ScriptedPeer> idle =
          IntStream.range(1, NETWORKS).mapToObj(i -> join(subject, i)).toList();
      // Nothing that it says by itself may come between the two halves of its message.
      ScriptedPeer talking =
          subject
              .lab()
              .dial(subject.address(), ofNetwork(NETWORKS + 1))
              .ignore(PayloadCase.REQUEST_ADDRESSES);
      talking.handshake();
      byte[] ping = ScriptedPeer.framed(0, Messages.ping(44).toByteArray());
      talking.sendData(Arrays.copyOf(ping, 7));
      ScriptedPeer owing = join(subject, NETWORKS + 2);
      Block next = chain.extend();
      owing.send(Messages.inv(next.hash()));
      int request = owing.expect(PayloadCase.REQUEST_RELAY_BLOCKS, SOON).getRequestId();
      List<ScriptedPeer> newcomer = new ArrayList<>();
      // It has eight seconds in all: the last to come before the pause, the first to be done after.
      ScriptedPeer shaking = subject.lab().dial(subject.address(), ofNetwork(NETWORKS));
      shaking.sendVersion(shaking.self().toWire());
      shaking.expect(PayloadCase.VERACK, SOON);

      pause(
          subject,
          () -> {
            owing.send(Messages.answering(request, Messages.block(next)));
            shaking.send(Messages.verack());
            shaking.send(Messages.ready());
            talking.sendData(Arrays.copyOfRange(ping, 7, ping.length));
            idle.forEach(peer -> peer.send(Messages.ping(7)));
            ScriptedPeer late = subject.lab().dial(subject.address(), ofNetwork(NETWORKS + 3));
            late.sendVersion(late.self().toWire());
            newcomer.add(late);
          });

      shaking.expect(PayloadCase.READY, SOON);
      finishHandshake(newcomer.getFirst());
      for (ScriptedPeer peer : idle) {
        assertThat(peer.expect(PayloadCase.PONG, SOON).getPong().getNonce()).isEqualTo(7);
      }
      assertThat(talking.expect(PayloadCase.PONG, SOON).getPong().getNonce()).isEqualTo(44);
      awaitSink(subject, chain);
      List<ScriptedPeer> all = new ArrayList<>(idle);
      all.addAll(List.of(source, shaking, talking, owing, newcomer.getFirst(), subject.honest()));
      for (ScriptedPeer peer : all) {
        peer.expectPong(SOON);
        assertThat(subject.isConnected(peer)).as(peer.standing()).isTrue();
      }
      assertThat(subject.node().get("bans")).isEmpty();
      subject.assertResponsive();
    }
  }

  private static void finishHandshake(ScriptedPeer peer) {
    peer.send(Messages.verack());
    peer.send(Messages.ready());
    peer.expect(PayloadCase.READY, SOON);
  }

  private static ScriptedPeer join(Subject subject, int network) {
    return subject.lab().join(subject.address(), ofNetwork(network));
  }

  private static void awaitSink(Subject subject, ChainBuilder chain) {
    Await.until(
        "the chain's last block",
        SOON,
        () -> subject.node().sink().equals(chain.sink().toString()),
        subject::logTail);
  }
}
