package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import kaspeer.admin.FakeEngine;
import kaspeer.admin.events.AdminEvent;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonTest {
  private static final Instant NOW = FakeEngine.NOW;
  private static final Hash HASH = FakeEngine.UNKNOWN;

  static Stream<AdminEvent> events() {
    Mempool.FeeBucket bucket = new Mempool.FeeBucket(1, 1);
    return Stream.of(
        new AdminEvent.BlockAdded(NOW, HASH, List.of(HASH), 1, 2, 3, 4, 5),
        new AdminEvent.SinkChanged(NOW, FakeEngine.snapshot(HASH).sink(), 1, 2),
        new AdminEvent.VirtualChanged(NOW, List.of(HASH), 3),
        new AdminEvent.ChainChanged(
            NOW,
            List.of(HASH),
            List.of(
                new AcceptedBlock(HASH, List.of(new AcceptedBlock.Merged(HASH, List.of(HASH)))))),
        new AdminEvent.BlockDisqualified(NOW, HASH, "BAD_UTXO_COMMITMENT", "why"),
        new AdminEvent.ChainStopped(NOW, HASH, "why"),
        new AdminEvent.FinalityViolated(NOW, HASH),
        new AdminEvent.PeerConnected(NOW, FakeEngine.peer().info()),
        new AdminEvent.PeerDisconnected(NOW, FakeEngine.peer().info(), "link-lost", ""),
        new AdminEvent.Banned(NOW, "10.0.0.1", "score", Duration.ofHours(1)),
        new AdminEvent.Unbanned(NOW, "10.0.0.1"),
        new AdminEvent.SyncChanged(NOW, SyncStatus.WAITING, null),
        new AdminEvent.FlowReported(NOW, "sonar", "seen", Map.of("hash", "00")),
        new AdminEvent.MempoolChanged(
            NOW,
            new Mempool.Info(
                1,
                100,
                10,
                1000,
                1,
                1,
                0,
                0,
                new Mempool.FeeEstimate(bucket, List.of(bucket), List.of(bucket)),
                Map.of())));
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventHasTheFormThatIsDescribed(AdminEvent event) {
    Schema schema = Objects.requireNonNull(EventJson.SCHEMAS.get(event.type()));
    assertThat(SchemaCheck.differences(schema, EventJson.event(event))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsCalledAsItsRecordIs(AdminEvent event) {
    assertThat(event.type().word())
        .isEqualToIgnoringCase(event.getClass().getSimpleName())
        .isEqualTo(EventJson.event(event).path("type").asText());
    assertThat(AdminEvent.Type.of(event.type().word())).contains(event.type());
  }

  @Test
  void everyTypeIsDescribedAndTried() {
    assertThat(EventJson.SCHEMAS).containsOnlyKeys(AdminEvent.Type.values());
    assertThat(events().map(AdminEvent::type)).containsExactlyInAnyOrder(AdminEvent.Type.values());
  }
}
