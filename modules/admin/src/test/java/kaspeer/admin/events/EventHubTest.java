package kaspeer.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.admin.AdminReply;
import kaspeer.admin.FakeEngine;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.mempool.Mempool;
import org.junit.jupiter.api.Test;

class EventHubTest {
  private final EventHub hub =
      new EventHub(
          InstantSource.fixed(FakeEngine.NOW), FakeEngine.snapshot(FakeEngine.GENESIS.hash()));
  private final EventBuffer buffer = new EventBuffer(1 << 20, Set.of());

  @Test
  void onlyAChangeOfTheSinkIsAnEvent() throws InterruptedException {
    hub.add(buffer);
    hub.publish(state(FakeEngine.GENESIS.hash()));
    hub.publish(state(FakeEngine.UNKNOWN));
    hub.publish(state(FakeEngine.UNKNOWN));
    var event = buffer.poll(Duration.ZERO);
    assertThat(event).isPresent();
    assertThat(event.get())
        .isInstanceOfSatisfying(
            AdminEvent.SinkChanged.class,
            changed -> assertThat(changed.sink().hash()).isEqualTo(FakeEngine.UNKNOWN));
    assertThat(buffer.poll(Duration.ZERO))
        .contains(new AdminEvent.VirtualChanged(FakeEngine.NOW, List.of(FakeEngine.UNKNOWN), 44));
    assertThat(buffer.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void aVirtualBlockWithAnotherScoreIsAnEventWithoutAnotherSink() throws InterruptedException {
    hub.add(buffer);
    hub.publish(
        new NodeEvent.Dag(
            new DagEvent.StateChanged(FakeEngine.snapshot(FakeEngine.GENESIS.hash(), 45))));
    assertThat(buffer.poll(Duration.ZERO))
        .contains(
            new AdminEvent.VirtualChanged(FakeEngine.NOW, List.of(FakeEngine.GENESIS.hash()), 45));
    assertThat(buffer.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void onlyAChangeOfTheMempoolIsAnEvent() throws InterruptedException {
    hub.add(buffer);
    hub.publish(mempool(3));
    hub.publish(mempool(3));
    hub.publish(mempool(4));
    for (int transactions : new int[] {3, 4}) {
      assertThat(buffer.poll(Duration.ZERO))
          .contains(new AdminEvent.MempoolChanged(FakeEngine.NOW, mempool(transactions)));
    }
    assertThat(buffer.poll(Duration.ZERO)).isEmpty();
    assertThat(hub.isWanted(AdminEvent.Type.MEMPOOL_CHANGED)).isTrue();
    buffer.close();
    assertThat(hub.isWanted(AdminEvent.Type.MEMPOOL_CHANGED)).isFalse();
  }

  private static Mempool.Info mempool(int transactions) {
    Mempool.FeeBucket bucket = new Mempool.FeeBucket(1, 1);
    return new Mempool.Info(
        transactions,
        100,
        10,
        1000,
        1,
        1,
        0,
        0,
        new Mempool.FeeEstimate(bucket, List.of(bucket), List.of(bucket)),
        Map.of());
  }

  @Test
  void theLeaderOfTheSyncIsNamedAsPeersAreShown() throws InterruptedException {
    SyncStatus led = new SyncStatus(SyncStatus.State.SYNCING, 7L, "headers", 0.5, 1, 1, 0);
    hub.noteConnected(List.of(FakeEngine.peer().info()));
    hub.add(buffer);
    hub.publish(new NodeEvent.SyncChanged(led));
    hub.publish(new NodeEvent.PeerDisconnected(FakeEngine.peer().info(), "link-lost", ""));
    hub.publish(new NodeEvent.SyncChanged(led));
    assertThat(buffer.poll(Duration.ZERO))
        .contains(new AdminEvent.SyncChanged(FakeEngine.NOW, led, FakeEngine.PEER_ID.toString()));
    buffer.poll(Duration.ZERO);
    assertThat(buffer.poll(Duration.ZERO))
        .as("one that is gone has only the number of its connection")
        .contains(new AdminEvent.SyncChanged(FakeEngine.NOW, led, "7"));
  }

  @Test
  void anAddedBlockIsShownWithItsPlaceAndOrigin() throws InterruptedException {
    hub.add(buffer);
    hub.publish(
        new NodeEvent.Dag(new DagEvent.BlockAdded(FakeEngine.GENESIS.header(), 1, 7, true)));
    var event = buffer.poll(Duration.ZERO);
    assertThat(event).isPresent();
    assertThat(event.get())
        .isInstanceOfSatisfying(
            AdminEvent.BlockAdded.class,
            added -> {
              assertThat(added.hash()).isEqualTo(FakeEngine.GENESIS.hash());
              assertThat(added.origin()).isEqualTo(7);
            });
  }

  @Test
  void whatHappensToTheSelectedChainIsShown() throws InterruptedException {
    hub.add(buffer);
    AcceptedBlock added =
        new AcceptedBlock(
            FakeEngine.UNKNOWN,
            List.of(new AcceptedBlock.Merged(FakeEngine.HEADER_ONLY, List.of(FakeEngine.UNKNOWN))));
    hub.publish(
        new NodeEvent.Dag(
            new DagEvent.ChainChanged(List.of(FakeEngine.HEADER_ONLY), List.of(added))));
    hub.publish(
        new NodeEvent.Dag(
            new DagEvent.BlockDisqualified(FakeEngine.UNKNOWN, "BAD_UTXO_COMMITMENT", "why")));
    hub.publish(new NodeEvent.Dag(new DagEvent.ChainStopped(FakeEngine.UNKNOWN, "zk")));
    hub.publish(new NodeEvent.Dag(new DagEvent.FinalityViolated(FakeEngine.UNKNOWN)));
    assertThat(buffer.poll(Duration.ZERO))
        .contains(
            new AdminEvent.ChainChanged(
                FakeEngine.NOW, List.of(FakeEngine.HEADER_ONLY), List.of(added)));
    assertThat(buffer.poll(Duration.ZERO))
        .contains(
            new AdminEvent.BlockDisqualified(
                FakeEngine.NOW, FakeEngine.UNKNOWN, "BAD_UTXO_COMMITMENT", "why"));
    assertThat(buffer.poll(Duration.ZERO))
        .contains(new AdminEvent.ChainStopped(FakeEngine.NOW, FakeEngine.UNKNOWN, "zk"));
    assertThat(buffer.poll(Duration.ZERO))
        .contains(new AdminEvent.FinalityViolated(FakeEngine.NOW, FakeEngine.UNKNOWN));
  }

  @Test
  void watchersAreLimitedAndThoseWhoLeftMakeRoom() {
    for (int i = 0; i < EventHub.MAX_WATCHERS; i++) {
      assertThat(hub.add(new EventBuffer(1, Set.of()))).isEqualTo(new AdminReply.Done());
    }
    assertThat(hub.add(buffer)).isInstanceOf(AdminReply.Unavailable.class);
    // Their buffers hold one event each: the second drops them all.
    hub.publish(new NodeEvent.Unbanned("a"));
    hub.publish(new NodeEvent.Unbanned("a"));
    assertThat(hub.add(buffer)).isEqualTo(new AdminReply.Done());
  }

  @Test
  void everyTypeOfEventIsListed() {
    assertThat(AdminEvent.TYPES)
        .hasSize(AdminEvent.class.getPermittedSubclasses().length)
        .doesNotHaveDuplicates();
  }

  private static NodeEvent state(kaspeer.primitives.Hash sink) {
    return new NodeEvent.Dag(new DagEvent.StateChanged(FakeEngine.snapshot(sink)));
  }
}
