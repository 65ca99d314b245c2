package kaspeer.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class OutboundLanesTest {
  private static final List<Lane> LANES = List.of(Lane.values());
  private static final TransportOptions OPTIONS =
      TransportOptions.DEFAULT.toBuilder().lanes(100, 100, 100).build();

  private static OutboundLanes.Entry entry(long nonce) {
    return new OutboundLanes.Entry(Net.ping(nonce), null);
  }

  @Test
  void controlGoesFirstAndTheOthersTakeTurns() {
    OutboundLanes lanes = new OutboundLanes(TransportOptions.DEFAULT);
    OutboundLanes.Entry[] entries = new OutboundLanes.Entry[8];
    for (int i = 0; i < 8; i++) {
      entries[i] = entry(i);
    }
    for (int i = 0; i < 3; i++) {
      lanes.offer(Lane.ANSWER, entries[i]);
      lanes.offer(Lane.ANNOUNCEMENT, entries[3 + i]);
    }
    lanes.offer(Lane.CONTROL, entries[6]);
    lanes.offer(Lane.CONTROL, entries[7]);
    List<OutboundLanes.Entry> order = new ArrayList<>();
    for (OutboundLanes.Entry next = lanes.poll(); next != null; next = lanes.poll()) {
      order.add(next);
    }
    assertThat(order)
        .containsExactly(
            entries[6],
            entries[7],
            entries[3],
            entries[0],
            entries[4],
            entries[1],
            entries[5],
            entries[2]);
    assertThat(lanes.isEmpty()).isTrue();
  }

  @Test
  void aFrameLargerThanItsLaneWaitsAlone() {
    OutboundLanes lanes = new OutboundLanes(OPTIONS);
    OutboundLanes.Entry large = new OutboundLanes.Entry(Net.inv(100), null);
    assertThat(lanes.offer(Lane.ANSWER, large)).isEqualTo(SendResult.SENT);
    assertThat(lanes.offer(Lane.ANSWER, entry(1))).isEqualTo(SendResult.OVERFLOW);
    assertThat(lanes.offer(Lane.CONTROL, entry(1))).isEqualTo(SendResult.SENT);
    assertThat(lanes.dropped()).isEqualTo(1);
    lanes.poll();
    assertThat(lanes.poll()).isEqualTo(large);
    assertThat(lanes.offer(Lane.ANSWER, entry(1))).isEqualTo(SendResult.SENT);
  }

  @Test
  void closedLanesKeepWhatIsInTheControlLaneAndTheLastWord() {
    OutboundLanes lanes = new OutboundLanes(OPTIONS);
    OutboundLanes.Entry control = entry(1);
    OutboundLanes.Entry answer = entry(2);
    lanes.offer(Lane.CONTROL, control);
    lanes.offer(Lane.ANSWER, answer);
    OutboundFrame last = OutboundFrame.reject("over");
    assertThat(lanes.close(last)).containsExactly(answer);
    assertThat(lanes.offer(Lane.CONTROL, entry(3))).isEqualTo(SendResult.CLOSED);
    assertThat(lanes.poll()).isEqualTo(control);
    assertThat(lanes.poll()).isEqualTo(new OutboundLanes.Entry(last, null));
    assertThat(lanes.poll()).isNull();
  }

  @Property(tries = 200)
  void bytesAreThoseOfWhatWaits(@ForAll long seed) {
    Random random = new Random(seed);
    OutboundLanes lanes = new OutboundLanes(OPTIONS);
    Map<Lane, Deque<OutboundFrame>> model = new EnumMap<>(Lane.class);
    for (Lane lane : Lane.values()) {
      model.put(lane, new ArrayDeque<>());
    }
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(3) > 0) {
        Lane lane = LANES.get(random.nextInt(3));
        OutboundFrame frame = Net.ping(random.nextInt(2) == 0 ? 1 : -1);
        long waiting = bytes(model, lane);
        boolean fits = waiting == 0 || waiting + frame.size() <= 100;
        assertThat(lanes.offer(lane, new OutboundLanes.Entry(frame, null)))
            .isEqualTo(fits ? SendResult.SENT : SendResult.OVERFLOW);
        if (fits) {
          queue(model, lane).add(frame);
        }
      } else {
        OutboundLanes.Entry entry = lanes.poll();
        boolean known =
            entry == null
                ? model.values().stream().allMatch(Deque::isEmpty)
                : model.values().stream()
                    .anyMatch(queue -> queue.peek() == entry.frame() && queue.poll() != null);
        assertThat(known).isTrue();
      }
      for (Lane lane : Lane.values()) {
        assertThat(lanes.bytes(lane)).isEqualTo(bytes(model, lane));
      }
    }
  }

  private static Deque<OutboundFrame> queue(Map<Lane, Deque<OutboundFrame>> model, Lane lane) {
    return Objects.requireNonNull(model.get(lane));
  }

  private static long bytes(Map<Lane, Deque<OutboundFrame>> model, Lane lane) {
    return queue(model, lane).stream().mapToLong(OutboundFrame::size).sum();
  }
}
