package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.sync.SyncSamples.doneHeaders;
import static kaspeer.flows.sync.SyncSamples.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.sync.SyncSamples.Client;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

/** The last part of fetching headers: the relayed block, with what is between it and the sink. */
class AntipastFetchTest {
  private static final Hash LOW = hash(1);
  private static final Hash HIGH = hash(2);
  private static final Hash RELAYED = hash(3);

  /** All up to the sink is here, the relayed block is not. */
  private static Client atAntipast() {
    Client client = Client.fetchingHeaders(LOW, HIGH, Optional.of(RELAYED));
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
      Dag.SubmitHeaders check = client.expectCheck();
      client.receive(doneHeaders());
      client.checked(check, new Dag.BatchReply.Done(2));
      client.harness().expectNothingSent();
      client.harness().expectSync(Sync.HeadersReceived.class);
      client.statuses(BlockStatus.HEADER_ONLY);

      client.harness().expectSync(Sync.HeadersDone.class);
      assertThat(client.harness().openQuestions()).isEmpty();
    }
  }

  @Test
  void a_relayed_block_that_is_known_by_then_needs_no_antipast() {
    try (Client client = Client.fetchingHeaders(LOW, HIGH, Optional.of(RELAYED))) {
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
}
