package kaspeer.admin.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventBufferTest {
  private static final AdminEvent EVENT = new AdminEvent.Unbanned(Instant.EPOCH, "10.0.0.1");
  private static final AdminEvent OTHER =
      new AdminEvent.Banned(Instant.EPOCH, "10.0.0.1", "score", Duration.ofHours(1));

  @Test
  void aFullBufferEndsItsWatcherWhoStillGetsWhatIsInIt() throws InterruptedException {
    EventBuffer buffer = new EventBuffer(2 * EVENT.weight(), Set.of());
    assertThat(buffer.offer(EVENT)).isTrue();
    assertThat(buffer.offer(EVENT)).isTrue();
    assertThat(buffer.offer(EVENT)).isFalse();
    assertThat(buffer.state()).isEqualTo(EventBuffer.State.OVERFLOWED);
    assertThat(buffer.isExhausted()).isFalse();
    assertThat(buffer.poll(Duration.ZERO)).contains(EVENT);
    assertThat(buffer.poll(Duration.ZERO)).contains(EVENT);
    assertThat(buffer.poll(Duration.ofSeconds(10))).isEmpty();
    assertThat(buffer.isExhausted()).isTrue();
  }

  @Test
  void unwantedTypesTakeNoRoom() throws InterruptedException {
    EventBuffer buffer = new EventBuffer(1, Set.of(AdminEvent.Type.BANNED));
    assertThat(buffer.offer(EVENT)).isTrue();
    assertThat(buffer.offer(EVENT)).isTrue();
    assertThat(buffer.offer(OTHER)).isTrue();
    assertThat(buffer.poll(Duration.ZERO)).contains(OTHER);
  }

  @Test
  void aClosedBufferWakesItsWatcherAndTakesNothingMore() throws InterruptedException {
    EventBuffer buffer = new EventBuffer(1, Set.of());
    Thread closer = Thread.ofVirtual().start(buffer::close);
    assertThat(buffer.poll(Duration.ofSeconds(30))).isEmpty();
    closer.join();
    assertThat(buffer.offer(EVENT)).isFalse();
    assertThat(buffer.isExhausted()).isTrue();
  }
}
