package kaspeer.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import kaspeer.primitives.Hash;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.WireLimits;
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

  private static List<Hash> ids() {
    SplittableRandom random = new SplittableRandom(3);
    return Stream.generate(
            () ->
                Hash.ofWords(
                    random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()))
        .limit(WireLimits.MAX_TRANSACTION_IDS)
        .toList();
  }

  @Test
  void requestsOfAllIdsByPeersThatReadNothingLeaveTheNodeWell() {
    byte[] bytes = Messages.requestTransactions(ids()).toByteArray();
    List<ScriptedPeer> peers = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      ScriptedPeer peer =
          subject
              .lab()
              .dial(subject.address(), PeerOptions.DEFAULT.withSource(PeerLab.loopback(100 + i)));
      peer.handshake();
      peer.reading(false);
      peers.add(peer);
    }
    for (ScriptedPeer peer : peers) {
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
    // While they send, and once all that can come has.
    for (int i = 0; i < 20; i++) {
      subject.assertResponsive();
    }
    peers.forEach(ScriptedPeer::close);
    subject.assertHeapIsBack();
  }
}
