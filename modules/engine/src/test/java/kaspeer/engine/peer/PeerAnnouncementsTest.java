package kaspeer.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import kaspeer.engine.relay.RelayActor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.primitives.Hash;
import kaspeer.transport.Direction;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class PeerAnnouncementsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final ProbeFlow sink =
      ProbeFlow.ready(
          "sink",
          Set.of(),
          OnFailure.END_PEER,
          new Inbox(
              "in",
              Set.of(PayloadCase.INV_RELAY_BLOCK, PayloadCase.INV_TRANSACTIONS),
              false,
              100,
              1 << 20,
              Overflow.DROP));
  private final SupervisorRig rig = new SupervisorRig(KIT, 1 << 20, List.of(sink));
  private final FakeLink link = new FakeLink(3, Direction.OUTBOUND, "20.1.1.1");

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static void announce(ActorRef<PeerCommand> supervisor, int block) {
    Hash hash = Say.hash(block);
    supervisor.tell(new PeerCommand.AnnounceBlock(hash, PeerAnnouncements.ofBlock(hash)));
  }

  private static void announceTransactions(ActorRef<PeerCommand> supervisor, Hash... ids) {
    supervisor.tell(
        new PeerCommand.AnnounceTransactions(
            List.of(ids), PeerAnnouncements.ofTransactions(List.of(ids)), false));
  }

  private void receive(kaspeer.wire.proto.KaspadMessage message) throws InterruptedException {
    sink.run(flow -> flow.pull("in"));
    link.receive(message);
    sink.expectReceived(message.getPayloadCase());
  }

  @Test
  void aBlockIsAnnouncedOnce() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    announce(supervisor, 1);
    announce(supervisor, 1);
    announce(supervisor, 2);
    link.expectSent(PayloadCase.INV_RELAY_BLOCK);
    link.expectSent(PayloadCase.INV_RELAY_BLOCK);
    TestProbe<PeerReport> fence = KIT.createTestProbe();
    supervisor.tell(new PeerCommand.Report(fence.getRef()));
    fence.receiveMessage();
    rig.sanctions.expectNoMessage(Duration.ZERO);
    assertThat(link.allSent()).isEmpty();
    assertThat(rig.counted("kaspeer_relay_announcements_skipped_total")).isEqualTo(1);
  }

  @Test
  void whatThePeerAnnouncedItselfIsNotAnnouncedToIt() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.ready(link);
    receive(Say.inv(Say.hash(1)));
    receive(Say.invTransactions(Say.hash(5), Say.hash(6)));
    announce(supervisor, 1);
    announceTransactions(supervisor, Say.hash(5), Say.hash(6));
    announceTransactions(supervisor, Say.hash(5), Say.hash(7));
    int size = link.expectSent(PayloadCase.INV_TRANSACTIONS).size();
    assertThat(size).isEqualTo(PeerAnnouncements.ofTransactions(List.of(Say.hash(7))).size());
    assertThat(link.allSent()).isEmpty();
  }

  @Test
  void nothingIsAnnouncedBeforeThePeerIsReady() throws InterruptedException {
    ActorRef<PeerCommand> supervisor = rig.connect(link, false);
    announce(supervisor, 1);
    rig.shakeHands(link, false);
    announce(supervisor, 2);
    link.expectSent(PayloadCase.INV_RELAY_BLOCK);
    assertThat(link.allSent()).isEmpty();
  }

  @Test
  void theRelayKnowsThePeerBeforeItsFlowsStart() throws InterruptedException {
    rig.ready(link);
    sink.expectStarted();
    assertThat(rig.relay.expectMessageClass(RelayActor.Joined.class))
        .isEqualTo(new RelayActor.Joined(3, true));
  }
}
