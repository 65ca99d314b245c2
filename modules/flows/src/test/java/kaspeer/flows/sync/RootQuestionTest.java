package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.sync.SyncSamples.chainLocator;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flows.sync.SyncSamples.Client;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.testkit.flow.Sent;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class RootQuestionTest {
  private final TestInbox<Sync.RetentionRoot> roots = TestInbox.create();

  private Directive question() {
    return new Directive.TellRetentionRoot(roots.getRef());
  }

  private void expectRoot(Optional<Hash> root) {
    assertThat(roots.getAllReceived()).containsExactly(new Sync.RetentionRoot(root));
  }

  private static void expectRequest(Client client) {
    Sent request = client.harness().expectSent(PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR);
    assertThat(request.message().getRequestIbdChainBlockLocator().hasLowHash()).isFalse();
    assertThat(request.message().getRequestIbdChainBlockLocator().hasHighHash()).isFalse();
    client.harness().expectNothingSent();
  }

  @Test
  void the_history_of_a_peer_begins_where_its_locator_of_the_whole_chain_ends() {
    try (Client client = Client.start().tell(question())) {
      expectRequest(client);
      assertThat(roots.hasMessages()).isFalse();

      client.receive(chainLocator(List.of(hash(9), hash(4))));

      expectRoot(Optional.of(hash(4)));
      assertThat(client.harness().openQuestions()).isEmpty();
      client.harness().expectNothingTold().expectRunning();
    }
  }

  @Test
  void a_peer_whose_chain_is_changing_has_not_told() {
    try (Client client = Client.start().tell(question())) {
      expectRequest(client);

      client.receive(chainLocator(List.of()));

      expectRoot(Optional.empty());
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @Test
  void it_is_not_asked_while_another_locator_is_awaited() {
    try (Client client = Client.start().tell(new Directive.Negotiate(3))) {
      expectRequest(client);

      client.tell(question());

      client.harness().expectNothingSent();
      expectRoot(Optional.empty());
    }
  }

  @Test
  void it_is_asked_once_at_a_time() {
    try (Client client = Client.start().tell(question())) {
      expectRequest(client);

      client.tell(question());

      client.harness().expectNothingSent();
      expectRoot(Optional.empty());
      client.receive(chainLocator(List.of(hash(4))));
      expectRoot(Optional.of(hash(4)));
    }
  }

  @Test
  void a_negotiation_waits_for_the_answer_and_does_not_take_it_for_its_own() {
    try (Client client = Client.start().tell(question())) {
      expectRequest(client);
      client.tell(new Directive.Negotiate(3));
      client.harness().expectNothingSent();

      client.receive(chainLocator(List.of(hash(8), hash(4))));

      expectRoot(Optional.of(hash(4)));
      expectRequest(client);
      client.receive(chainLocator(List.of(hash(9), hash(4))));
      client.statuses(BlockStatus.BODY).statuses(BlockStatus.BODY);
      client.harness().reply(client.harness().expectDag(Dag.IsAncestor.class).replyTo(), true);
      assertThat(client.harness().expectSync(Sync.Negotiated.class).sink()).isEqualTo(hash(9));
    }
  }

  @Test
  void a_peer_that_never_answers_is_unresponsive() {
    try (Client client = Client.start().tell(question())) {
      client.harness().advance(Duration.ofSeconds(119)).expectRunning();

      client.harness().advance(Duration.ofSeconds(1));

      assertThat(client.harness().expectFinished(FlowOutcome.Unresponsive.class).awaited())
          .isEqualTo(PayloadCase.IBD_CHAIN_BLOCK_LOCATOR);
      assertThat(roots.hasMessages()).isFalse();
    }
  }
}
