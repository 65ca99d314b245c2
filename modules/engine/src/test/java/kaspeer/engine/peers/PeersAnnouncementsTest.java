package kaspeer.engine.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kaspeer.engine.peer.FakeLink;
import kaspeer.engine.peer.PeerAnnouncements;
import kaspeer.engine.peer.Say;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which peers hear of blocks, of the sink and of transactions, and when. */
@Timeout(300)
final class PeersAnnouncementsTest {
  private final PeersRig peers = new PeersRig();

  @AfterEach
  void stop() {
    peers.close();
  }

  @Test
  void blocksAreAnnouncedToAllButTheirOrigin() throws InterruptedException {
    FakeLink first = peers.connect(1, "20.1.1.1");
    FakeLink second = peers.connect(2, "21.1.1.1");
    peers.blockAdded(1, true);
    second.expectSent(PayloadCase.INV_RELAY_BLOCK);
    peers.blockAdded(1, false);
    peers.settle();
    assertThat(first.allSent()).isEmpty();
    assertThat(second.allSent()).isEmpty();
  }

  @Test
  void aSinkAtRestIsAnnouncedOnceToThoseWhoDoNotKnowOfIt() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    peers.sinkMoves(0);
    peers.time.timePasses(Duration.ofSeconds(10));
    peers.settle();
    assertThat(link.allSent()).isEmpty();

    peers.sinkMoves(1);
    peers.time.timePasses(Duration.ofSeconds(2));
    peers.sinkMoves(2);
    peers.time.timePasses(Duration.ofSeconds(2));
    peers.settle();
    assertThat(link.allSent()).isEmpty();

    peers.time.timePasses(Duration.ofSeconds(2));
    link.expectSent(PayloadCase.INV_RELAY_BLOCK);
    peers.sinkMoves(2);
    peers.time.timePasses(Duration.ofSeconds(10));
    peers.settle();
    assertThat(link.allSent()).isEmpty();
  }

  @Test
  void transactionsAreAnnouncedTogetherAfterARealHalfSecond() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    peers.actor.tell(new PeersCommand.Announce(List.of(Say.hash(1)), false));
    peers.actor.tell(new PeersCommand.Announce(List.of(Say.hash(2), Say.hash(1)), false));
    peers.settle();
    peers.time.timePasses(Duration.ofMillis(499));
    peers.settle();
    assertThat(link.allSent()).isEmpty();
    peers.time.timePasses(Duration.ofMillis(1));
    assertThat(link.expectSent(PayloadCase.INV_TRANSACTIONS).size())
        .isEqualTo(PeerAnnouncements.ofTransactions(List.of(Say.hash(1), Say.hash(2))).size());
    assertThat(link.allSent()).isEmpty();
  }

  @Test
  void whatPeersMayHaveForgottenIsAnnouncedToThemAgain() throws InterruptedException {
    FakeLink link = peers.connect(1, "20.1.1.1");
    for (boolean again : new boolean[] {false, false, true}) {
      peers.actor.tell(new PeersCommand.Announce(List.of(Say.hash(1)), again));
      peers.settle();
      peers.time.timePasses(Duration.ofMillis(500));
    }
    link.expectSent(PayloadCase.INV_TRANSACTIONS);
    link.expectSent(PayloadCase.INV_TRANSACTIONS);
    peers.settle();
    assertThat(link.allSent()).isEmpty();
  }
}
