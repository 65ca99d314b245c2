package kaspeer.flows.sync;

import static kaspeer.flows.Samples.hash;
import static kaspeer.flows.sync.SyncSamples.doneHeaders;
import static kaspeer.flows.sync.SyncSamples.headers;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flows.sync.SyncSamples.Client;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;

/** A leader that an operator put another in the place of. */
class StoppedHeadersTest {
  private static final Hash LOW = hash(1);
  private static final Hash HIGH = hash(2);
  private static final Hash LATER = hash(3);

  private static Client fetching() {
    return Client.fetchingHeaders(LOW, HIGH, Optional.empty());
  }

  private static void expectRequest(Client client, Hash high) {
    assertThat(
            client
                .harness()
                .expectSent(PayloadCase.REQUEST_HEADERS)
                .message()
                .getRequestHeaders()
                .getHighHash())
        .isEqualTo(Hashes.toWire(high));
  }

  @Test
  void it_is_asked_for_no_more_and_what_is_here_is_checked() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 12)));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      Dag.SubmitHeaders check = client.expectCheck();

      client.tell(new Directive.StopHeaders());
      client.receive(headers(headers(13, 14)));
      client.checked(check, new Dag.BatchReply.Done(3));

      client.harness().expectSync(Sync.HeadersReceived.class);
      client.harness().expectNothingSent().expectNothingTold().expectNoViolation().expectRunning();
    }
  }

  @Test
  void chosen_again_it_is_asked_anew_only_when_it_has_sent_all() {
    try (Client client = fetching()) {
      client.tell(new Directive.StopHeaders());
      client.receive(headers(headers(10, 12)));
      client.harness().expectNothingSent();

      client.tell(new Directive.FetchHeaders(6, LOW, LATER, Optional.empty()));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      client.receive(headers(headers(13, 14)));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      Sync.HeadersReceived drained = client.harness().expectSync(Sync.HeadersReceived.class);
      assertThat(drained.lease()).isEqualTo(6);
      assertThat(drained.delivery().items()).isEqualTo(2);
      client.receive(doneHeaders());

      expectRequest(client, LATER);
      client.receive(headers(headers(20, 22)));
      client.checked(client.expectCheck(), new Dag.BatchReply.Done(3));
      assertThat(client.harness().expectSync(Sync.HeadersReceived.class).lease()).isEqualTo(6);
      client.harness().expectNoViolation().expectRunning();
    }
  }

  @Test
  void chosen_again_while_batches_are_checked_it_is_asked_when_they_are_in() {
    try (Client client = fetching()) {
      client.receive(headers(headers(10, 12)));
      client.harness().expectSent(PayloadCase.REQUEST_NEXT_HEADERS);
      Dag.SubmitHeaders check = client.expectCheck();

      client.tell(new Directive.FetchHeaders(6, LOW, LATER, Optional.empty()));
      client.receive(doneHeaders());
      client.harness().expectNothingSent();
      client.checked(check, new Dag.BatchReply.Done(3));

      expectRequest(client, LATER);
      client.harness().expectSync(Sync.HeadersReceived.class);
      client.harness().expectNothingTold().expectNoViolation().expectRunning();
    }
  }

  @Test
  void stopped_at_the_very_end_it_is_asked_anew_at_once() {
    try (Client client = fetching()) {
      client.receive(doneHeaders());
      Dag.GetStatuses asked = client.harness().expectDag(Dag.GetStatuses.class);
      client.tell(new Directive.StopHeaders());
      client.tell(new Directive.FetchHeaders(6, LOW, LATER, Optional.empty()));
      expectRequest(client, LATER);

      client
          .harness()
          .reply(
              asked.replyTo(), new Dag.Statuses(asked.hashes(), List.of(BlockStatus.HEADER_ONLY)));

      client.harness().expectNothingTold().expectNoViolation().expectRunning();
    }
  }
}
