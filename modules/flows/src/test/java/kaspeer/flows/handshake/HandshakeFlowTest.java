package kaspeer.flows.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.RejectText;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.primitives.Network;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.wire.NetAddresses;
import kaspeer.wire.PeerId;
import kaspeer.wire.VersionInfo;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.NetAddress;
import kaspeer.wire.proto.ReadyMessage;
import kaspeer.wire.proto.SubnetworkId;
import kaspeer.wire.proto.VerackMessage;
import kaspeer.wire.proto.VersionMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeFlowTest {
  private static final KaspadMessage VERACK =
      KaspadMessage.newBuilder().setVerack(VerackMessage.getDefaultInstance()).build();
  private static final KaspadMessage READY =
      KaspadMessage.newBuilder().setReady(ReadyMessage.getDefaultInstance()).build();

  private static FlowSetup flow() {
    return FlowHarness.of(HandshakeFlow.factory());
  }

  @Test
  void our_version_goes_out_as_soon_as_the_stream_is_open() {
    LocalNode local =
        new LocalNode(
            new UUID(0x0102, 0x0304),
            Network.SIMNET,
            "/kaspeer:0.1.0/",
            Samples.address(3),
            10,
            11);
    try (FlowHarness harness = flow().local(local).start()) {
      VersionMessage ours = harness.expectSent(PayloadCase.VERSION).message().getVersion();

      assertThat(ours.getProtocolVersion()).isEqualTo(11);
      assertThat(ours.getNetwork()).isEqualTo("kaspa-simnet");
      assertThat(ours.getId()).isEqualTo(ByteString.copyFrom(new PeerId(0x0102, 0x0304).toBytes()));
      assertThat(ours.getUserAgent()).isEqualTo("/kaspeer:0.1.0/");
      assertThat(ours.getTimestamp()).isEqualTo(FlowSetup.NOW.toEpochMilli());
      assertThat(ours.getAddress()).isEqualTo(NetAddresses.toWire(Samples.address(3)));
      assertThat(ours.getServices()).isZero();
      assertThat(ours.getDisableRelayTx()).isFalse();
      assertThat(ours.hasSubnetworkId()).isFalse();
      harness.expectNothingSent();
    }
  }

  @ParameterizedTest
  @CsvSource({"10,10", "11,11", "12,11", "2147483647,11", "-1,11"})
  void both_exchange_version_verack_and_ready_and_the_lower_version_applies(
      int theirs, int applied) {
    try (FlowHarness harness = flow().start()) {
      harness.expectSent(PayloadCase.VERSION);
      harness.receive(version(v -> v.setProtocolVersion(theirs))).expectSent(PayloadCase.VERACK);
      harness.expectNoHandshakeStep().receive(VERACK).expectNothingSent();
      admit(harness);

      PeerInfo peer = harness.expectHandshake(HandshakeStep.OpenRoutes.class).peer();
      assertThat(peer.protocolVersion()).isEqualTo(applied);
      assertThat(peer.advertisedVersion()).isEqualTo(theirs < 0 ? Integer.MAX_VALUE : theirs);
      assertThat(peer.id()).isEqualTo(new UUID(7, 8));
      assertThat(peer.userAgent()).isEqualTo("/kaspad:2.1.0/kaspad:2.1.0/");
      harness.expectSent(PayloadCase.READY);
      harness.expectNoHandshakeStep().expectRunning().receive(READY);

      harness.expectHandshake(HandshakeStep.Ready.class);
      harness.expectStopped().expectNoViolation().expectNothingSent();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 9})
  void versions_below_ours_are_refused(int theirs) {
    try (FlowHarness harness = flow().start()) {
      harness.receive(version(v -> v.setProtocolVersion(theirs))).receive(VERACK);
      admit(harness);

      FlowOutcome.Violation breach = harness.expectViolation(ViolationCode.VERSION_TOO_OLD);
      assertThat(breach.detail()).contains("version " + theirs).contains("10");
      harness.expectNoHandshakeStep().expectStopped();
    }
  }

  @Test
  void a_verack_before_the_version_is_fine() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(VERACK).receive(version(_ -> {}));
      admit(harness).receive(READY).expectStopped().expectNoViolation();
    }
  }

  @Test
  void a_ready_before_the_version_is_tolerated() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(READY).receive(version(_ -> {})).receive(VERACK);
      admit(harness);

      harness.expectHandshake(HandshakeStep.OpenRoutes.class);
      harness.expectHandshake(HandshakeStep.Ready.class);
      harness.expectSent(PayloadCase.VERSION);
      harness.expectSent(PayloadCase.VERACK);
      harness.expectSent(PayloadCase.READY);
      harness.expectStopped().expectNoViolation();
    }
  }

  @Test
  void our_version_echoed_back_with_another_id_is_accepted() {
    try (FlowHarness harness = flow().start()) {
      VersionMessage echo =
          harness.expectSent(PayloadCase.VERSION).message().getVersion().toBuilder()
              .setId(id(7, 8))
              .build();
      harness.receive(KaspadMessage.newBuilder().setVersion(echo)).receive(VERACK);
      admit(harness).receive(READY).expectStopped().expectNoViolation();
    }
  }

  @Test
  void a_ready_that_comes_while_the_peer_is_identified_is_not_lost() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(version(_ -> {})).receive(VERACK);
      HandshakeStep.Identify identify = harness.expectHandshake(HandshakeStep.Identify.class);
      harness.receive(READY).expectNoHandshakeStep().reply(identify.replyTo(), Admission.ADMITTED);

      harness.expectHandshake(HandshakeStep.OpenRoutes.class);
      harness.expectHandshake(HandshakeStep.Ready.class);
    }
  }

  static Stream<Arguments> checksInOrder() {
    return Stream.of(
        Arguments.of(0, Admission.DUPLICATE, ViolationCode.INVALID_VERSION_MESSAGE),
        Arguments.of(1, Admission.DUPLICATE, ViolationCode.DUPLICATE_CONNECTION),
        Arguments.of(1, Admission.LOOPBACK, ViolationCode.LOOPBACK_CONNECTION),
        Arguments.of(1, Admission.FULL, ViolationCode.NO_ROOM),
        Arguments.of(1, Admission.BANNED, ViolationCode.BANNED),
        Arguments.of(1, Admission.ADMITTED, ViolationCode.WRONG_NETWORK),
        Arguments.of(2, Admission.ADMITTED, ViolationCode.USER_AGENT_REFUSED),
        Arguments.of(3, Admission.ADMITTED, ViolationCode.VERSION_TOO_OLD));
  }

  @ParameterizedTest
  @MethodSource("checksInOrder")
  void of_several_faults_the_first_in_the_protocols_order_counts(
      int mended, Admission admission, ViolationCode expected) {
    KaspadMessage everythingWrong =
        version(
            v -> {
              v.setId(mended > 0 ? id(7, 8) : ByteString.copyFrom(new byte[15]));
              v.setNetwork(mended > 1 ? "kaspa-simnet" : "kaspa-mainnet");
              v.setUserAgent(mended > 2 ? "/kaspad:2.1.0/" : "/evil:1.0/");
              v.setProtocolVersion(9);
            });
    try (FlowHarness harness = flow().refusing("/evil:1.0/").start()) {
      harness.receive(everythingWrong).receive(VERACK);
      if (mended > 0) {
        HandshakeStep.Identify identify = harness.expectHandshake(HandshakeStep.Identify.class);
        assertThat(identify.id()).isEqualTo(new UUID(7, 8));
        harness.reply(identify.replyTo(), admission);
      }
      FlowOutcome.Violation breach = harness.expectViolation(expected);
      harness.expectNoHandshakeStep().expectStopped();
      if (admission == Admission.LOOPBACK || (admission == Admission.DUPLICATE && mended > 0)) {
        assertThat(RejectText.of(breach)).isEqualTo(expected.name());
      }
    }
  }

  @Test
  void malformed_parts_of_a_version_are_refused() {
    for (Consumer<VersionMessage.Builder> spoil :
        Stream.<Consumer<VersionMessage.Builder>>of(
                v -> v.setId(ByteString.EMPTY),
                v -> v.setId(ByteString.copyFrom(new byte[17])),
                v -> v.setAddress(NetAddress.newBuilder().setIp(ByteString.copyFrom(new byte[3]))),
                v ->
                    v.setAddress(
                        NetAddresses.toWire(Samples.address(1)).toBuilder().setPort(65_536)),
                v ->
                    v.setSubnetworkId(
                        SubnetworkId.newBuilder().setBytes(ByteString.copyFrom(new byte[19]))))
            .toList()) {
      try (FlowHarness harness = flow().start()) {
        harness
            .receive(version(spoil))
            .receive(VERACK)
            .expectViolation(ViolationCode.INVALID_VERSION_MESSAGE);
        harness.expectNoHandshakeStep().expectStopped();
      }
    }
  }

  @Test
  void the_network_preset_sends_the_verack_before_the_checks() {
    try (FlowHarness harness = flow().policy(Policy.NETWORK).start()) {
      harness.expectSent(PayloadCase.VERSION);
      harness.receive(version(v -> v.setNetwork("kaspa-mainnet"))).expectSent(PayloadCase.VERACK);
      harness.receive(VERACK);
      admit(harness).expectViolation(ViolationCode.WRONG_NETWORK);
    }
  }

  @Test
  void the_strict_preset_sends_the_verack_after_the_checks_and_to_compatible_peers_only() {
    try (FlowHarness harness = flow().policy(Policy.STRICT).start()) {
      harness.expectSent(PayloadCase.VERSION);
      harness.receive(version(v -> v.setNetwork("kaspa-mainnet")));
      admit(harness).expectViolation(ViolationCode.WRONG_NETWORK);
      harness.expectNothingSent();
    }
    try (FlowHarness harness = flow().policy(Policy.STRICT).start()) {
      harness.expectSent(PayloadCase.VERSION);
      harness.receive(version(_ -> {})).expectNothingSent();
      admit(harness).expectSent(PayloadCase.VERACK);
      harness.expectNoHandshakeStep().receive(VERACK).expectSent(PayloadCase.READY);
      harness.receive(READY).expectStopped().expectNoViolation();
    }
  }

  @Test
  void without_the_peers_verack_no_routes_open_even_when_it_is_ready() {
    try (FlowHarness harness = flow().policy(Policy.STRICT).start()) {
      harness.receive(version(_ -> {}));
      admit(harness).receive(READY).expectNoHandshakeStep().receive(VERACK);
      harness.expectHandshake(HandshakeStep.OpenRoutes.class);
      harness.expectHandshake(HandshakeStep.Ready.class);
      harness.expectStopped().expectNoViolation();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = PayloadCase.class,
      names = {"VERSION", "VERACK", "READY"})
  void nothing_may_come_twice(PayloadCase payload) {
    KaspadMessage message =
        switch (payload) {
          case VERSION -> version(_ -> {});
          case VERACK -> VERACK;
          default -> READY;
        };
    try (FlowHarness harness = flow().start()) {
      harness.receive(message).expectNoViolation();
      harness.receive(message).expectViolation(ViolationCode.UNEXPECTED_MESSAGE);
      harness.expectStopped();
    }
  }

  @Test
  void any_other_message_is_too_early() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(Samples.ping(1)).expectViolation(ViolationCode.UNEXPECTED_MESSAGE);
    }
  }

  @Test
  void one_deadline_is_over_all_of_it_and_says_what_was_missing() {
    assertThat(timeoutAfter(_ -> {})).contains("no version");
    assertThat(timeoutAfter(h -> h.receive(READY))).contains("no version");
    assertThat(timeoutAfter(h -> h.receive(version(_ -> {})))).contains("no verack");
    assertThat(
            timeoutAfter(
                h -> {
                  h.receive(version(_ -> {})).receive(VERACK);
                  admit(h);
                }))
        .contains("no ready");
  }

  private static String timeoutAfter(Consumer<FlowHarness> start) {
    try (FlowHarness harness = flow().start()) {
      harness.advance(Duration.ofSeconds(4));
      start.accept(harness);
      harness
          .advance(Duration.ofMillis(3_999))
          .expectRunning()
          .advance(Duration.ofMillis(1))
          .expectStopped();
      return harness.expectViolation(ViolationCode.HANDSHAKE_TIMEOUT).detail();
    }
  }

  @Test
  void our_own_slowness_is_not_the_peers_fault() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(version(_ -> {})).receive(VERACK).advance(Duration.ofSeconds(8));
      harness.expectFinished(FlowOutcome.LocalFault.class);
      harness.expectNoViolation().expectStopped();
    }
  }

  @Test
  void the_user_agent_is_cut_to_256_bytes_at_a_character_and_cleared_of_control_characters() {
    String agent = "/x\n\u001b[31m" + "\u20ac".repeat(100);
    PeerInfo peer = peerOf(v -> v.setUserAgent(agent));

    assertThat(peer.userAgent()).startsWith("/x??[31m\u20ac");
    assertThat(peer.userAgent()).hasSize(8 + 82);
  }

  @Test
  void the_user_agent_cannot_move_a_cursor_nor_turn_the_text_around() {
    PeerInfo peer = peerOf(v -> v.setUserAgent("/a\u009b2J\u0085\u202eb\u2029c/"));
    assertThat(peer.userAgent()).isEqualTo("/a?2J??b?c/");
  }

  @ParameterizedTest
  @CsvSource({"1000,-1000", "0,0", "-250,250"})
  void the_time_offset_is_our_clock_minus_the_peers(long theirsAhead, long offset) {
    PeerInfo peer = peerOf(v -> v.setTimestamp(FlowSetup.NOW.toEpochMilli() + theirsAhead));
    assertThat(peer.timeOffset()).isEqualTo(Duration.ofMillis(offset));
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE, -1})
  void any_timestamp_is_taken(long timestamp) {
    Duration offset = peerOf(v -> v.setTimestamp(timestamp)).timeOffset();
    assertThat(Duration.ofMillis(offset.toMillis())).isEqualTo(offset);
    assertThat(offset).isBetween(HandshakeFlow.MAX_OFFSET.negated(), HandshakeFlow.MAX_OFFSET);
  }

  @Test
  void clocks_that_are_centuries_apart_are_said_to_be_one_apart() {
    assertThat(peerOf(v -> v.setTimestamp(Long.MIN_VALUE)).timeOffset())
        .isEqualTo(HandshakeFlow.MAX_OFFSET);
    assertThat(peerOf(v -> v.setTimestamp(Long.MAX_VALUE)).timeOffset())
        .isEqualTo(HandshakeFlow.MAX_OFFSET.negated());
  }

  @Test
  void a_peer_that_wants_no_transactions_is_known_as_such() {
    assertThat(peerOf(v -> v.setDisableRelayTx(true)).relaysTransactions()).isFalse();
    assertThat(peerOf(_ -> {}).relaysTransactions()).isTrue();
  }

  @Test
  void the_claimed_address_is_passed_on_unless_it_says_nothing() {
    assertThat(claimed(v -> v.setAddress(NetAddresses.toWire(Samples.address(5)))))
        .isEqualTo(Samples.address(5).toSocket());
    assertThat(claimed(_ -> {})).isNull();
    assertThat(
            claimed(
                v -> v.setAddress(NetAddress.newBuilder().setIp(ByteString.copyFrom(new byte[4])))))
        .isNull();
    assertThat(
            claimed(
                v ->
                    v.setAddress(
                        NetAddress.newBuilder()
                            .setIp(ByteString.copyFrom(new byte[16]))
                            .setPort(9))))
        .isNull();
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(version(_ -> {}))
          .loseLink()
          .expectStopped()
          .expectNoViolation()
          .expectNoHandshakeStep();
    }
  }

  private static PeerInfo peerOf(Consumer<VersionMessage.Builder> change) {
    try (FlowHarness harness = flow().start()) {
      harness.receive(version(change)).receive(VERACK);
      admit(harness);
      return harness.expectHandshake(HandshakeStep.OpenRoutes.class).peer();
    }
  }

  private static @Nullable InetSocketAddress claimed(Consumer<VersionMessage.Builder> change) {
    try (FlowHarness harness = flow().start()) {
      harness.receive(version(change)).receive(VERACK).receive(READY);
      admit(harness);
      harness.expectHandshake(HandshakeStep.OpenRoutes.class);
      return harness.expectHandshake(HandshakeStep.Ready.class).claimedAddress();
    }
  }

  private static FlowHarness admit(FlowHarness harness) {
    return harness.reply(
        harness.expectHandshake(HandshakeStep.Identify.class).replyTo(), Admission.ADMITTED);
  }

  private static ByteString id(long high, long low) {
    return ByteString.copyFrom(new PeerId(high, low).toBytes());
  }

  private static KaspadMessage version(Consumer<VersionMessage.Builder> change) {
    VersionMessage.Builder version =
        new VersionInfo(
                11,
                0,
                FlowSetup.NOW.toEpochMilli(),
                null,
                new PeerId(7, 8),
                "/kaspad:2.1.0/kaspad:2.1.0/",
                false,
                null,
                "kaspa-simnet")
            .toWire().toBuilder();
    change.accept(version);
    return KaspadMessage.newBuilder().setVersion(version).build();
  }
}
