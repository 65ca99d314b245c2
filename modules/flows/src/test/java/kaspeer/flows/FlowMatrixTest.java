package kaspeer.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.PeerInfo.Direction;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.block.RelayBlockFlow;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.handshake.HandshakeFlow;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestAntipastMessage;
import kaspeer.wire.proto.RequestBlockBodiesMessage;
import kaspeer.wire.proto.RequestBlockLocatorMessage;
import kaspeer.wire.proto.RequestHeadersMessage;
import kaspeer.wire.proto.RequestIbdBlocksMessage;
import kaspeer.wire.proto.RequestIbdChainBlockLocatorMessage;
import kaspeer.wire.proto.VerackMessage;
import kaspeer.wire.proto.VersionMessage;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every built-in flow in every version of the protocol. */
class FlowMatrixTest {
  private static final kaspeer.wire.proto.Hash ONE = Hashes.toWire(Samples.hash(1));
  private static final kaspeer.wire.proto.Hash TWO = Hashes.toWire(Samples.hash(2));

  /** For each kind of request one that takes the shared actors to answer. */
  private static final Map<PayloadCase, KaspadMessage.Builder> REQUESTS =
      Map.of(
          PayloadCase.REQUEST_ADDRESSES,
          Samples.requestAddresses(),
          PayloadCase.REQUEST_RELAY_BLOCKS,
          Samples.requestBlocks(List.of(Samples.hash(1))),
          PayloadCase.REQUEST_TRANSACTIONS,
          Samples.requestTransactions(List.of(Samples.hash(1))),
          PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR,
          KaspadMessage.newBuilder()
              .setRequestIbdChainBlockLocator(
                  RequestIbdChainBlockLocatorMessage.getDefaultInstance()),
          PayloadCase.REQUEST_BLOCK_LOCATOR,
          KaspadMessage.newBuilder()
              .setRequestBlockLocator(RequestBlockLocatorMessage.newBuilder().setHighHash(ONE)),
          PayloadCase.REQUEST_HEADERS,
          KaspadMessage.newBuilder()
              .setRequestHeaders(
                  RequestHeadersMessage.newBuilder().setLowHash(ONE).setHighHash(TWO)),
          PayloadCase.REQUEST_ANTIPAST,
          KaspadMessage.newBuilder()
              .setRequestAntipast(
                  RequestAntipastMessage.newBuilder().setBlockHash(ONE).setContextHash(TWO)),
          PayloadCase.REQUEST_BLOCK_BODIES,
          KaspadMessage.newBuilder()
              .setRequestBlockBodies(RequestBlockBodiesMessage.newBuilder().addHashes(ONE)),
          PayloadCase.REQUEST_IBD_BLOCKS,
          KaspadMessage.newBuilder()
              .setRequestIbdBlocks(RequestIbdBlocksMessage.newBuilder().addHashes(ONE)));

  private static Stream<Arguments> everyFlowInEveryVersion() {
    return BuiltInFlows.all(Runnable::run).stream()
        .flatMap(
            flow ->
                IntStream.of(10, 11)
                    .mapToObj(version -> Arguments.of(named(flow, version), version)));
  }

  private static Named<FlowFactory<?>> named(FlowFactory<?> flow, int version) {
    return Named.of(flow.descriptor().name() + " in version " + version, flow);
  }

  /** Flows that serve requests, with the inbox that these wait in. */
  private static Stream<Arguments> everyServerInEveryVersion() {
    return everyFlowInEveryVersion()
        .filter(row -> requests(((Named<?>) row.get()[0]).getPayload()) != null);
  }

  private static @Nullable Inbox requests(Object flow) {
    return ((FlowFactory<?>) flow)
        .descriptor().inboxes().stream()
            .filter(inbox -> inbox.payloads().stream().anyMatch(REQUESTS::containsKey))
            .findFirst()
            .orElse(null);
  }

  private static FlowHarness start(FlowFactory<?> flow, int version) {
    FlowSetup setup = FlowHarness.of(flow);
    boolean handshake = flow.descriptor().phase() == Phase.HANDSHAKE;
    return (handshake ? setup : setup.version(version)).start();
  }

  private static void expectNotFinished(FlowHarness harness) {
    assertThatThrownBy(() -> harness.expectFinished(FlowOutcome.class))
        .hasMessageContaining("there was nothing");
  }

  @ParameterizedTest
  @MethodSource("everyFlowInEveryVersion")
  void a_flow_starts_in_each_version_that_it_declares(FlowFactory<?> flow, int version) {
    FlowDescriptor descriptor = flow.descriptor();
    assertThat(descriptor.versions().contains(version)).isTrue();
    assertThat(descriptor.versions().contains(9)).isFalse();
    try (FlowHarness harness = start(flow, version)) {
      harness.expectRunning().expectNoViolation();
      expectNotFinished(harness);
    }
  }

  @ParameterizedTest
  @MethodSource("everyFlowInEveryVersion")
  void a_message_of_another_flow_ends_the_peer(FlowFactory<?> flow, int version) {
    boolean takesPings =
        flow.descriptor().inboxes().stream()
            .anyMatch(inbox -> inbox.payloads().contains(PayloadCase.PING));
    try (FlowHarness harness = start(flow, version)) {
      harness.receive(takesPings ? Samples.requestAddresses() : Samples.ping(1));

      assertThat(harness.expectSanctioned(ViolationCode.UNEXPECTED_MESSAGE))
          .isNotInstanceOf(Sanction.Ignore.class);
    }
  }

  @ParameterizedTest
  @MethodSource("everyFlowInEveryVersion")
  void when_the_link_is_lost_a_flow_goes_without_a_word(FlowFactory<?> flow, int version) {
    Inbox requests = requests(flow);
    try (FlowHarness harness = start(flow, version).holdDeliveries()) {
      if (requests != null) {
        harness.receive(request(requests));
      }

      harness.loseLink();

      harness.expectStopped().expectNoViolation();
      expectNotFinished(harness);
    }
  }

  private static KaspadMessage request(Inbox inbox) {
    return inbox.payloads().stream()
        .map(REQUESTS::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow()
        .build();
  }

  @ParameterizedTest
  @MethodSource("everyServerInEveryVersion")
  void requests_beyond_a_full_inbox_have_the_declared_outcome(FlowFactory<?> flow, int version) {
    Inbox inbox = Objects.requireNonNull(requests(flow));
    try (FlowHarness harness = start(flow, version)) {
      // One is being worked on, for nobody answers here, and the others wait.
      for (int i = 0; i < inbox.maxMessages() + 1; i++) {
        harness.receive(request(inbox));
      }
      assertThat(harness.dropped()).isZero();

      if (inbox.overflow() == Overflow.DROP) {
        harness.receive(request(inbox));
        assertThat(harness.dropped()).isEqualTo(1);
      } else {
        assertThat(inbox.overflow()).isEqualTo(Overflow.BACKPRESSURE);
        assertThatThrownBy(() -> harness.receive(request(inbox)))
            .hasMessageContaining("would not read on");
      }
      harness.expectRunning().expectNoViolation();
      expectNotFinished(harness);
    }
  }

  // Answers: what overflows their inbox comes faster than the flow's actor runs.

  /** Flows that ask, with the inbox in which the answers wait. */
  private static Stream<Arguments> everyAskerInEveryVersion() {
    return everyFlowInEveryVersion()
        .filter(row -> answers(((Named<?>) row.get()[0]).getPayload()) != null);
  }

  private static @Nullable Inbox answers(Object flow) {
    FlowDescriptor descriptor = ((FlowFactory<?>) flow).descriptor();
    // That which refuses requests asks nothing, and no answer to it is legal.
    return descriptor.sends().isEmpty()
        ? null
        : descriptor.inboxes().stream().filter(Inbox::solicited).findFirst().orElse(null);
  }

  private static KaspadMessage.Builder empty(PayloadCase payload) {
    FieldDescriptor field = KaspadMessage.getDescriptor().findFieldByNumber(payload.getNumber());
    KaspadMessage.Builder message = KaspadMessage.newBuilder();
    return message.setField(field, message.newBuilderForField(field).build());
  }

  @ParameterizedTest
  @MethodSource("everyAskerInEveryVersion")
  void answers_beyond_a_full_inbox_have_the_declared_outcome(FlowFactory<?> flow, int version) {
    FlowDescriptor descriptor = flow.descriptor();
    Inbox inbox = Objects.requireNonNull(answers(flow));
    PayloadCase question =
        descriptor.sends().stream()
            .filter(payload -> !inbox.payloads().contains(payload))
            .findFirst()
            .orElseThrow();
    FlowKind<FlowEvent.Received> idle =
        new FlowKind<>(
            descriptor,
            event -> event,
            (_, _, context) -> {
              context.ask(empty(question), inbox.payloads(), false);
              return Behaviors.receiveMessage(_ -> Behaviors.same());
            });
    KaspadMessage answer = empty(inbox.payloads().iterator().next()).build();
    try (FlowHarness harness = start(idle, version)) {
      for (int i = 0; i < inbox.maxMessages(); i++) {
        harness.receive(answer);
      }
      expectNotFinished(harness);

      if (inbox.overflow() == Overflow.DISCONNECT) {
        harness.receive(answer);
        harness.expectFinished(FlowOutcome.Overflowed.class);
      } else {
        assertThat(inbox.overflow()).isEqualTo(Overflow.BACKPRESSURE);
        assertThatThrownBy(() -> harness.receive(answer)).hasMessageContaining("would not read on");
      }
      assertThat(harness.dropped()).isZero();
      harness.expectNoViolation();
    }
  }

  // Places of those that are served at once.

  /** Servers of the sync: so many peers at once, whoever asks. */
  private static Stream<Arguments> everySyncServerInEveryVersion() {
    Set<PayloadCase> others =
        Set.of(
            PayloadCase.REQUEST_ADDRESSES,
            PayloadCase.REQUEST_RELAY_BLOCKS,
            PayloadCase.REQUEST_TRANSACTIONS);
    return everyServerInEveryVersion()
        .filter(
            row -> {
              Inbox inbox = requests(((Named<?>) row.get()[0]).getPayload());
              return Collections.disjoint(Objects.requireNonNull(inbox).payloads(), others);
            });
  }

  /** Somebody on this machine, whose requests count for nobody else. */
  private static FlowHarness ask(FlowFactory<?> flow, int version, int number) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000 + number);
    PeerInfo peer = PeerInfo.connecting(number, address, Direction.INBOUND, false, FlowSetup.NOW);
    return FlowHarness.of(flow)
        .peer(peer)
        .version(version)
        .start()
        .receive(request(Objects.requireNonNull(requests(flow))));
  }

  private static boolean isServed(FlowHarness harness) {
    try {
      harness.expectNothingTold();
      return false;
    } catch (AssertionError told) {
      return true;
    }
  }

  @ParameterizedTest
  @MethodSource("everySyncServerInEveryVersion")
  void whoever_goes_before_its_answer_gives_its_place_to_the_next(
      FlowFactory<?> flow, int version) {
    List<FlowHarness> all = new ArrayList<>();
    try {
      do {
        all.add(ask(flow, version, all.size()));
      } while (isServed(all.getLast()) && all.size() < 1_000);
      FlowHarness waiting = all.getLast();
      waiting.advance(Duration.ofSeconds(10));
      assertThat(isServed(waiting)).as("served beyond all places").isFalse();

      all.getFirst().loseLink();

      waiting.advance(Duration.ofSeconds(1));
      assertThat(isServed(waiting)).as("served in the place that is free").isTrue();
      waiting.expectRunning().expectNoViolation();
    } finally {
      all.forEach(FlowHarness::close);
    }
  }

  @Test
  void announced_blocks_beyond_the_inbox_are_dropped_and_counted() {
    try (FlowHarness harness = start(RelayBlockFlow.factory(), 11)) {
      int taken = 64;
      for (int i = 0; i < 2560 + taken; i++) {
        harness.receive(Samples.inv(Samples.hash(i)));
      }
      assertThat(harness.dropped()).isZero();

      for (int i = 0; i < 10; i++) {
        harness.receive(Samples.inv(Samples.hash(10_000 + i)));
      }

      assertThat(harness.dropped()).isEqualTo(10);
      harness.expectRunning().expectNoViolation();
    }
  }

  // The handshake takes messages as they come; what overflows it comes faster than its actor runs.

  private static FlowHarness idleHandshake() {
    FlowKind<FlowEvent.Received> idle =
        new FlowKind<>(
            HandshakeFlow.factory().descriptor(),
            event -> event,
            (_, _, _) -> Behaviors.receiveMessage(_ -> Behaviors.same()));
    return FlowHarness.of(idle).start();
  }

  @Test
  void a_fifth_message_of_the_handshake_that_waits_ends_the_peer_without_blame() {
    try (FlowHarness harness = idleHandshake()) {
      KaspadMessage verack =
          KaspadMessage.newBuilder().setVerack(VerackMessage.getDefaultInstance()).build();
      for (int i = 0; i < 4; i++) {
        harness.receive(verack);
      }
      expectNotFinished(harness);

      harness.receive(verack);

      harness.expectFinished(FlowOutcome.Overflowed.class);
      harness.expectNoViolation();
    }
  }

  @Test
  void messages_of_the_handshake_that_wait_are_bounded_in_bytes() {
    try (FlowHarness harness = idleHandshake()) {
      String agent = "a".repeat(WireLimits.HANDSHAKE_BYTES / 2);
      KaspadMessage version =
          KaspadMessage.newBuilder()
              .setVersion(VersionMessage.newBuilder().setUserAgent(agent))
              .build();
      harness.receive(version);
      expectNotFinished(harness);

      harness.receive(version);

      harness.expectFinished(FlowOutcome.Overflowed.class);
      harness.expectNoViolation();
    }
  }
}
