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

  private static Client fetching() {
    return Client.fetchingHeaders(LOW, HIGH, Optional.empty());
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
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 12)));

      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      assertThat(client.expectCheck().headers()).isEqualTo(headers(10, 12));
    }
  }

  @Test
  void only_headers_that_were_new_count_as_delivered_once_they_are_in_the_dag() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 12)));
      Dag.SubmitHeaders check = client.expectCheck();
      client.harness().expectNothingTold();

      client.checked(check, new Dag.BatchReply.Done(2));

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
      client.checked(client.expectCheck(), new Dag.BatchReply.Done(0));
    }
  }

  @Test
  void a_peer_that_goes_on_sending_known_headers_is_let_go() {
    try (Client client = fetching()) {
      sendKnown(client, HeaderFetch.MAX_KNOWN_BATCHES);
      client.harness().expectNoViolation().expectRunning();

      sendKnown(client, 1);

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void known_headers_at_the_start_of_a_range_are_nothing_to_complain_of() {
    try (Client client = fetching()) {
      sendKnown(client, HeaderFetch.MAX_KNOWN_BATCHES);
      client.receive(headers(headers(11, 12)));
      client.checked(client.expectCheck(), new Dag.BatchReply.Done(1));

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
    try (Client client = Client.fetchingHeaders(LOW, HIGH, Optional.of(hash(3)))) {
      sinkHasWork(client, 24_000);
      for (int i = 0; i < 36; i++) {
        client.receive(headers(many));
        client.checked(client.expectCheck(), new Dag.BatchReply.Done(many.size()));
      }
      client.harness().expectNoViolation().expectRunning();

      client.receive(headers(headers(24_000, 24_000)));
      client.checked(client.expectCheck(), new Dag.BatchReply.Done(1));

      assertThat(client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER).detail())
          .contains("864001");
      client.harness().expectStopped();
    }
  }

  @Test
  void two_batches_are_checked_at_once_and_a_third_waits_and_no_fourth_is_asked_for() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      client.receive(headers(headers(14, 15)));
      client.harness().expectNothingSent();
      assertThat(client.harness().pulls(IbdFlow.ANSWERS)).isZero();
      Dag.SubmitHeaders first = client.expectCheck();
      client.expectCheck();

      client.checked(first, new Dag.BatchReply.Done(2));

      assertThat(client.expectCheck().headers()).isEqualTo(headers(14, 15));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
    }
  }

  @Test
  void no_batch_is_asked_for_while_many_bytes_wait_to_be_checked() {
    List<Header> big = IntStream.range(0, 240).mapToObj(SyncSamples::bigHeader).toList();
    try (Client client = fetching()) {
      client.receive(headers(big));
      client.harness().expectNothingSent();

      client.checked(client.expectCheck(), new Dag.BatchReply.Done(big.size()));

      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
    }
  }

  @Test
  void our_own_checking_is_not_counted_as_the_peers_silence() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      client.receive(headers(headers(14, 15)));
      Dag.SubmitHeaders first = client.expectCheck();
      client.expectCheck();

      client.harness().advance(Duration.ofSeconds(50)).expectNothingTold();
      client.checked(first, new Dag.BatchReply.Done(2));
      client.harness().expectSync(Sync.HeadersReceived.class);
      client.harness().advance(Duration.ofSeconds(1));

      client.expectCheck();
      assertThat(client.harness().expectSync(Sync.Silent.class).waited())
          .isEqualTo(Duration.ofSeconds(1));
    }
  }

  @Test
  void the_delivery_tells_how_long_we_waited_for_it() {
    try (Client client = fetching()) {
      client.harness().advance(Duration.ofMillis(750));
      client.receive(headers(headers(10, 11)));
      client.harness().advance(Duration.ofMillis(200));
      client.checked(client.expectCheck(), new Dag.BatchReply.Done(2));

      assertThat(client.harness().expectSync(Sync.HeadersReceived.class).delivery().waited())
          .isEqualTo(Duration.ofMillis(750));
    }
  }

  @Test
  void the_stage_is_done_when_all_is_checked_and_the_sink_is_known() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));
      client.receive(doneHeaders());
      Dag.SubmitHeaders check = client.expectCheck();
      client.harness().expectNothingTold();

      client.checked(check, new Dag.BatchReply.Done(2));
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
    try (Client client = fetching()) {
      client.receive(doneHeaders()).statuses(BlockStatus.UNKNOWN);

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void an_empty_batch_is_a_bad_answer() {
    try (Client client = fetching()) {
      client.receive(headers(List.of()));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_header_that_breaks_a_rule_is_blamed_on_the_peer() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));

      client.checked(
          client.expectCheck(), new Dag.BatchReply.Failed(1, hash(11), "INVALID_POW", "too easy"));

      assertThat(client.harness().expectViolation(ViolationCode.INVALID_HEADER).detail())
          .contains("INVALID_POW", hash(11).toString());
      client.harness().expectStopped();
    }
  }

  @Test
  void a_header_from_the_future_ends_the_connection_without_blame() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));

      client.checked(
          client.expectCheck(),
          new Dag.BatchReply.Failed(0, hash(10), "TIME_TOO_FAR_INTO_THE_FUTURE", "by an hour"));

      client.harness().expectFinished(FlowOutcome.LocalFault.class);
      client.harness().expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_header_before_its_parents_is_a_bad_answer() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));

      client.checked(client.expectCheck(), new Dag.BatchReply.Gap(0, hash(10), List.of(hash(9))));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_header_that_does_not_convert_is_malformed() {
    try (Client client = fetching()) {
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
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      Dag.SubmitHeaders first = client.expectCheck();
      Dag.SubmitHeaders second = client.expectCheck();

      client.checked(first, new Dag.BatchReply.Busy());
      client.checked(second, new Dag.BatchReply.Gap(0, hash(12), List.of(hash(11))));
      client.harness().advance(Duration.ofMillis(100));

      assertThat(client.expectCheck().headers()).isEqualTo(headers(10, 11));
      assertThat(client.expectCheck().headers()).isEqualTo(headers(12, 13));
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @Test
  void answers_of_the_dag_may_come_in_any_order() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));
      client.receive(headers(headers(12, 13)));
      Dag.SubmitHeaders first = client.expectCheck();
      Dag.SubmitHeaders second = client.expectCheck();

      client.checked(second, new Dag.BatchReply.Busy());
      client.checked(first, new Dag.BatchReply.Done(2));
      client.harness().advance(Duration.ofMillis(100));

      Dag.SubmitHeaders again = client.expectCheck();
      assertThat(again.headers()).isEqualTo(headers(12, 13));
      client.checked(again, new Dag.BatchReply.Done(2));
      client.receive(doneHeaders()).statuses(BlockStatus.HEADER_ONLY);
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_peer_that_does_not_send_the_next_batch_in_time_is_unresponsive(boolean first) {
    try (Client client = fetching()) {
      if (!first) {
        client.receive(headers(headers(10, 11)));
        client.checked(client.expectCheck(), new Dag.BatchReply.Done(2));
      }
      client.harness().advance(Duration.ofSeconds(119)).expectRunning();

      client.harness().advance(Duration.ofSeconds(1));

      assertThat(client.harness().expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.BLOCK_HEADERS);
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
    try (Client client = fetching()) {
      client.receive(doneHeaders()).receive(headers(headers(1, 2)));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void a_locator_instead_of_headers_is_unsolicited() {
    try (Client client = fetching()) {
      client.receive(chainLocator(List.of(HIGH)));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 11)));
      client.expectCheck();

      client.harness().loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }
}
