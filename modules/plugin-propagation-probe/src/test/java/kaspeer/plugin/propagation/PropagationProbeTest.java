package kaspeer.plugin.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.RecordedTelemetry;
import kaspeer.testkit.peer.Messages;
import org.junit.jupiter.api.Test;

/** What the probe notes with one peer, and of what peers announce together. */
final class PropagationProbeTest {
  private static final Hash BLOCK = Hash.ofWords(1, 2, 3, 4);

  private static RecordedTelemetry.Event only(FlowHarness harness) {
    assertThat(harness.telemetry().events()).hasSize(1);
    return harness.telemetry().events().getFirst();
  }

  @Test
  void theFirstAnnouncementOfABlockIsAnEventWithItsTime() {
    try (FlowHarness harness = FlowHarness.of(new PropagationProbe()).start()) {
      harness.observe(Messages.inv(BLOCK));
      assertThat(harness.telemetry().value("firsts", "block")).isEqualTo(1);
      RecordedTelemetry.Event event = only(harness);
      assertThat(event.type()).isEqualTo("sighting");
      assertThat(event.fields())
          .containsEntry("kind", "block")
          .containsEntry("hash", BLOCK.toString())
          .containsEntry("connection", "7")
          .containsEntry("address", "203.0.113.9:16511")
          .containsEntry("seenAt", harness.now().toString())
          .containsEntry("lagMs", "0");
    }
  }

  @Test
  void aPeersSecondAnnouncementOfABlockIsNothing() {
    try (FlowHarness harness = FlowHarness.of(new PropagationProbe()).start()) {
      harness.observe(Messages.inv(BLOCK));
      harness.advance(Duration.ofSeconds(1));
      harness.observe(Messages.inv(BLOCK));
      only(harness);
      assertThat(harness.telemetry().measured("lag", "block")).isEmpty();
    }
  }

  @Test
  void everyTransactionOfAnAnnouncementIsCountedAndSomeAreEvents() {
    try (FlowHarness harness = FlowHarness.of(new PropagationProbe()).start()) {
      List<Hash> ids = LongStream.range(0, 200).mapToObj(i -> Hash.ofWords(9, 9, 9, i)).toList();
      harness.observe(Messages.invTransactions(ids));
      assertThat(harness.telemetry().value("firsts", "transaction")).isEqualTo(200);
      assertThat(harness.telemetry().events()).hasSize(PropagationProbe.TRANSACTION_EVENTS);
      harness.advance(Duration.ofSeconds(1));
      harness.observe(Messages.invTransactions(List.of(BLOCK)));
      assertThat(harness.telemetry().events()).hasSize(PropagationProbe.TRANSACTION_EVENTS + 1);
    }
  }

  @Test
  void aPeersLagIsShownWhileItIsConnected() {
    try (FlowHarness harness = FlowHarness.of(new PropagationProbe()).start()) {
      harness.observe(Messages.inv(BLOCK));
      assertThat(harness.telemetry().has("peer_lag_seconds", "7")).isTrue();
      harness.loseLink();
      assertThat(harness.telemetry().has("peer_lag_seconds", "7")).isFalse();
    }
  }

  @Test
  void aLagIsTheTimeSinceTheFirstPeerAndTheEldestIsForgotten() {
    Sightings sightings = new Sightings(2);
    Instant start = Instant.EPOCH;
    assertThat(sightings.note(BLOCK, 1, start))
        .isEqualTo(new Sightings.Sighting(Duration.ZERO, true));
    assertThat(sightings.note(BLOCK, 2, start.plusMillis(30)))
        .isEqualTo(new Sightings.Sighting(Duration.ofMillis(30), false));
    assertThat(sightings.note(BLOCK, 2, start.plusMillis(40))).isNull();
    sightings.note(Hash.ofWords(5, 0, 0, 0), 1, start);
    sightings.note(Hash.ofWords(6, 0, 0, 0), 1, start);
    assertThat(sightings.note(BLOCK, 2, start.plusMillis(50)))
        .as("remembered no more")
        .isEqualTo(new Sightings.Sighting(Duration.ZERO, true));
  }
}
