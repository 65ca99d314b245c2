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

class OutboundQueuesTest {
  private static final List<TrafficClass> CLASSES = List.of(TrafficClass.values());
  private static final TransportOptions OPTIONS =
      TransportOptions.DEFAULT.toBuilder().queueBytes(100, 100, 100).build();

  private static OutboundQueues.Entry entry(long nonce) {
    return new OutboundQueues.Entry(Net.ping(nonce), null);
  }

  @Test
  void controlGoesFirstAndTheOthersTakeTurns() {
    OutboundQueues queues = new OutboundQueues(TransportOptions.DEFAULT);
    OutboundQueues.Entry[] entries = new OutboundQueues.Entry[8];
    for (int i = 0; i < 8; i++) {
      entries[i] = entry(i);
    }
    for (int i = 0; i < 3; i++) {
      queues.offer(TrafficClass.ANSWER, entries[i]);
      queues.offer(TrafficClass.ANNOUNCEMENT, entries[3 + i]);
    }
    queues.offer(TrafficClass.CONTROL, entries[6]);
    queues.offer(TrafficClass.CONTROL, entries[7]);
    List<OutboundQueues.Entry> order = new ArrayList<>();
    for (OutboundQueues.Entry next = queues.poll(); next != null; next = queues.poll()) {
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
    assertThat(queues.isEmpty()).isTrue();
  }

  @Test
  void aFrameLargerThanItsQueueWaitsAlone() {
    OutboundQueues queues = new OutboundQueues(OPTIONS);
    OutboundQueues.Entry large = new OutboundQueues.Entry(Net.inv(100), null);
    assertThat(queues.offer(TrafficClass.ANSWER, large)).isEqualTo(SendResult.SENT);
    assertThat(queues.offer(TrafficClass.ANSWER, entry(1))).isEqualTo(SendResult.OVERFLOW);
    assertThat(queues.offer(TrafficClass.CONTROL, entry(1))).isEqualTo(SendResult.SENT);
    assertThat(queues.dropped()).isEqualTo(1);
    queues.poll();
    assertThat(queues.poll()).isEqualTo(large);
    assertThat(queues.offer(TrafficClass.ANSWER, entry(1))).isEqualTo(SendResult.SENT);
  }

  @Test
  void closedQueuesKeepWhatIsInTheControlQueueAndTheLastWord() {
    OutboundQueues queues = new OutboundQueues(OPTIONS);
    OutboundQueues.Entry control = entry(1);
    OutboundQueues.Entry answer = entry(2);
    queues.offer(TrafficClass.CONTROL, control);
    queues.offer(TrafficClass.ANSWER, answer);
    OutboundFrame last = OutboundFrame.reject("over");
    assertThat(queues.close(last)).containsExactly(answer);
    assertThat(queues.offer(TrafficClass.CONTROL, entry(3))).isEqualTo(SendResult.CLOSED);
    assertThat(queues.poll()).isEqualTo(control);
    assertThat(queues.poll()).isEqualTo(new OutboundQueues.Entry(last, null));
    assertThat(queues.poll()).isNull();
  }

  @Property(tries = 200)
  void bytesAreThoseOfWhatWaits(@ForAll long seed) {
    Random random = new Random(seed);
    OutboundQueues queues = new OutboundQueues(OPTIONS);
    Map<TrafficClass, Deque<OutboundFrame>> model = new EnumMap<>(TrafficClass.class);
    for (TrafficClass traffic : TrafficClass.values()) {
      model.put(traffic, new ArrayDeque<>());
    }
    for (int i = 0; i < 300; i++) {
      if (random.nextInt(3) > 0) {
        TrafficClass traffic = CLASSES.get(random.nextInt(3));
        OutboundFrame frame = Net.ping(random.nextInt(2) == 0 ? 1 : -1);
        long waiting = bytes(model, traffic);
        boolean fits = waiting == 0 || waiting + frame.size() <= 100;
        assertThat(queues.offer(traffic, new OutboundQueues.Entry(frame, null)))
            .isEqualTo(fits ? SendResult.SENT : SendResult.OVERFLOW);
        if (fits) {
          queue(model, traffic).add(frame);
        }
      } else {
        OutboundQueues.Entry entry = queues.poll();
        boolean known =
            entry == null
                ? model.values().stream().allMatch(Deque::isEmpty)
                : model.values().stream()
                    .anyMatch(queue -> queue.peek() == entry.frame() && queue.poll() != null);
        assertThat(known).isTrue();
      }
      for (TrafficClass traffic : TrafficClass.values()) {
        assertThat(queues.bytes(traffic)).isEqualTo(bytes(model, traffic));
      }
    }
  }

  private static Deque<OutboundFrame> queue(
      Map<TrafficClass, Deque<OutboundFrame>> model, TrafficClass traffic) {
    return Objects.requireNonNull(model.get(traffic));
  }

  private static long bytes(Map<TrafficClass, Deque<OutboundFrame>> model, TrafficClass traffic) {
    return queue(model, traffic).stream().mapToLong(OutboundFrame::size).sum();
  }
}
