package kaspeer.engine.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import kaspeer.engine.catalogue.FillerFlow;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.Extension.Observe;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.PeerInfo;
import kaspeer.primitives.Hash;
import kaspeer.testkit.chain.TransactionDraft;
import kaspeer.testkit.peer.Messages;
import kaspeer.transport.InboundFrame;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

/** What may wait for a plug-in's flow, and when it is let go. */
final class BoundsTest {
  private static final FlowDescriptor DESCRIPTOR =
      FlowDescriptor.observing("sonar", Observe.of(PayloadCase.PING));

  private final PluginFlow flow =
      new PluginFlow(new FillerFlow(DESCRIPTOR), DESCRIPTOR, "sonar.jar", new Metrics());

  private static InboundFrame frame(KaspadMessage message) {
    return new InboundFrame(
        PayloadCatalogue.standard().of(message.getPayloadCase()),
        0,
        message.getResponseId(),
        message.toByteString(),
        ByteString.EMPTY,
        message.getSerializedSize(),
        100);
  }

  @Test
  void aGateLetsOneMessageInHoweverLargeAndThenWhatFits() {
    Gate gate = new Gate(flow, 2, 100);
    assertThat(gate.enter(1_000)).isTrue();
    assertThat(gate.enter(1)).isFalse();
    gate.leave(1_000);
    assertThat(gate.enter(60)).isTrue();
    assertThat(gate.enter(60)).isFalse();
    assertThat(gate.enter(40)).isTrue();
    assertThat(gate.enter(0)).as("a third").isFalse();
    assertThat(flow.waitingBytes()).isEqualTo(100);
    assertThat(gate.close()).isEqualTo(2);
    assertThat(gate.enter(1)).isFalse();
    assertThat(flow.waitingBytes()).as("still in the actor's mailbox").isEqualTo(100);
    gate.leave(60);
    assertThat(flow.waitingBytes()).isEqualTo(40);
    gate.settle();
    gate.settle();
    assertThat(flow.waitingBytes()).as("let go once").isZero();
  }

  @Test
  void allPeersTogetherHaveABoundToo() {
    int half = (int) Math.min(32L << 20, Runtime.getRuntime().maxMemory() / 64) + 1;
    Gate first = new Gate(flow, 10, Long.MAX_VALUE);
    Gate second = new Gate(flow, 10, Long.MAX_VALUE);
    assertThat(first.enter(half)).isTrue();
    assertThat(second.enter(half)).isFalse();
    first.leave(half);
    assertThat(second.enter(half)).isTrue();
  }

  @Test
  void whatCameForAPeerThatNeverGotReadyIsLetGo() {
    PeerInfo peer =
        PeerInfo.connecting(
            1,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            PeerInfo.Direction.INBOUND,
            false,
            Instant.EPOCH);
    PluginInstance instance = new PluginInstance(flow, peer);
    assertThat(instance.offer(Delivery.Kind.OBSERVED, frame(Messages.ping(1)), Instant.EPOCH, null))
        .isTrue();
    assertThat(flow.waitingBytes()).isPositive();
    instance.over(PluginInstance.State.FINISHED);
    assertThat(flow.waitingBytes()).isZero();
    assertThat(instance.offer(Delivery.Kind.OBSERVED, frame(Messages.ping(1)), Instant.EPOCH, null))
        .isFalse();
  }

  @Test
  void aRateHasSomethingInHandAndFillsUpAgain() {
    Rate rate = new Rate(10, 2, 0);
    assertThat(rate.take(1, 0)).isTrue();
    assertThat(rate.take(1, 0)).isTrue();
    assertThat(rate.take(1, 0)).isFalse();
    assertThat(rate.take(1, Duration.ofMillis(100).toNanos())).isTrue();
    assertThat(rate.take(3, Duration.ofHours(1).toNanos())).as("never more than that").isFalse();
  }

  @Test
  void aDroppedTransactionIsOneThatThePeerDidNotHave() {
    var transaction = TransactionDraft.spending(1).make();
    InboundFrame instead = Dropped.insteadOf(frame(Messages.transaction(transaction)));
    assertThat(instead).isNotNull();
    KaspadMessage heard = instead == null ? KaspadMessage.getDefaultInstance() : instead.message();
    assertThat(Hash.of(heard.getTransactionNotFound().getId().getBytes().toByteArray()))
        .isEqualTo(transaction.id());
    assertThat(Dropped.insteadOf(frame(Messages.ping(1)))).isNull();
  }

  @Test
  void anInterceptorThatIsLateAgainAndAgainIsPassedByForAWhile() {
    FlowHealth health = flow.health();
    long now = 1_000;
    for (int i = 1; i < FlowHealth.MAX_LATE; i++) {
      health.late(now);
    }
    health.decided(FlowHealth.Event.PASSED);
    health.late(now);
    assertThat(health.isBypassed(now)).as("not in a row").isFalse();
    for (int i = 1; i < FlowHealth.MAX_LATE; i++) {
      health.late(now);
    }
    assertThat(health.isBypassed(now)).isTrue();
    long later = now + FlowHealth.BYPASS.toNanos();
    assertThat(health.isBypassed(later)).isFalse();
    health.late(later);
    assertThat(health.isBypassed(later)).as("still late").isTrue();
  }

  @Test
  void noMoreMayWaitThanTheMailboxHolds() {
    Set<PayloadCase> pings = Set.of(PayloadCase.PING);
    assertThat(new Observe(pings, 4_096, 1).maxMessages()).isEqualTo(4_096);
    assertThatThrownBy(() -> new Observe(pings, 4_097, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4096");
  }

  @Test
  void aGaugeTakesNoNameThatIsTaken() {
    EngineTelemetry telemetry = new EngineTelemetry(flow, new Metrics(), _ -> {});
    telemetry.spans("echo", "Round trips.");
    assertThatThrownBy(() -> telemetry.gauge("echo_seconds", "The last one.", "peer"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(telemetry.gauge("depth", "What waits.", "peer"))
        .isSameAs(telemetry.gauge("depth", "What waits.", "peer"));
  }

  @Test
  void failuresAreForgottenAfterAMinute() {
    FlowHealth health = flow.health();
    String cause = "ouch";
    long now = 0;
    for (int i = 0; i < FlowHealth.MAX_FAILURES; i++) {
      assertThat(health.failed(cause, now)).isTrue();
    }
    now += FlowHealth.WITHIN.toNanos() + 1;
    assertThat(health.failed(cause, now)).isTrue();
    for (int i = 1; i < FlowHealth.MAX_FAILURES; i++) {
      assertThat(health.failed(cause, now)).isTrue();
    }
    assertThat(health.failed(cause, now)).isFalse();
    assertThat(health.report().state()).isEqualTo("disabled");
    assertThat(health.report().detail()).contains("ouch");
  }
}
