package kaspeer.transport;

import static kaspeer.transport.Net.end;
import static kaspeer.transport.Net.inv;
import static kaspeer.transport.Net.next;
import static kaspeer.transport.Net.ping;
import static kaspeer.transport.Net.read;
import static kaspeer.transport.Net.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.junit.jupiter.api.Test;

/** What all peers together may hold, and who pays when it is too much. */
class ProcessBudgetTest {
  private final List<String> ended = new ArrayList<>();

  private Holding holder(ProcessBudget budget, String name) {
    return new Holding(budget, () -> ended.add(name));
  }

  @Test
  void whoHoldsMostIsEndedAndNotWhoAddsLast() {
    ProcessBudget budget = new ProcessBudget(1_000);
    Holding greedy = holder(budget, "greedy");
    Holding honest = holder(budget, "honest");
    greedy.take(950);
    honest.take(40);
    honest.take(40);
    assertThat(ended).containsExactly("greedy");
    assertThat(budget.held()).isEqualTo(80);
    // What the ended one gives back later was written off.
    greedy.give(950);
    assertThat(budget.held()).isEqualTo(80);
  }

  @Test
  void ofSeveralThatHoldMuchTheOneEndsThatGaveNothingBackForLongest() {
    ProcessBudget budget = new ProcessBudget(1_000);
    Holding still = holder(budget, "still");
    Holding busy = holder(budget, "busy");
    still.take(300);
    busy.take(500);
    busy.give(100);
    Holding late = holder(budget, "late");
    late.take(400);
    assertThat(ended).containsExactly("still");
    assertThat(budget.held()).isEqualTo(800);
  }

  @Test
  void fromHalfTheLimitOnWhoHoldsMoreThanItsShareWaits() {
    ProcessBudget budget = new ProcessBudget(64 << 20);
    Holding large = holder(budget, "large");
    large.take(20 << 20);
    assertThat(budget.isCrowdedBy(large.held())).as("there is room").isFalse();
    Holding small = holder(budget, "small");
    small.take(13 << 20);
    assertThat(budget.isCrowdedBy(large.held())).isTrue();
    assertThat(budget.isCrowdedBy(small.held())).as("less than half of half").isFalse();
    assertThat(budget.isCrowdedBy(ProcessBudget.FLOOR)).as("little").isFalse();
    large.give(2 << 20);
    assertThat(budget.isCrowdedBy(large.held())).as("room again").isFalse();
  }

  @Test
  void aGreedyPeerIsEndedWhenAnHonestOneNeedsTheRoom() {
    TransportOptions tight =
        Net.QUICK.toBuilder().processBytes(1 << 20).inbound(64, 64 << 20).build();
    try (Net net = new Net(tight)) {
      Net.Pair greedy = net.connect().ready();
      Net.Pair honest = net.connect().ready();
      OutboundFrame large = inv(10_000);
      greedy.ours().send(large, TrafficClass.ANSWER);
      next(read(greedy.theirs()));
      // Only now the others: three unread are more than the limit.
      for (int i = 0; i < 2; i++) {
        greedy.ours().send(large, TrafficClass.ANSWER);
      }
      until("much is held", () -> net.transport.heldBytes() >= 2L * large.size());
      SinkQueueWithCancel<InboundFrame> frames = read(honest.theirs());
      OutboundFrame small = inv(1_000);
      for (int i = 0; i < 50; i++) {
        honest.ours().send(small, TrafficClass.ANSWER);
        assertThat(next(frames).bytes()).isEqualTo(small.size());
      }
      // As the greedy one sends on, the honest one is served.
      for (int i = 0; i < 3; i++) {
        greedy.ours().send(large, TrafficClass.ANSWER);
      }
      assertThat(end(greedy.theirs())).isInstanceOf(LinkEnd.Congested.class);
      honest.ours().send(ping(5), TrafficClass.CONTROL);
      assertThat(next(frames).message().getPing().getNonce()).isEqualTo(5);
      assertThat(honest.theirs().whenEnded().toCompletableFuture()).isNotDone();
    }
  }
}
