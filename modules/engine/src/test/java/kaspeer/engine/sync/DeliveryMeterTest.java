package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import kaspeer.flow.peers.Sync.Delivery;
import org.junit.jupiter.api.Test;

class DeliveryMeterTest {
  private static final Duration WINDOW = Duration.ofSeconds(30);

  private final DeliveryMeter meter = new DeliveryMeter();

  private void deliver(int items, Duration waited) {
    meter.delivered(new Delivery(items, items * 100L, waited), WINDOW);
  }

  @Test
  void nothing_is_known_of_a_peer_at_first() {
    assertThat(meter.isMeasured()).isFalse();
    assertThat(meter.itemsPerSecond()).isZero();
  }

  @Test
  void the_rate_is_items_for_the_time_waited() {
    for (int i = 0; i < 50; i++) {
      deliver(100, Duration.ofMillis(500));
    }

    assertThat(meter.itemsPerSecond()).isCloseTo(200, within(1.0));
  }

  @Test
  void the_rate_follows_what_happened_lately() {
    for (int i = 0; i < 50; i++) {
      deliver(1000, Duration.ofSeconds(1));
    }
    for (int i = 0; i < 60; i++) {
      deliver(10, Duration.ofSeconds(1));
    }

    assertThat(meter.itemsPerSecond()).isLessThan(50);
  }

  @Test
  void what_costs_no_waiting_is_fast_and_not_infinitely_so() {
    deliver(100, Duration.ZERO);

    assertThat(meter.itemsPerSecond()).isBetween(10_000.0, 1_000_000.0);
  }

  @Test
  void a_peer_is_judged_only_after_it_was_waited_for_long_enough() {
    deliver(1, Duration.ofSeconds(29));

    assertThat(meter.isBelow(600, WINDOW, Duration.ZERO)).isFalse();
    assertThat(meter.isBelow(600, WINDOW, Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void a_peer_that_delivers_the_floor_is_not_below_it() {
    for (int i = 0; i < 30; i++) {
      deliver(10, Duration.ofSeconds(1));
    }

    assertThat(meter.isBelow(600, WINDOW, Duration.ZERO)).isFalse();
  }

  @Test
  void an_old_window_of_good_deliveries_does_not_excuse_a_trickle() {
    deliver(1_000_000, Duration.ofSeconds(30));
    deliver(1, Duration.ofSeconds(20));

    assertThat(meter.isBelow(600, WINDOW, Duration.ofSeconds(10))).isTrue();
  }
}
