package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.sync.SyncSamples.chainLocator;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.Samples;
import kaspeer.flows.sync.SyncSamples.Client;
import kaspeer.primitives.BlockStatus;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

class ChainSearchTest {
  private static final long PEER = 7;

  private static Client negotiating() {
    return Client.start().tell(new Directive.Negotiate(3));
  }

  private static Sent expectRequest(Client client) {
    return client.harness().expectSent(PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR);
  }

  @Test
  void a_flow_does_nothing_until_it_is_told() {
    try (Client client = Client.start()) {
      client.harness().expectNothingSent().expectNothingTold();
      assertThat(client.harness().pulls(IbdFlow.ANSWERS)).isZero();
    }
  }

  @Test
  void a_peer_whose_sink_is_known_is_found_with_one_request_by_type() {
    try (Client client = negotiating()) {
      Sent request = expectRequest(client);
      assertThat(request.message().getRequestId()).isZero();
      assertThat(request.message().getRequestIbdChainBlockLocator().hasLowHash()).isFalse();
      assertThat(request.message().getRequestIbdChainBlockLocator().hasHighHash()).isFalse();

      client
          .receive(chainLocator(List.of(hash(9), hash(1))))
          .statuses(BlockStatus.BODY)
          .statuses(BlockStatus.BODY);
      Dag.IsAncestor asked = client.harness().expectDag(Dag.IsAncestor.class);
      client.harness().reply(asked.replyTo(), true);

      assertThat(client.harness().expectSync(Sync.Negotiated.class))
          .isEqualTo(new Sync.Negotiated(PEER, 3, hash(9), hash(9)));
      assertThat(asked.descendant()).isEqualTo(hash(9));
      assertThat(client.harness().openQuestions()).isEmpty();
    }
  }

  @Test
  void the_search_zooms_in_between_the_highest_known_and_the_lowest_unknown_block() {
    try (Client client = negotiating()) {
      expectRequest(client);
      client.receive(chainLocator(List.of(hash(9), hash(5), hash(1))));
      Dag.GetStatuses asked = client.harness().expectDag(Dag.GetStatuses.class);
      client.statuses(
          asked, List.of(BlockStatus.UNKNOWN, BlockStatus.HEADER_ONLY, BlockStatus.BODY));

      Sent zoom = expectRequest(client);
      assertThat(zoom.message().getRequestIbdChainBlockLocator().getLowHash())
          .isEqualTo(kaspeer.wire.Hashes.toWire(hash(5)));
      assertThat(zoom.message().getRequestIbdChainBlockLocator().getHighHash())
          .isEqualTo(kaspeer.wire.Hashes.toWire(hash(9)));
      client.receive(chainLocator(List.of(hash(9), hash(5)))).statuses(BlockStatus.BODY);
      client.harness().reply(client.harness().expectDag(Dag.IsAncestor.class).replyTo(), true);

      assertThat(client.harness().expectSync(Sync.Negotiated.class))
          .isEqualTo(new Sync.Negotiated(PEER, 3, hash(9), hash(5)));
    }
  }

  @Test
  void a_peer_without_a_shared_block_is_unsuitable_but_not_blamed() {
    try (Client client = negotiating()) {
      client.receive(chainLocator(List.of(hash(9), hash(8)))).statuses(BlockStatus.UNKNOWN);

      assertThat(client.harness().expectSync(Sync.Unsuitable.class).refusal())
          .isEqualTo(Sync.Refusal.NEEDS_PRUNING_POINT_PROOF);
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @Test
  void a_peer_that_has_pruned_what_we_lack_is_unsuitable_but_not_blamed() {
    try (Client client = negotiating()) {
      client
          .receive(chainLocator(List.of(hash(9), hash(8))))
          .statuses(BlockStatus.HEADER_ONLY)
          .statuses(BlockStatus.HEADER_ONLY);

      assertThat(client.harness().expectSync(Sync.Unsuitable.class).refusal())
          .isEqualTo(Sync.Refusal.NEEDS_PRUNING_CATCH_UP);
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @Test
  void an_unknown_pruning_point_below_a_known_block_is_a_bad_locator() {
    try (Client client = negotiating()) {
      client
          .receive(chainLocator(List.of(hash(9), hash(8))))
          .statuses(BlockStatus.HEADER_ONLY)
          .statuses(BlockStatus.UNKNOWN);

      client.harness().expectViolation(ViolationCode.BAD_LOCATOR);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_chain_that_leaves_ours_below_our_pruning_point_is_a_finality_conflict() {
    try (Client client = negotiating()) {
      client
          .receive(chainLocator(List.of(hash(9), hash(8))))
          .statuses(BlockStatus.BODY)
          .statuses(BlockStatus.BODY);
      client.harness().reply(client.harness().expectDag(Dag.IsAncestor.class).replyTo(), false);

      client.harness().expectViolation(ViolationCode.FINALITY_CONFLICT);
      client.harness().expectStopped();
    }
  }

  @Test
  void an_invalid_block_on_the_peers_chain_is_a_bad_locator() {
    try (Client client = negotiating()) {
      client.receive(chainLocator(List.of(hash(9), hash(8)))).statuses(BlockStatus.INVALID);

      client.harness().expectViolation(ViolationCode.BAD_LOCATOR);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_hash_that_is_too_short_is_malformed() {
    try (Client client = negotiating()) {
      client.receive(
          KaspadMessage.newBuilder()
              .setIbdChainBlockLocator(
                  IbdChainBlockLocatorMessage.newBuilder()
                      .addBlockLocatorHashes(kaspeer.wire.proto.Hash.getDefaultInstance())));

      client.harness().expectViolation(ViolationCode.MALFORMED_MESSAGE);
      client.harness().expectStopped();
    }
  }

  @Test
  void the_first_locator_may_take_two_minutes() {
    try (Client client = negotiating()) {
      client.harness().advance(Duration.ofSeconds(119)).expectRunning();

      client.harness().advance(Duration.ofSeconds(1));

      assertThat(client.harness().expectFinished(FlowOutcome.Unresponsive.class))
          .isEqualTo(
              new FlowOutcome.Unresponsive(
                  PayloadCase.IBD_CHAIN_BLOCK_LOCATOR, Duration.ofMinutes(2)));
      client.harness().expectStopped();
    }
  }

  @Test
  void a_zoomed_locator_may_take_ten_seconds() {
    try (Client client = negotiating()) {
      client.receive(chainLocator(List.of(hash(9), hash(5))));
      Dag.GetStatuses asked = client.harness().expectDag(Dag.GetStatuses.class);
      client.statuses(asked, List.of(BlockStatus.UNKNOWN, BlockStatus.BODY));
      client.harness().advance(Duration.ofSeconds(9)).expectRunning();

      client.harness().advance(Duration.ofSeconds(1));

      assertThat(client.harness().expectFinished(FlowOutcome.Unresponsive.class).waited())
          .isEqualTo(IbdFlow.ZOOM_TIMEOUT);
    }
  }

  @Test
  void silence_is_reported_every_second_but_not_while_the_dag_is_asked() {
    try (Client client = negotiating()) {
      client.harness().advance(Duration.ofSeconds(2));
      assertThat(client.harness().expectSync(Sync.Silent.class))
          .isEqualTo(new Sync.Silent(PEER, Duration.ofSeconds(1)));
      assertThat(client.harness().expectSync(Sync.Silent.class))
          .isEqualTo(new Sync.Silent(PEER, Duration.ofSeconds(2)));

      client.receive(chainLocator(List.of(hash(9), hash(5))));
      client.harness().expectDag(Dag.GetStatuses.class);
      client.harness().advance(Duration.ofMinutes(1)).expectNothingTold();
    }
  }

  @Test
  void a_dag_that_never_answers_ends_the_flow_without_blame() {
    try (Client client = negotiating()) {
      client.receive(chainLocator(List.of(hash(9), hash(5))));

      client.harness().advance(Duration.ofMinutes(3));

      client.harness().expectFinished(FlowOutcome.LocalFault.class);
      client.harness().expectNoViolation().expectStopped();
    }
  }

  @Test
  void a_second_negotiation_starts_anew_and_ignores_what_belongs_to_the_first() {
    try (Client client = negotiating()) {
      client.receive(chainLocator(List.of(hash(9), hash(1))));
      Dag.GetStatuses old = client.harness().expectDag(Dag.GetStatuses.class);
      client.tell(new Directive.Negotiate(4));
      client.receive(chainLocator(List.of(hash(10), hash(1))));
      client.statuses(old, List.of(BlockStatus.BODY, BlockStatus.BODY));
      client.statuses(BlockStatus.BODY).statuses(BlockStatus.BODY);
      client.harness().reply(client.harness().expectDag(Dag.IsAncestor.class).replyTo(), true);

      assertThat(client.harness().expectSync(Sync.Negotiated.class))
          .isEqualTo(new Sync.Negotiated(PEER, 4, hash(10), hash(10)));
    }
  }

  @Test
  void an_answer_still_due_to_the_first_negotiation_is_not_taken_for_one_to_the_second() {
    try (Client client = negotiating()) {
      expectRequest(client);
      client.receive(chainLocator(List.of(hash(9), hash(5), hash(1))));
      Dag.GetStatuses asked = client.harness().expectDag(Dag.GetStatuses.class);
      client.statuses(asked, List.of(BlockStatus.UNKNOWN, BlockStatus.BODY, BlockStatus.BODY));
      expectRequest(client);

      client.tell(new Directive.Negotiate(4)).tell(new Directive.Negotiate(5));
      client.harness().expectNothingSent();
      client.receive(chainLocator(List.of(hash(9), hash(7), hash(5))));

      assertThat(expectRequest(client).message().getRequestIbdChainBlockLocator().hasLowHash())
          .isFalse();
      client.receive(chainLocator(List.of(hash(10), hash(1))));
      client.statuses(BlockStatus.BODY).statuses(BlockStatus.BODY);
      client.harness().reply(client.harness().expectDag(Dag.IsAncestor.class).replyTo(), true);
      assertThat(client.harness().expectSync(Sync.Negotiated.class))
          .isEqualTo(new Sync.Negotiated(PEER, 5, hash(10), hash(10)));
      assertThat(client.harness().openQuestions()).isEmpty();
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @Test
  void an_answer_to_the_first_negotiation_that_never_comes_is_still_missed() {
    try (Client client = negotiating()) {
      client.tell(new Directive.Negotiate(4));
      client.harness().advance(Duration.ofMinutes(2));

      client.harness().expectFinished(FlowOutcome.Unresponsive.class);
      client.harness().expectStopped();
    }
  }

  @Test
  void a_locator_that_nobody_asked_for_is_unsolicited() {
    try (Client client = Client.start()) {
      client.receive(chainLocator(Samples.hashes(3)));

      client.harness().expectViolation(ViolationCode.UNSOLICITED_ANSWER);
    }
  }

  @Test
  void when_the_peer_goes_the_flow_goes_without_a_word() {
    try (Client client = negotiating()) {
      expectRequest(client);

      client.harness().loseLink().expectStopped().expectNoViolation().expectNothingTold();
    }
  }
}
