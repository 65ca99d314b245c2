package kaspeer.flows.sync;

import static kaspeer.flows.sync.SyncSamples.blocks;
import static kaspeer.flows.sync.SyncSamples.body;
import static kaspeer.flows.sync.SyncSamples.emptyBody;
import static kaspeer.flows.sync.SyncSamples.hashesOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.sync.SyncSamples.Client;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.BlockBodyMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.TransactionMessage;
import org.junit.jupiter.api.Test;

class BodyFetchTest {
  private static Sent fetch(Client client, long assignment, List<Block> blocks) {
    client.tell(new Directive.FetchBodies(assignment, hashesOf(blocks)));
    return client.harness().expectSent(PayloadCase.REQUEST_BLOCK_BODIES);
  }

  private static void answer(Client client, Sent request, List<Block> blocks) {
    blocks.forEach(block -> client.answer(request, body(block)));
  }

  private static Sync.BodiesReceived expectPart(Client client) {
    return client.harness().expectSync(Sync.BodiesReceived.class);
  }

  private static List<Hash> hashes(Sync.BodiesReceived part) {
    return part.bodies().stream().map(Dag.Body::hash).toList();
  }

  @Test
  void bodies_are_asked_for_by_number() {
    try (Client client = Client.start()) {
      Sent request = fetch(client, 1, blocks(1, 3));

      assertThat(request.message().getRequestId()).isNotZero();
      assertThat(request.message().getRequestBlockBodies().getHashesList())
          .isEqualTo(Hashes.toWire(hashesOf(blocks(1, 3))));
    }
  }

  @Test
  void a_complete_answer_is_handed_on_with_the_hashes_asked_for() {
    try (Client client = Client.start()) {
      List<Block> blocks = blocks(1, 3);
      Sent request = fetch(client, 11, blocks);

      answer(client, request, blocks);

      Sync.BodiesReceived part = expectPart(client);
      assertThat(part.assignment()).isEqualTo(11);
      assertThat(part.last()).isTrue();
      assertThat(hashes(part)).isEqualTo(hashesOf(blocks));
      assertThat(part.bodies().getFirst().transactions()).hasSize(1);
      assertThat(part.delivery().items()).isEqualTo(3);
      assertThat(part.delivery().bytes())
          .isEqualTo(part.bodies().stream().mapToLong(Dag.Body::bytes).sum());
      assertThat(client.harness().openQuestions()).isEmpty();
    }
  }

  @Test
  void a_long_answer_comes_in_parts() {
    try (Client client = Client.start()) {
      List<Block> blocks = blocks(1, BodyFetch.PART_BODIES + 1);
      Sent request = fetch(client, 1, blocks);

      answer(client, request, blocks);

      Sync.BodiesReceived first = expectPart(client);
      Sync.BodiesReceived second = expectPart(client);
      assertThat(first.last()).isFalse();
      assertThat(first.bodies()).hasSize(BodyFetch.PART_BODIES);
      assertThat(second.last()).isTrue();
      assertThat(hashes(second)).containsExactly(blocks.getLast().hash());
    }
  }

  @Test
  void a_few_bodies_do_not_wait_long_for_others() {
    try (Client client = Client.start()) {
      List<Block> blocks = blocks(1, 3);
      Sent request = fetch(client, 1, blocks);
      answer(client, request, blocks.subList(0, 2));
      client.harness().expectNothingTold();

      client.harness().advance(Duration.ofMillis(200));

      Sync.BodiesReceived part = expectPart(client);
      assertThat(part.last()).isFalse();
      assertThat(part.bodies()).hasSize(2);
    }
  }

  @Test
  void several_requests_are_open_at_once_and_answered_in_order() {
    try (Client client = Client.start()) {
      Sent first = fetch(client, 1, blocks(1, 2));
      Sent second = fetch(client, 2, blocks(3, 4));
      assertThat(client.harness().openQuestions()).hasSize(2);

      answer(client, first, blocks(1, 2));
      answer(client, second, blocks(3, 4));

      assertThat(expectPart(client).assignment()).isEqualTo(1);
      assertThat(expectPart(client).assignment()).isEqualTo(2);
    }
  }

  @Test
  void an_answer_to_the_second_request_before_the_first_is_complete_is_a_bad_answer() {
    try (Client client = Client.start()) {
      fetch(client, 1, blocks(1, 2));
      Sent second = fetch(client, 2, blocks(3, 4));

      answer(client, second, blocks(3, 3));

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectStopped();
    }
  }

  @Test
  void an_empty_body_is_a_bad_answer_and_never_reaches_the_dag() {
    try (Client client = Client.start()) {
      Sent request = fetch(client, 1, blocks(1, 2));

      client.answer(request, emptyBody());

      client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER);
      client.harness().expectNothingTold().expectStopped();
    }
  }

  @Test
  void a_body_of_nothing_but_unknown_fields_is_empty_too() {
    try (Client client = Client.start()) {
      Sent request = fetch(client, 1, blocks(1, 2));

      client.answer(request, body(blocks(1, 1).getFirst()));
      client.answer(
          request,
          KaspadMessage.newBuilder()
              .setBlockBody(
                  BlockBodyMessage.newBuilder()
                      .setUnknownFields(
                          UnknownFieldSet.newBuilder()
                              .addField(2, UnknownFieldSet.Field.newBuilder().addVarint(5).build())
                              .build())));

      assertThat(client.harness().expectViolation(ViolationCode.BAD_SYNC_ANSWER).detail())
          .isEqualTo("empty body for " + blocks(2, 2).getFirst().hash());
      client.harness().expectNothingTold().expectStopped();
    }
  }

  @Test
  void a_body_is_handed_on_with_its_transactions_and_its_size() {
    try (Client client = Client.start()) {
      List<Block> blocks = blocks(1, 1);
      Sent request = fetch(client, 1, blocks);

      answer(client, request, blocks);

      Dag.Body body = expectPart(client).bodies().getFirst();
      assertThat(body.transactions()).isEqualTo(blocks.getFirst().transactions());
      assertThat(body.bytes())
          .isEqualTo(
              body(blocks.getFirst())
                  .setResponseId(request.message().getRequestId())
                  .build()
                  .getSerializedSize());
    }
  }

  @Test
  void a_body_that_does_not_convert_is_malformed() {
    try (Client client = Client.start()) {
      Sent request = fetch(client, 1, blocks(1, 1));

      client.answer(
          request,
          KaspadMessage.newBuilder()
              .setBlockBody(
                  BlockBodyMessage.newBuilder()
                      .addTransactions(TransactionMessage.getDefaultInstance())));

      client.harness().expectViolation(ViolationCode.MALFORMED_MESSAGE);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_body_by_type_where_a_number_was_given_is_unsolicited() {
    try (Client client = Client.start()) {
      fetch(client, 1, blocks(1, 2));

      client.receive(body(blocks(1, 1).getFirst()));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void one_body_too_many_is_unsolicited() {
    try (Client client = Client.start()) {
      Sent request = fetch(client, 1, blocks(1, 1));

      answer(client, request, blocks(1, 2));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void nothing_is_taken_from_the_peer_while_the_arbiter_does_not_take_what_is_here() {
    try (Client client = Client.start()) {
      List<Block> blocks = blocks(1, 10 * BodyFetch.PART_BODIES);
      Sent request = fetch(client, 1, blocks);
      List<Block> taken = new ArrayList<>();
      for (Block block : blocks) {
        if (client.harness().pulls(IbdFlow.ANSWERS) == 0) {
          break;
        }
        client.answer(request, body(block));
        taken.add(block);
      }

      // Two parts at the arbiter and two that wait, and what was asked for ahead.
      assertThat(taken).hasSizeBetween(4 * BodyFetch.PART_BODIES, 4 * BodyFetch.PART_BODIES + 8);
      expectPart(client);
      expectPart(client);
      client.harness().advance(Duration.ofMinutes(10));
      client.harness().expectNothingTold().expectRunning();

      client.tell(new Directive.Taken()).tell(new Directive.Taken());

      expectPart(client);
      expectPart(client);
      assertThat(client.harness().pulls(IbdFlow.ANSWERS)).isPositive();
    }
  }

  @Test
  void a_peer_that_stops_in_the_middle_is_unresponsive_and_what_it_sent_is_kept() {
    try (Client client = Client.start()) {
      Sent request = fetch(client, 1, blocks(1, 3));
      answer(client, request, blocks(1, 1));

      client.harness().advance(Duration.ofMinutes(2));

      assertThat(expectPart(client).bodies()).hasSize(1);
      assertThat(client.harness().expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.BLOCK_BODY);
      client.harness().expectStopped();
    }
  }

  @Test
  void each_body_gives_the_peer_another_two_minutes_and_the_waiting_is_reported() {
    try (Client client = Client.start()) {
      Sent request = fetch(client, 1, blocks(1, 3));
      for (Block block : blocks(1, 3)) {
        client.harness().advance(Duration.ofSeconds(119));
        client.answer(request, body(block)).tell(new Directive.Taken());
      }
      client.harness().expectRunning();

      Duration waited = Duration.ZERO;
      int parts = 0;
      while (parts < 3) {
        if (nextTold(client) instanceof Sync.BodiesReceived part) {
          waited = waited.plus(part.delivery().waited());
          parts++;
        }
      }
      assertThat(waited).isEqualTo(Duration.ofSeconds(3 * 119));
    }
  }

  private static Sync nextTold(Client client) {
    return client.harness().expectSync(Sync.class);
  }

  @Test
  void what_the_arbiter_blames_the_peer_for_ends_it() {
    try (Client client = Client.start()) {
      client.tell(new Directive.Blame(ViolationCode.STALLED, "too slow"));

      assertThat(client.harness().expectViolation(ViolationCode.STALLED).detail())
          .isEqualTo("too slow");
      client.harness().expectStopped();
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (Client client = Client.start()) {
      List<Block> blocks = blocks(1, 3);
      Sent request = fetch(client, 1, blocks);
      answer(client, request, blocks.subList(0, 1));

      client.harness().loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }
}
