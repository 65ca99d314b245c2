package kaspeer.flows.address;

import static kaspeer.flows.Samples.address;
import static kaspeer.flows.Samples.addresses;
import static kaspeer.flows.Samples.requestAddresses;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.NetAddress;
import kaspeer.wire.proto.AddressesMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressFlowTest {
  private static FlowSetup flow() {
    return FlowHarness.of(AddressFlow.factory());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 11})
  void it_asks_once_and_offers_the_answer_to_the_book(int version) {
    try (FlowHarness harness = flow().version(version).start()) {
      Sent request = harness.expectSent(PayloadCase.REQUEST_ADDRESSES);
      assertThat(request.message().getRequestId()).isZero();
      assertThat(request.message().getRequestAddresses().getIncludeAllSubnetworks()).isFalse();

      harness.receive(addresses(3));

      Addresses.Offer offer = harness.expectAddresses(Addresses.Offer.class);
      assertThat(offer.addresses()).containsExactly(address(0), address(1), address(2));
      assertThat(offer.source().getHostAddress()).isEqualTo("203.0.113.9");
      harness.advance(Duration.ofHours(1)).expectNothingSent().expectRunning();
    }
  }

  @Test
  void up_to_2500_addresses_are_taken_and_one_more_is_a_breach() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(addresses(2500));
      assertThat(harness.expectAddresses(Addresses.Offer.class).addresses()).hasSize(2500);
    }
    try (FlowHarness harness = flow().start()) {
      harness.receive(addresses(2501)).expectViolation(ViolationCode.TOO_MANY_ADDRESSES);
      harness.expectNothingTold().expectStopped();
    }
  }

  @Test
  void one_malformed_address_spoils_the_answer() {
    AddressesMessage bad =
        addresses(2).getAddresses().toBuilder()
            .addAddressList(
                kaspeer.wire.proto.NetAddress.newBuilder()
                    .setIp(ByteString.copyFrom(new byte[5]))
                    .setPort(1))
            .build();
    try (FlowHarness harness = flow().start()) {
      harness
          .receive(KaspadMessage.newBuilder().setAddresses(bad))
          .expectViolation(ViolationCode.MALFORMED_MESSAGE);
      harness.expectNothingTold().expectStopped();
    }
  }

  @Test
  void a_second_answer_is_unsolicited() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(addresses(1)).expectNoViolation();
      harness.receive(addresses(1)).expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void while_we_do_not_read_the_peer_is_not_late() {
    try (FlowHarness harness = flow().start()) {
      harness.stopReading().advance(Duration.ofMinutes(5)).readOn();
      harness.advance(Duration.ofMillis(119_999)).expectRunning().advance(Duration.ofMillis(1));
      harness.expectFinished(FlowOutcome.Unresponsive.class);
    }
  }

  @Test
  void a_peer_that_does_not_answer_is_unresponsive() {
    try (FlowHarness harness = flow().start()) {
      harness.advance(Duration.ofMillis(119_999)).expectRunning().advance(Duration.ofMillis(1));
      assertThat(harness.expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.ADDRESSES);
      harness.expectStopped();
    }
  }

  @Test
  void requests_are_answered_with_at_most_1000_addresses_of_the_book() {
    try (FlowHarness harness = flow().start()) {
      harness.expectSent(PayloadCase.REQUEST_ADDRESSES);
      harness.receive(requestAddresses());
      Addresses.Sample sample = harness.expectAddresses(Addresses.Sample.class);
      assertThat(sample.max()).isEqualTo(1000);

      harness.reply(sample.replyTo(), new Addresses.Sampled(many(1200)));

      AddressesMessage answer = harness.expectSent(PayloadCase.ADDRESSES).message().getAddresses();
      assertThat(answer.getAddressListCount()).isEqualTo(1000);
      assertThat(answer.getAddressList(7)).isEqualTo(kaspeer.wire.NetAddresses.toWire(address(7)));
    }
  }

  @Test
  void repeated_requests_get_the_same_answer_for_an_hour() {
    try (FlowHarness harness = flow().start()) {
      harness.expectSent(PayloadCase.REQUEST_ADDRESSES);
      harness.receive(addresses(0)).expectAddresses(Addresses.Offer.class);
      AddressesMessage first = answer(harness.receive(requestAddresses()), many(5));

      AddressesMessage second =
          harness
              .receive(requestAddresses())
              .expectSent(PayloadCase.ADDRESSES)
              .message()
              .getAddresses();
      harness.expectNothingTold();
      harness.advance(AddressFlow.ANSWER_KEPT).receive(requestAddresses());

      assertThat(second).isEqualTo(first);
      harness.expectAddresses(Addresses.Sample.class);
    }
  }

  @Test
  void the_next_request_waits_until_the_answer_before_is_taken() {
    try (FlowHarness harness = flow().start()) {
      harness.expectSent(PayloadCase.REQUEST_ADDRESSES);
      harness.holdDeliveries();
      answer(harness.receive(requestAddresses()), many(1));

      harness.receive(requestAddresses()).expectNothingSent();
      harness.completeDelivery().expectSent(PayloadCase.ADDRESSES);
    }
  }

  @Test
  void a_flood_of_requests_is_dropped_and_counted() {
    try (FlowHarness harness = flow().start()) {
      for (int i = 0; i < 100; i++) {
        harness.receive(requestAddresses());
      }
      assertThat(harness.dropped()).isEqualTo(100 - 1 - 16);
      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void any_other_message_is_not_for_this_flow() {
    try (FlowHarness harness = flow().start()) {
      harness.receive(Samples.ping(1)).expectViolation(ViolationCode.UNEXPECTED_MESSAGE);
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (FlowHarness harness = flow().start()) {
      harness.expectSent(PayloadCase.REQUEST_ADDRESSES);
      harness.holdDeliveries();
      answer(harness.receive(requestAddresses()), many(1));
      harness.loseLink().expectStopped().expectNoViolation();
    }
  }

  private static AddressesMessage answer(FlowHarness harness, List<NetAddress> book) {
    Addresses.Sample sample = harness.expectAddresses(Addresses.Sample.class);
    harness.reply(sample.replyTo(), new Addresses.Sampled(book));
    return harness.expectSent(PayloadCase.ADDRESSES).message().getAddresses();
  }

  private static List<NetAddress> many(int count) {
    List<NetAddress> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(address(i));
    }
    return list;
  }
}
