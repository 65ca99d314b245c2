package kaspeer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import kaspeer.engine.dial.DialPlan;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.peers.Peers.DialReply;
import kaspeer.engine.peers.Peers.LimitReply;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.Test;

/** Limits on connections that an operator changes while engines are connected. */
final class LiveLimitsTest {
  private static LimitReply set(TestEngine engine, Limit limit, int value) {
    return AskPattern.<Peers, LimitReply>ask(
            engine.engine().peers(),
            replyTo -> new Peers.SetLimit(limit, value, replyTo),
            TestEngine.SOON,
            engine.system().scheduler())
        .toCompletableFuture()
        .join();
  }

  @Test
  void aLowerLimitByAddressHoldsForTheNextConnection() {
    // Loopback counts like any address here.
    try (TestEngine host = TestEngine.start(builder -> builder.exemptFromCaps(_ -> false));
        TestEngine first = TestEngine.start();
        TestEngine second = TestEngine.start()) {
      assertThat(first.dial(host)).isInstanceOf(DialReply.Connected.class);
      assertThat(set(host, Limit.MAX_IN_PEERS_PER_IP, 1))
          .isEqualTo(new LimitReply.Changed(Limit.MAX_IN_PEERS_PER_IP, 8, 1, 0));
      assertThat(second.dial(host)).isInstanceOf(DialReply.Failed.class);
      assertThat(host.peers()).hasSize(1);
      set(host, Limit.MAX_IN_PEERS_PER_IP, 2);
      assertThat(second.dial(host)).isInstanceOf(DialReply.Connected.class);
    }
  }

  @Test
  void aLimitOfNoneLetsNobodyMoreIn() {
    try (TestEngine host = TestEngine.start();
        TestEngine other = TestEngine.start()) {
      assertThat(set(host, Limit.MAX_IN_PEERS, 0)).isInstanceOf(LimitReply.Changed.class);
      assertThat(other.dial(host)).isInstanceOf(DialReply.Failed.class);
    }
  }

  @Test
  void aLowerTargetDismissesTheYoungestOutboundPeersButNoPermanentOne() {
    DialPlan finds = new DialPlan(8, true, List.of(), List.of(), 1);
    try (TestEngine engine = TestEngine.start(builder -> builder.dialling(finds));
        TestEngine kept = TestEngine.start();
        TestEngine older = TestEngine.start();
        TestEngine younger = TestEngine.start()) {
      engine.dial(kept.address(), true);
      engine.dial(older);
      engine.dial(younger);
      assertThat(set(engine, Limit.OUT_PEERS, 2))
          .isEqualTo(new LimitReply.Changed(Limit.OUT_PEERS, 8, 2, 1));
      engine.await("one is gone", () -> engine.peers().size() == 2);
      List<InetSocketAddress> left = new ArrayList<>();
      engine.peers().forEach(peer -> left.add(peer.info().address()));
      assertThat(left).containsExactlyInAnyOrder(kept.address(), older.address());
    }
  }

  @Test
  void aChangeWithoutEffectIsRefused() {
    try (TestEngine engine = TestEngine.start()) {
      assertThat(set(engine, Limit.MAX_IN_PEERS, 128))
          .isEqualTo(new LimitReply.Refused("maxInPeers is 128 already"));
      assertThat(set(engine, Limit.MAX_IN_PEERS_PER_IP, 129))
          .isEqualTo(
              new LimitReply.Refused(
                  "maxInPeersPerIp 129 has no effect: maxInPeers is 128; raise that first"));
      assertThat(set(engine, Limit.MAX_IN_PEERS_PER_IP, 33))
          .isEqualTo(
              new LimitReply.Refused(
                  "maxInPeersPerIp 33 has no effect: maxInPeersPerPrefix is 32; raise that first"));
      assertThat(set(engine, Limit.MAX_PENDING_PER_IP, 9))
          .isEqualTo(
              new LimitReply.Refused(
                  "maxPendingPerIp 9 has no effect: maxInPeersPerIp is 8; raise that first"));
      assertThat(set(engine, Limit.OUT_PEERS, 3))
          .isEqualTo(
              new LimitReply.Refused("outPeers has no effect: this node dials named peers only"));
      assertThat(set(engine, Limit.MAX_PENDING, 0))
          .isEqualTo(new LimitReply.Refused("maxPending is 1 to 100000"));
    }
  }
}
