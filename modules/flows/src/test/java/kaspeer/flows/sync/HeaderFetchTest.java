package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.sync.SyncSamples.chainLocator;
import static kaspeer.flows.sync.SyncSamples.doneHeaders;
import static kaspeer.flows.sync.SyncSamples.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.sync.SyncSamples.Client;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.BlockHeader;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFetchTest {
  private static final Hash LOW = hash(1);
  private static final Hash HIGH = hash(2);
  private static final Hash RELAYED = hash(3);

  private static Client fetching(Optional<Hash> relayed) {
    Client client = Client.start().tell(new Directive.FetchHeaders(5, LOW, HIGH, relayed));
    client.harness().expectSent(PayloadCase.REQUEST_HEADERS);
    return client;
  }

  private static void reply(Client client, Dag.SubmitHeaders asked, Dag.BatchReply reply) {
    client.harness().reply(asked.replyTo(), reply);
  }

  private static Dag.SubmitHeaders expectCheck(Client client) {
    return client.harness().expectDag(Dag.SubmitHeaders.class);
  }

  @Test
  void headers_are_asked_for_by_type_from_the_shared_block_to_the_peers_sink() {
    try (Client client =
        Client.start().tell(new Directive.FetchHeaders(5, LOW, HIGH, Optional.empty()))) {
      Sent request = client.harness().expectSent(PayloadCase.REQUEST_HEADERS);

      assertThat(request.message().getRequestId()).isZero();
      assertThat(request.message().getRequestHeaders().getLowHash()).isEqualTo(Hashes.toWire(LOW));
      assertThat(request.message().getRequestHeaders().getHighHash())
          .isEqualTo(Hashes.toWire(HIGH));
    }
  }

  @Test
  void the_next_batch_is_asked_for_before_the_last_one_is_checked() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 12)));

      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      assertThat(expectCheck(client).headers()).isEqualTo(headers(10, 12));
    }
  }

  @Test
  void only_headers_that_were_new_count_as_delivered_once_they_are_in_the_dag() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 12)));
      Dag.SubmitHeaders check = expectCheck(client);
      client.harness().expectNothingTold();

      reply(client, check, new Dag.BatchReply.Done(2));

      Sync.HeadersReceived received = client.harness().expectSync(Sync.HeadersReceived.class);
      assertThat(received.lease()).isEqualTo(5);
      assertThat(received.delivery().items()).isEqualTo(2);
      assertThat(received.delivery().bytes()).isPositive();
    }
  }

  /** Sends this many batches of a header that is here, of which the DAG says so. */
  private static void sendKnown(Client client, int batches) {
    for (int i = 0; i < batches; i++) {
      client.receive(headers(headers(10, 10)));
      reply(client, expectCheck(client), new Dag.BatchReply.Done(0));
    }
  }

  @Test
  void a_peer_that_goes_on_sending_known_headers_is_let_go() {
    try (Client client = fetching(Optional.empty())) {
      sendKnown(client, HeaderFetch.MAX_KNOWN_BATCHES);
      client.harness().expectNoViolation().expectRunning();

      sendKnown(client, 1);

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void known_headers_at_the_start_of_a_range_are_nothing_to_complain_of() {
    try (Client client = fetching(Optional.empty())) {
      sendKnown(client, HeaderFetch.MAX_KNOWN_BATCHES);
      client.receive(headers(headers(11, 12)));
      reply(client, expectCheck(client), new Dag.BatchReply.Done(1));

      sendKnown(client, HeaderFetch.MAX_KNOWN_BATCHES);

      client.harness().expectNoViolation().expectRunning();
    }
  }

  private static void sinkHasWork(Client client, long work) {
    client.harness().dagSnapshot(FlowSetup.dag(work, Instant.EPOCH, BlueWork.ZERO));
  }

  @Test
  void a_chain_that_does_not_pass_our_sink_is_left_after_two_finality_depths() {
    List<Header> many = headers(1, 24_000);
    try (Client client = fetching(Optional.of(RELAYED))) {
      sinkHasWork(client, 24_000);
      for (int i = 0; i < 36; i++) {
        client.receive(headers(many));
        reply(client, expectCheck(client), new Dag.BatchReply.Done(many.size()));
      }
      client.harness().expectNoViolation().expectRunning();

      client.receive(headers(headers(24_000, 24_000)));
      reply(client, expectCheck(client), new Dag.BatchReply.Done(1));

      assertThat(client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER).detail())
          .contains("864001");
      client.harness().expectStopped();
    }
  }

  @Test
  void two_batches_are_checked_at_once_and_a_third_waits_and_no_fourth_is_asked_for() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      client.receive(headers(headers(14, 15)));
      client.harness().expectNothingSent();
      assertThat(client.harness().pulls(IbdFlow.ANSWERS)).isZero();
      Dag.SubmitHeaders first = expectCheck(client);
      expectCheck(client);

      reply(client, first, new Dag.BatchReply.Done(2));

      assertThat(expectCheck(client).headers()).isEqualTo(headers(14, 15));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
    }
  }

  @Test
  void no_batch_is_asked_for_while_many_bytes_wait_to_be_checked() {
    List<Header> big = IntStream.range(0, 240).mapToObj(SyncSamples::bigHeader).toList();
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(big));
      client.harness().expectNothingSent();

      reply(client, expectCheck(client), new Dag.BatchReply.Done(big.size()));

      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
    }
  }

  @Test
  void our_own_checking_is_not_counted_as_the_peers_silence() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      client.receive(headers(headers(14, 15)));
      Dag.SubmitHeaders first = expectCheck(client);
      expectCheck(client);

      client.harness().advance(Duration.ofSeconds(50)).expectNothingTold();
      reply(client, first, new Dag.BatchReply.Done(2));
      client.harness().expectSync(Sync.HeadersReceived.class);
      client.harness().advance(Duration.ofSeconds(1));

      expectCheck(client);
      assertThat(client.harness().expectSync(Sync.Silent.class).waited())
          .isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void the_delivery_tells_how_long_we_waited_for_it() {
    try (Client client = fetching(Optional.empty())) {
      client.harness().advance(Duration.ofMillis(750));
      client.receive(headers(headers(10, 11)));
      client.harness().advance(Duration.ofMillis(200));
      reply(client, expectCheck(client), new Dag.BatchReply.Done(2));

      assertThat(client.harness().expectSync(Sync.HeadersReceived.class).delivery().waited())
          .isEqualTo(Duration.ofMillis(750));
    }
  }

  @Test
  void the_stage_is_done_when_all_is_checked_and_the_sink_is_known() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));
      client.receive(doneHeaders());
      Dag.SubmitHeaders check = expectCheck(client);
      client.harness().expectNothingTold();

      reply(client, check, new Dag.BatchReply.Done(2));
      client.harness().expectSync(Sync.HeadersReceived.class);
      client.statuses(BlockStatus.HEADER_ONLY);

      assertThat(client.harness().expectSync(Sync.HeadersDone.class))
          .isEqualTo(new Sync.HeadersDone(7, 5));
      assertThat(client.harness().openQuestions()).isEmpty();
    }
  }

  @Test
  void nothing_is_asked_for_where_the_shared_block_is_the_peers_sink() {
    try (Client client =
        Client.start().tell(new Directive.FetchHeaders(5, HIGH, HIGH, Optional.empty()))) {
      client.harness().expectNothingSent();
      client.statuses(BlockStatus.BODY);

      client.harness().expectSync(Sync.HeadersDone.class);
    }
  }

  @Test
  void headers_that_do_not_lead_to_the_sink_are_a_bad_answer() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(doneHeaders()).statuses(BlockStatus.UNKNOWN);

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void an_empty_batch_is_a_bad_answer() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(List.of()));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_header_that_breaks_a_rule_is_blamed_on_the_peer() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));

      reply(
          client,
          expectCheck(client),
          new Dag.BatchReply.Failed(1, hash(11), "INVALID_POW", "too easy"));

      assertThat(client.harness().expectViolation(ViolationCode.INVALID_HEADER).detail())
          .contains("INVALID_POW", hash(11).toString());
      client.harness().expectStopped();
    }
  }

  @Test
  void a_header_from_the_future_ends_the_connection_without_blame() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));

      reply(
          client,
          expectCheck(client),
          new Dag.BatchReply.Failed(0, hash(10), "TIME_TOO_FAR_INTO_THE_FUTURE", "by an hour"));

      client.harness().expectFinished(FlowOutcome.LocalFault.class);
      client.harness().expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_header_before_its_parents_is_a_bad_answer() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));

      reply(client, expectCheck(client), new Dag.BatchReply.Gap(0, hash(10), List.of(hash(9))));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_header_that_does_not_convert_is_malformed() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(
          KaspadMessage.newBuilder()
              .setBlockHeaders(
                  BlockHeadersMessage.newBuilder()
                      .addBlockHeaders(BlockHeader.getDefaultInstance())));

      client.harness().expectViolation(ViolationCode.MALFORMED_MESSAGE);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_busy_dag_gets_the_batch_again_and_nobody_is_blamed() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      Dag.SubmitHeaders first = expectCheck(client);
      Dag.SubmitHeaders second = expectCheck(client);

      reply(client, first, new Dag.BatchReply.Busy());
      reply(client, second, new Dag.BatchReply.Gap(0, hash(12), List.of(hash(11))));
      client.harness().advance(Duration.ofMillis(100));

      assertThat(expectCheck(client).headers()).isEqualTo(headers(10, 11));
      assertThat(expectCheck(client).headers()).isEqualTo(headers(12, 13));
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @Test
  void answers_of_the_dag_may_come_in_any_order() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      Dag.SubmitHeaders first = expectCheck(client);
      Dag.SubmitHeaders second = expectCheck(client);

      reply(client, second, new Dag.BatchReply.Busy());
      reply(client, first, new Dag.BatchReply.Done(2));
      client.harness().advance(Duration.ofMillis(100));

      Dag.SubmitHeaders again = expectCheck(client);
      assertThat(again.headers()).isEqualTo(headers(12, 13));
      reply(client, again, new Dag.BatchReply.Done(2));
      client.receive(doneHeaders()).statuses(BlockStatus.HEADER_ONLY);
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_peer_that_does_not_send_the_next_batch_in_time_is_unresponsive(boolean first) {
    try (Client client = fetching(Optional.empty())) {
      if (!first) {
        client.receive(headers(headers(10, 11)));
        reply(client, expectCheck(client), new Dag.BatchReply.Done(2));
      }
      client.harness().advance(Duration.ofSeconds(119)).expectRunning();

      client.harness().advance(Duration.ofSeconds(1));

      assertThat(client.harness().expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.BLOCK_HEADERS);
    }
  }

  // The relayed block.

  /** All up to the sink is here, the relayed block is not. */
  private static Client atAntipast() {
    Client client = fetching(Optional.of(RELAYED));
    client.receive(doneHeaders());
    Dag.GetStatuses asked = client.harness().expectDag(Dag.GetStatuses.class);
    assertThat(asked.hashes()).containsExactly(HIGH, RELAYED);
    return client.statuses(asked, List.of(BlockStatus.HEADER_ONLY, BlockStatus.UNKNOWN));
  }

  @Test
  void the_antipast_of_an_unknown_relayed_block_is_fetched_last() {
    try (Client client = atAntipast()) {
      Sent request = client.harness().expectSent(PayloadCase.REQUEST_ANTIPAST);
      assertThat(request.message().getRequestAntipast().getBlockHash())
          .isEqualTo(Hashes.toWire(HIGH));
      assertThat(request.message().getRequestAntipast().getContextHash())
          .isEqualTo(Hashes.toWire(RELAYED));

      client.receive(headers(headers(20, 21)));
      Dag.SubmitHeaders check = expectCheck(client);
      client.receive(doneHeaders());
      reply(client, check, new Dag.BatchReply.Done(2));
      client.harness().expectNothingSent();
      client.harness().expectSync(Sync.HeadersReceived.class);
      client.statuses(BlockStatus.HEADER_ONLY);

      client.harness().expectSync(Sync.HeadersDone.class);
      assertThat(client.harness().openQuestions()).isEmpty();
    }
  }

  @Test
  void a_relayed_block_that_is_known_by_then_needs_no_antipast() {
    try (Client client = fetching(Optional.of(RELAYED))) {
      client.receive(doneHeaders()).statuses(BlockStatus.HEADER_ONLY);

      client.harness().expectNothingSent();
      client.harness().expectSync(Sync.HeadersDone.class);
    }
  }

  @Test
  void an_antipast_without_the_relayed_block_is_a_bad_answer() {
    try (Client client = atAntipast()) {
      client.receive(headers(List.of())).receive(doneHeaders());
      Dag.GetStatuses asked = client.harness().expectDag(Dag.GetStatuses.class);
      client.statuses(asked, List.of(BlockStatus.HEADER_ONLY, BlockStatus.UNKNOWN));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
    }
  }

  @Test
  void an_antipast_comes_in_one_batch() {
    try (Client client = atAntipast()) {
      client.receive(headers(headers(20, 21))).receive(headers(headers(22, 23)));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
    }
  }

  @Test
  void an_antipast_without_headers_message_is_a_bad_answer() {
    try (Client client = atAntipast()) {
      client.receive(doneHeaders());

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
    }
  }

  @Test
  void an_antipast_of_more_than_four_mergesets_is_a_bad_answer() {
    try (Client client = atAntipast()) {
      client.receive(headers(headers(1, HeaderFetch.MAX_ANTIPAST + 1)));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
    }
  }

  @Test
  void an_antipast_that_does_not_end_is_waited_for_two_minutes() {
    try (Client client = atAntipast()) {
      client.receive(headers(List.of()));
      client.harness().advance(Duration.ofMinutes(2));

      assertThat(client.harness().expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.DONE_HEADERS);
    }
  }

  // What does not belong here.

  @Test
  void headers_that_nobody_asked_for_are_unsolicited() {
    try (Client client = Client.start()) {
      client.receive(headers(headers(1, 2)));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void headers_after_the_end_are_unsolicited() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(doneHeaders()).receive(headers(headers(1, 2)));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void a_locator_instead_of_headers_is_unsolicited() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(chainLocator(List.of(HIGH)));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (Client client = fetching(Optional.empty())) {
      client.receive(headers(headers(10, 11)));
      expectCheck(client);

      client.harness().loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }
}
