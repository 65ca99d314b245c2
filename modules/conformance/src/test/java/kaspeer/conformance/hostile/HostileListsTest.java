package kaspeer.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lists of ids as long as they may be, from many peers at once: their objects take three times
 * their bytes, and together more than the node's heap.
 */
class HostileListsTest {
  private static final int PEERS = 30;
  private static final int LISTS = 5;
  private static final int ANNOUNCERS = 12;
  private static final int DIFFERENT = 6;

  @TempDir private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private Subject subject;

  @BeforeEach
  void start() {
    subject = Subject.start(folder.resolve("node"));
  }

  @AfterEach
  void stop() {
    subject.close();
  }

  private static List<Hash> ids(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return Stream.generate(
            () ->
                Hash.ofWords(
                    random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()))
        .limit(WireLimits.MAX_TRANSACTION_IDS)
        .toList();
  }

  @Test
  void requestsOfAllIdsByPeersThatReadNothingLeaveTheNodeWell() {
    byte[] bytes = Messages.requestTransactions(ids(3)).toByteArray();
    List<ScriptedPeer> peers = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      ScriptedPeer peer = join(100 + i);
      peer.reading(false);
      peers.add(peer);
    }
    peers.forEach(peer -> sendAgainAndAgain(peer, bytes));
    // While they send, and once all that can come has.
    for (int i = 0; i < 20; i++) {
      subject.assertResponsive();
    }
    peers.forEach(ScriptedPeer::close);
    subject.assertHeapIsBack();
  }

  private ScriptedPeer join(int number) {
    return subject
        .lab()
        .join(subject.address(), PeerOptions.DEFAULT.withSource(PeerLab.loopback(number)));
  }

  private static void sendAgainAndAgain(ScriptedPeer peer, byte[] bytes) {
    Thread.startVirtualThread(
        () -> {
          try {
            for (int i = 0; i < LISTS; i++) {
              peer.sendBytes(bytes);
            }
          } catch (UncheckedIOException e) {
            // The node has ended it, or this test has: it sends no more.
            assertThat(peer.standing()).isNotNull();
          }
        });
  }

  /** Some announce what others do, some what nobody else does; none of it ever comes. */
  @Test
  void announcementsByPeersThatNeverPayForThemLeaveTheNodeWell() {
    subject.bringToTip();
    List<byte[]> lists =
        IntStream.range(0, DIFFERENT)
            .mapToObj(seed -> Messages.invTransactions(ids(seed)).toByteArray())
            .toList();
    List<ScriptedPeer> peers = new ArrayList<>();
    for (int i = 0; i < ANNOUNCERS; i++) {
      peers.add(join(200 + i).ignore(PayloadCase.REQUEST_TRANSACTIONS));
    }
    for (int i = 0; i < ANNOUNCERS; i++) {
      sendAgainAndAgain(peers.get(i), lists.get(i % DIFFERENT));
    }
    for (int i = 0; i < 20; i++) {
      subject.assertResponsive();
    }
    Await.until(
        "somebody is asked",
        Subject.SOON,
        () -> peers.stream().anyMatch(p -> p.heard(PayloadCase.REQUEST_TRANSACTIONS) > 0),
        subject::logTail);
    // Whoever announces one is asked for it, and at once.
    try (ScriptedPeer other = subject.join()) {
      Hash id = Hash.ofWords(4, 4, 4, 4);
      other.send(Messages.invTransactions(List.of(id)));
      KaspadMessage request = other.expect(PayloadCase.REQUEST_TRANSACTIONS, Subject.SOON);
      assertThat(request.getRequestTransactions().getIdsList())
          .containsExactly(Hashes.toWireId(id));
      other.send(Messages.transactionNotFound(id));
      other.expectPong(Subject.SOON);
    }
    peers.forEach(ScriptedPeer::close);
    subject.assertHeapIsBack();
  }
}
