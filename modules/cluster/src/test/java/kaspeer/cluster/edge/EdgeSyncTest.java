package kaspeer.cluster.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.PeerInfo.Direction;
import kaspeer.flow.peers.Sync;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EdgeSyncTest {
  private final ActorTestKit kit = ActorTestKit.create();
  private final List<InetSocketAddress> hints = new CopyOnWriteArrayList<>();
  private final ActorRef<Sync> sync = kit.spawn(EdgeSync.create(hints::add));
  private final TestProbe<Sync.Session> sessions = kit.createTestProbe();
  private final TestProbe<Sync.RetentionRoot> roots = kit.createTestProbe();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private static InetSocketAddress address(long number) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), (int) (16_000 + number));
  }

  private TestProbe<Sync.Directive> join(long number, Direction direction) {
    TestProbe<Sync.Directive> flow = kit.createTestProbe();
    PeerInfo info = PeerInfo.connecting(number, address(number), direction, false, Instant.EPOCH);
    sync.tell(new Sync.Joined(info, flow.getRef()));
    return flow;
  }

  private void offer(long number) {
    sync.tell(new Sync.Candidate(number, Params.of(Network.SIMNET).genesis().header()));
  }

  private void settle() {
    sync.tell(new Sync.GetSession(sessions.getRef()));
    assertThat(sessions.receiveMessage().running()).isFalse();
  }

  private void askForRoot(long number) {
    sync.tell(new Sync.GetRetentionRoot(number, roots.getRef()));
  }

  @Test
  void coresHearOfPeersThatCanBeDialled() {
    join(1, Direction.OUTBOUND);
    join(2, Direction.INBOUND);

    offer(2);
    offer(3);
    offer(1);
    settle();

    assertThat(hints).containsExactly(address(1));
  }

  @Test
  void aPeersOwnFlowTellsWhereItsHistoryBegins() {
    TestProbe<Sync.Directive> flow = join(2, Direction.INBOUND);

    askForRoot(2);

    assertThat(flow.receiveMessage())
        .isEqualTo(new Sync.Directive.TellRetentionRoot(roots.getRef()));
  }

  @Test
  void ofAPeerThatIsGoneNothingIsKept() {
    TestProbe<Sync.Directive> flow = join(1, Direction.OUTBOUND);
    flow.stop();
    // A question that is passed on to the flow as it ends stays without an answer.
    roots.awaitAssert(
        () -> {
          askForRoot(1);
          assertThat(roots.receiveMessage(Duration.ofMillis(200)))
              .isEqualTo(new Sync.RetentionRoot(Optional.empty()));
          return true;
        });

    offer(1);
    settle();

    assertThat(hints).isEmpty();
  }
}
