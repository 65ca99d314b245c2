package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.sync.SyncSamples.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.PeerInfo.Direction;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.Headers;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestAntipastMessage;
import kaspeer.wire.proto.RequestHeadersMessage;
import kaspeer.wire.proto.RequestNextHeadersMessage;
import org.junit.jupiter.api.Test;

class ServeHeadersFlowTest {
  private static FlowHarness server() {
    return FlowHarness.of(ServeHeadersFlow.factory(Runnable::run)).start();
  }

  private static FlowHarness antipastServer() {
    return FlowHarness.of(ServeAntipastFlow.factory(Runnable::run)).start();
  }

  private static KaspadMessage.Builder request(Hash low, Hash high) {
    return KaspadMessage.newBuilder()
        .setRequestId(31)
        .setRequestHeaders(
            RequestHeadersMessage.newBuilder()
                .setLowHash(Hashes.toWire(low))
                .setHighHash(Hashes.toWire(high)));
  }

  private static KaspadMessage.Builder next() {
    return KaspadMessage.newBuilder()
        .setRequestNextHeaders(RequestNextHeadersMessage.getDefaultInstance());
  }

  private static Dag.GetHeaders found(FlowHarness harness, List<Header> headers) {
    Dag.GetHeaders asked = harness.expectDag(Dag.GetHeaders.class);
    harness.reply(asked.replyTo(), new Dag.HeadersReply.Found(headers));
    return asked;
  }

  private static List<kaspeer.wire.proto.BlockHeader> expectBatch(FlowHarness harness) {
    Sent batch = harness.expectSent(PayloadCase.BLOCK_HEADERS);
    assertThat(batch.lane()).isEqualTo(Sent.Lane.DELIVER);
    assertThat(batch.message().getResponseId()).isEqualTo(31);
    return batch.message().getBlockHeaders().getBlockHeadersList();
  }

  @Test
  void headers_come_batch_by_batch_each_upon_request_and_then_the_end() {
    List<Header> first = headers(10, 12);
    List<Header> second = headers(13, 14);
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), second.getLast().hash()));
      Dag.GetHeaders asked = found(harness, first);
      assertThat(asked.low()).isEqualTo(hash(1));
      assertThat(asked.maxBlocks()).isEqualTo(1024);
      assertThat(expectBatch(harness)).isEqualTo(Headers.toWire(first));
      harness.expectNothingSent().expectNothingTold();

      harness.receive(next());
      assertThat(found(harness, second).low()).isEqualTo(first.getLast().hash());
      assertThat(expectBatch(harness)).isEqualTo(Headers.toWire(second));
      harness.expectNothingSent();

      harness.receive(next());
      assertThat(harness.expectSent(PayloadCase.DONE_HEADERS).message().getResponseId())
          .isEqualTo(31);
      harness.expectNothingTold().expectNoViolation();
    }
  }

  @Test
  void equal_bounds_end_at_once() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(1)));
      found(harness, List.of());

      harness.expectSent(PayloadCase.DONE_HEADERS);
      harness.receive(request(hash(1), hash(2)));
      harness.expectDag(Dag.GetHeaders.class);
    }
  }

  @Test
  void a_part_that_is_too_large_for_a_message_is_split_and_every_message_acknowledged() {
    List<Header> part =
        Stream.iterate(1, i -> i + 1).limit(100).map(SyncSamples::bigHeader).toList();
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), part.getLast().hash()));
      List<kaspeer.wire.proto.BlockHeader> received = new ArrayList<>();
      int messages = 0;
      while (received.size() < part.size()) {
        assertThat(found(harness, part).low()).isEqualTo(hash(1));
        Sent batch = harness.expectSent(PayloadCase.BLOCK_HEADERS);
        assertThat(batch.message().getSerializedSize()).isLessThanOrEqualTo(4 * 1024 * 1024);
        received.addAll(batch.message().getBlockHeaders().getBlockHeadersList());
        messages++;
        harness.expectNothingSent().receive(next());
      }

      assertThat(messages).isEqualTo(2);
      assertThat(received).isEqualTo(Headers.toWire(part));
      harness.expectSent(PayloadCase.DONE_HEADERS);
    }
  }

  @Test
  void bounds_that_are_unknown_or_not_on_one_chain_are_a_bad_request() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(2)));

      harness.reply(
          harness.expectDag(Dag.GetHeaders.class).replyTo(),
          new Dag.HeadersReply.Refused("not on the chain"));

      assertThat(harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST).detail())
          .contains("not on the chain");
      harness.expectStopped();
    }
  }

  @Test
  void a_second_request_during_the_first_is_a_bad_request() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(2)));
      found(harness, headers(10, 12));

      harness.receive(request(hash(1), hash(2)));

      harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST);
      harness.expectStopped();
    }
  }

  @Test
  void next_headers_where_none_are_served_are_a_bad_request() {
    try (FlowHarness harness = server()) {
      harness.receive(next());

      harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST);
      harness.expectStopped();
    }
  }

  @Test
  void a_place_is_kept_for_two_minutes() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(2)));
      found(harness, headers(10, 12));
      harness.advance(Duration.ofSeconds(119)).receive(next());

      harness.expectDag(Dag.GetHeaders.class);
      harness.expectNoViolation();
    }
  }

  @Test
  void an_idle_peer_is_forgotten_without_blame_but_cannot_go_on() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(2)));
      found(harness, headers(10, 12));
      harness.advance(Duration.ofMinutes(2)).expectNoViolation().expectRunning();

      harness.receive(next());

      harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST);
    }
  }

  @Test
  void a_forgotten_peer_may_begin_anew() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(2)));
      found(harness, headers(10, 12));
      harness.advance(Duration.ofMinutes(2)).receive(request(hash(1), hash(2)));

      harness.expectDag(Dag.GetHeaders.class);
      harness.expectNoViolation();
    }
  }

  @Test
  void new_requests_are_slowed_down_but_next_batches_are_not() {
    try (FlowHarness harness = server()) {
      for (int i = 0; i < 8; i++) {
        harness.receive(request(hash(1), hash(1)));
        found(harness, List.of());
      }

      harness.receive(request(hash(1), hash(2))).expectNothingTold();
      harness.advance(Duration.ofSeconds(1));
      found(harness, headers(10, 12));
      for (int i = 0; i < 20; i++) {
        harness.receive(next());
        found(harness, headers(10, 12));
      }

      harness.expectNoViolation().expectRunning();
    }
  }

  @Test
  void a_request_with_a_short_hash_is_malformed() {
    try (FlowHarness harness = server()) {
      harness.receive(
          KaspadMessage.newBuilder().setRequestHeaders(RequestHeadersMessage.getDefaultInstance()));

      harness.expectViolation(ViolationCode.MALFORMED_MESSAGE);
      harness.expectStopped();
    }
  }

  @Test
  void a_peer_that_does_not_take_its_headers_is_let_go_without_blame() {
    try (FlowHarness harness = server()) {
      harness.holdDeliveries().receive(request(hash(1), hash(2)));
      found(harness, headers(10, 12));

      harness.advance(Duration.ofMinutes(2));

      harness.expectFinished(FlowOutcome.Overflowed.class);
      harness.expectNoViolation().expectStopped();
    }
  }

  // Antipast.

  private static KaspadMessage.Builder antipastRequest() {
    return KaspadMessage.newBuilder()
        .setRequestId(31)
        .setRequestAntipast(
            RequestAntipastMessage.newBuilder()
                .setBlockHash(Hashes.toWire(hash(1)))
                .setContextHash(Hashes.toWire(hash(2))));
  }

  @Test
  void an_antipast_is_one_batch_and_the_end() {
    try (FlowHarness harness = antipastServer()) {
      harness.receive(antipastRequest());
      Dag.GetAntipast asked = harness.expectDag(Dag.GetAntipast.class);
      assertThat(asked.block()).isEqualTo(hash(1));
      assertThat(asked.context()).isEqualTo(hash(2));

      harness.reply(asked.replyTo(), new Dag.HeadersReply.Found(headers(10, 12)));

      assertThat(expectBatch(harness)).isEqualTo(Headers.toWire(headers(10, 12)));
      assertThat(harness.expectSent(PayloadCase.DONE_HEADERS).message().getResponseId())
          .isEqualTo(31);
    }
  }

  @Test
  void an_empty_antipast_is_an_empty_batch_and_the_end() {
    try (FlowHarness harness = antipastServer()) {
      harness.receive(antipastRequest());

      harness.reply(
          harness.expectDag(Dag.GetAntipast.class).replyTo(),
          new Dag.HeadersReply.Found(List.of()));

      assertThat(expectBatch(harness)).isEmpty();
      harness.expectSent(PayloadCase.DONE_HEADERS);
    }
  }

  @Test
  void an_antipast_that_is_too_large_is_a_bad_request() {
    try (FlowHarness harness = antipastServer()) {
      harness.receive(antipastRequest());

      harness.reply(
          harness.expectDag(Dag.GetAntipast.class).replyTo(),
          new Dag.HeadersReply.Refused("more than 992 blocks"));

      harness.expectViolation(ViolationCode.BAD_SYNC_REQUEST);
      harness.expectStopped();
    }
  }

  @Test
  void antipasts_are_slowed_down_after_a_few() {
    try (FlowHarness harness = antipastServer()) {
      for (int i = 0; i < 8; i++) {
        harness.receive(antipastRequest());
        harness.reply(
            harness.expectDag(Dag.GetAntipast.class).replyTo(),
            new Dag.HeadersReply.Found(List.of()));
      }

      harness.receive(antipastRequest()).expectNothingTold();
      harness.advance(Duration.ofSeconds(1));

      harness.expectDag(Dag.GetAntipast.class);
    }
  }

  private static void useUp(FlowHarness harness, int antipasts) {
    for (int i = 0; i < antipasts; i++) {
      harness.receive(antipastRequest());
      harness.reply(
          harness.expectDag(Dag.GetAntipast.class).replyTo(),
          new Dag.HeadersReply.Found(List.of()));
    }
  }

  private static FlowSetup from(FlowSetup setup, long number, String host) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.ofLiteral(host), (int) (40_000 + number));
    return setup
        .peer(PeerInfo.connecting(number, address, Direction.INBOUND, false, FlowSetup.NOW))
        .version(11);
  }

  /** A new connection is not a new allowance; that of another host is untouched. */
  @Test
  void who_comes_back_finds_its_allowance_as_it_left_it() {
    FlowSetup setup = FlowHarness.of(ServeAntipastFlow.factory(Runnable::run));
    try (FlowHarness first = from(setup, 1, "203.0.113.9").start();
        FlowHarness again = from(setup, 2, "203.0.113.9").start()) {
      useUp(first, 8);
      first.loseLink();

      again.receive(antipastRequest()).expectNothingTold();
      // A node has one clock; here the allowance goes by that of the flow that was first.
      first.advance(Duration.ofSeconds(1));
      again.advance(Duration.ofSeconds(1));
      again.expectDag(Dag.GetAntipast.class);
    }
    try (FlowHarness other = from(setup, 3, "203.0.113.10").start()) {
      useUp(other, 8);
    }
  }

  /** Peers on this machine, whose host says nothing of who they are, have one each. */
  @Test
  void each_connection_from_this_machine_has_an_allowance_of_its_own() {
    FlowSetup setup = FlowHarness.of(ServeAntipastFlow.factory(Runnable::run));
    for (int i = 1; i <= 3; i++) {
      try (FlowHarness harness = from(setup, i, "127.0.0.1").start()) {
        useUp(harness, 8);
      }
    }
  }

  /** One header, which cannot be had. */
  private static List<Header> broken() {
    return new AbstractList<>() {
      @Override
      public Header get(int index) {
        throw new IllegalStateException("a bug");
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }

  @Test
  void headers_that_cannot_be_converted_fail_the_flow() {
    try (FlowHarness harness = server()) {
      harness.receive(request(hash(1), hash(2)));
      Dag.GetHeaders asked = harness.expectDag(Dag.GetHeaders.class);

      assertThatThrownBy(() -> harness.reply(asked.replyTo(), new Dag.HeadersReply.Found(broken())))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("headers could not be converted");
      assertThat(harness.isStopped()).isTrue();
    }
  }
}
