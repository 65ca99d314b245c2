package kaspeer.conformance.hostile;

import static kaspeer.conformance.hostile.Subject.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerListener;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.NetAddress;
import kaspeer.wire.proto.VersionMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes and connections. */
class HostileHandshakesTest {
  private static final int HALF_OPEN_OF_A_KIND = 200;

  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static Subject subject;

  @BeforeAll
  static void start() {
    subject = Subject.start(folder.resolve("node"));
  }

  @AfterAll
  static void stop() {
    subject.close();
  }

  @AfterEach
  void theNodeIsWell() {
    subject.assertResponsive();
    assertThat(subject.node().log().contains("own fault"))
        .as("a fault of our own in the log")
        .isFalse();
  }

  private static ScriptedPeer dial() {
    return subject.lab().dial(subject.address());
  }

  private static VersionMessage.Builder version(ScriptedPeer peer) {
    return peer.self().toWire().toBuilder();
  }

  // --- tolerated ------------------------------------------------------------------------------

  @Test
  void readyBeforeVersionIsAcceptedAndAddressesAreAnsweredAgainAndAgain() {
    ScriptedPeer seeder = dial();
    seeder.send(Messages.ready());
    VersionMessage theirs = seeder.expect(PayloadCase.VERSION, SOON).getVersion();
    // As a seeder that repeats what it heard, under an id of its own.
    seeder.sendVersion(theirs.toBuilder().setId(version(seeder).getId()).build());
    seeder.send(Messages.verack());
    seeder.expect(PayloadCase.VERACK, SOON);
    seeder.expect(PayloadCase.READY, SOON);
    for (int i = 0; i < 5; i++) {
      seeder.send(Messages.requestAddresses());
      seeder.expect(PayloadCase.ADDRESSES, SOON);
    }
    assertThat(subject.isConnected(seeder)).isTrue();
  }

  // --- half open ------------------------------------------------------------------------------

  @Test
  void aThousandHalfOpenConnectionsDoNotDelayAnHonestHandshake() throws IOException {
    List<Socket> silent = new ArrayList<>();
    List<ScriptedPeer> halfOpen = new ArrayList<>();
    ScheduledExecutorService trickle = Executors.newSingleThreadScheduledExecutor();
    List<ScheduledFuture<?>> trickles = new ArrayList<>();
    try {
      for (int i = 0; i < HALF_OPEN_OF_A_KIND; i++) {
        PeerOptions options = PeerOptions.DEFAULT.withSource(PeerLab.loopback(1_000 + i));
        silent.add(PeerLab.connect(subject.address(), options.source()));
        halfOpen.add(subject.lab().dial(subject.address(), options.withoutStream()));
        halfOpen.add(afterVersion(subject.lab().dial(subject.address(), options)));
        halfOpen.add(afterVerack(subject.lab().dial(subject.address(), options)));
        ScriptedPeer slow = subject.lab().dial(subject.address(), options);
        halfOpen.add(slow);
        trickles.add(trickle.scheduleAtFixedRate(() -> dribble(slow), 1, 1, TimeUnit.SECONDS));
      }
      List<Duration> handshakes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        long start = System.nanoTime();
        subject.join().close();
        handshakes.add(Duration.ofNanos(System.nanoTime() - start));
      }
      Collections.sort(handshakes);
      assertThat(subject.metric("kaspeer_p2p_dropped_connections_total{reason=\"displaced\"}"))
          .as("half-open connections that made room, counted")
          .isPositive();
      // None was refused. Some may be slow on a machine that has other things to do; if they waited
      // for those that are half open, all would be.
      assertThat(handshakes.get(50))
          .as("half of the honest handshakes took at most")
          .isLessThan(Duration.ofSeconds(1));
      // The last of those that came and went may still be on their way out.
      Await.until(
          "few peers, the honest one among them",
          SOON,
          () -> {
            double peers = subject.metric("kaspeer_p2p_peers{direction=\"in\"}");
            return peers >= 1 && peers < 10;
          },
          subject::logTail);
      // One that is over has failed.
      assertThat(trickles).noneMatch(Future::isDone);
    } finally {
      trickle.shutdownNow();
      for (Socket socket : silent) {
        socket.close();
      }
      halfOpen.forEach(ScriptedPeer::close);
    }
    subject.assertHeapIsBack();
  }

  private static ScriptedPeer afterVersion(ScriptedPeer peer) {
    sendIfOpen(() -> peer.sendVersion(peer.self().toWire()));
    return peer;
  }

  private static ScriptedPeer afterVerack(ScriptedPeer peer) {
    sendIfOpen(
        () -> {
          peer.sendVersion(peer.self().toWire());
          peer.send(Messages.verack());
        });
    return peer;
  }

  /** The first byte of a message, again and again. */
  private static void dribble(ScriptedPeer peer) {
    sendIfOpen(() -> peer.sendData(new byte[1]));
  }

  /** To make room for others the node may have closed it by now. */
  private static void sendIfOpen(Runnable send) {
    try {
      send.run();
    } catch (UncheckedIOException e) {
      assertThat(e).hasMessageNotContaining("grants no window");
    }
  }

  @Test
  void whoDoesNotFinishItsHandshakeIsToldAndClosed() {
    ScriptedPeer noVerack = afterVersion(dial());
    ScriptedPeer noReady = afterVerack(dial());
    assertThat(subject.assertRejected(noVerack, "HANDSHAKE_TIMEOUT")).contains("verack");
    assertThat(subject.assertRejected(noReady, "HANDSHAKE_TIMEOUT")).contains("ready");
  }

  @Test
  void tenThousandConnectionsOfOneAddressLeaveRoomForOthers() throws IOException {
    List<Socket> open = new ArrayList<>();
    try {
      for (int i = 0; i < 10_000; i++) {
        open.add(PeerLab.connect(subject.address(), PeerLab.loopback(13)));
        if (i % 1_000 == 999) {
          subject.join().close();
        }
      }
    } finally {
      for (Socket socket : open) {
        socket.close();
      }
    }
    subject.assertHeapIsBack();
  }

  @Test
  void aFullPoolOfHandshakesDoesNotStopOutboundDials() {
    Promptness.assertOf("an outbound dial", HostileHandshakesTest::timeOfDialBesideAFullPool);
  }

  private static Duration timeOfDialBesideAFullPool() {
    List<ScriptedPeer> pending = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      pending.add(afterVersion(dial()));
    }
    try (PeerListener listener = subject.lab().listen()) {
      Thread.ofVirtual().start(() -> listener.accept(SOON).handshake());
      String order = "{\"address\":\"" + Subject.text(listener.address()) + "\"}";
      long start = System.nanoTime();
      assertThat(subject.node().change("POST", "peers", order).has("connection")).isTrue();
      return Duration.ofNanos(System.nanoTime() - start);
    } finally {
      pending.forEach(ScriptedPeer::close);
    }
  }

  // --- refused --------------------------------------------------------------------------------

  @Test
  void anotherNetworkIsRefused() {
    ScriptedPeer peer = dial();
    peer.sendVersion(version(peer).setNetwork("kaspa-mainnet").build());
    peer.send(Messages.verack());
    assertThat(subject.assertRejected(peer, "WRONG_NETWORK")).contains("kaspa-mainnet");
    assertThat(subject.violations("WRONG_NETWORK")).isEqualTo(1);
  }

  @Test
  void versionNineIsRefused() {
    for (int version : new int[] {9, 5, 0}) {
      ScriptedPeer peer = dial();
      peer.sendVersion(version(peer).setProtocolVersion(version).build());
      peer.send(Messages.verack());
      subject.assertRejected(peer, "VERSION_TOO_OLD");
    }
    ScriptedPeer future = dial();
    assertThat(
            future.handshake(version(future).setProtocolVersion(-1).build()).getProtocolVersion())
        .isEqualTo(11);
    future.expectPong(SOON);
  }

  @Test
  void ourselvesAreRefused() {
    ScriptedPeer peer = dial();
    ByteString ours = peer.expect(PayloadCase.VERSION, SOON).getVersion().getId();
    peer.sendVersion(version(peer).setId(ours).build());
    peer.send(Messages.verack());
    assertThat(subject.assertRejected(peer, "LOOPBACK_CONNECTION"))
        .isEqualTo("LOOPBACK_CONNECTION");
  }

  @Test
  void aSecondConnectionOfOneIdAndAddressIsRefusedAndTheFirstStays() {
    ScriptedPeer first = subject.join();
    ScriptedPeer second = dial();
    second.sendVersion(first.self().toWire());
    second.send(Messages.verack());
    assertThat(subject.assertRejected(second, "DUPLICATE_CONNECTION"))
        .isEqualTo("DUPLICATE_CONNECTION");
    first.expectPong(SOON);
    assertThat(subject.isConnected(first)).isTrue();
  }

  @Test
  void aVersionAfterTheHandshakeEndsThePeer() {
    for (int kind = 0; kind < 3; kind++) {
      ScriptedPeer peer = subject.join();
      switch (kind) {
        case 0 -> peer.sendVersion(peer.self().toWire());
        case 1 -> peer.send(Messages.verack());
        default -> peer.send(Messages.ready());
      }
      subject.assertRejected(peer, "UNEXPECTED_MESSAGE");
    }
    ScriptedPeer twice = dial();
    twice.sendVersion(twice.self().toWire());
    twice.sendVersion(twice.self().toWire());
    subject.assertRejected(twice, "UNEXPECTED_MESSAGE");
  }

  @Test
  void aUserAgentOf200KilobytesIsRefusedUnread() {
    ScriptedPeer peer = dial();
    Subject.sendOrBeCutOff(
        peer,
        KaspadMessage.newBuilder()
            .setVersion(version(peer).setUserAgent("x".repeat(200_000)))
            .build());
    subject.assertDropped(peer, "violation.OVERSIZED_MESSAGE");
    ScriptedPeer longer = dial();
    longer.handshake(version(longer).setUserAgent("/y:1/".repeat(1_000) + "\n").build());
    // Its handshake may be over here before it is there.
    Await.until("the peer", SOON, () -> shownAgent().isPresent(), subject::logTail);
    String shown = shownAgent().orElseThrow();
    assertThat(shown).hasSizeLessThanOrEqualTo(256).doesNotContain("\n");
  }

  private static Optional<String> shownAgent() {
    return subject.node().get("peers").findValuesAsText("userAgent").stream()
        .filter(agent -> agent.contains("/y:1/"))
        .findFirst();
  }

  @Test
  void malformedIdsAndAddressesAreRefused() {
    NetAddress.Builder fiveBytes =
        NetAddress.newBuilder().setIp(ByteString.copyFrom(new byte[5])).setPort(1);
    NetAddress.Builder highPort =
        NetAddress.newBuilder().setIp(ByteString.copyFrom(new byte[4])).setPort(65_536);
    for (int kind = 0; kind < 4; kind++) {
      ScriptedPeer peer = dial();
      VersionMessage.Builder version = version(peer);
      switch (kind) {
        case 0 -> version.setId(ByteString.copyFrom(new byte[15]));
        case 1 -> version.clearId();
        case 2 -> version.setAddress(fiveBytes);
        default -> version.setAddress(highPort);
      }
      peer.sendVersion(version.build());
      peer.send(Messages.verack());
      subject.assertRejected(peer, "INVALID_VERSION_MESSAGE");
    }
  }

  // --- banned ---------------------------------------------------------------------------------

  private static void ban(Subject of, String address) {
    of.node().change("POST", "bans", "{\"address\":\"" + address + "\",\"reason\":\"test\"}");
  }

  @Test
  void aBannedAddressIsRefusedAtAcceptAlsoAfterARestartUntilUnbanned() {
    Path own = folder.resolve("restarted");
    PeerOptions banned = PeerOptions.DEFAULT.withSource(PeerLab.loopback(66));
    try (Subject first = Subject.start(own)) {
      ban(first, "127.0.0.66");
      first.assertRefusedAtAccept(banned);
      first.assertResponsive();
      first.node().kill();
    }
    try (Subject second = Subject.start(own)) {
      assertThat(second.node().get("bans").findValuesAsText("address"))
          .containsExactly("127.0.0.66");
      second.assertRefusedAtAccept(banned);
      second.node().change("DELETE", "bans?address=127.0.0.66", "");
      second.lab().join(second.address(), banned).expectPong(SOON);
      assertThat(second.node().get("bans")).isEmpty();
    }
  }

  @Test
  void aBanEndsAHandshakeUnderWayAndWhoeverIsConnected() {
    PeerOptions options = PeerOptions.DEFAULT.withSource(PeerLab.loopback(67));
    ScriptedPeer ready = subject.lab().join(subject.address(), options);
    ScriptedPeer shaking = afterVersion(subject.lab().dial(subject.address(), options));
    shaking.expect(PayloadCase.VERACK, SOON);
    ban(subject, "127.0.0.67");
    ready.expectEnd(SOON);
    shaking.expectEnd(SOON);
    Await.until("departures", SOON, () -> !subject.isConnected(ready), subject::logTail);
    assertThat(subject.departure(ready).get("reason").asText())
        .isEqualTo(subject.departure(shaking).get("reason").asText());
    subject.node().change("DELETE", "bans?address=127.0.0.67", "");
  }
}
