package kaspeer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import kaspeer.engine.sync.ArbiterHarness.Peer;
import kaspeer.engine.sync.SyncControl.RotateReply;
import kaspeer.flow.peers.Sync.Directive;
import org.junit.jupiter.api.Test;

/** An operator puts another peer in the place of the one that leads a sync. */
final class SyncRotationTest {
  @Test
  void amongHeadersAnotherPeerGoesOnFromThereAndNobodyIsBlamed() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      Peer first = harness.join(1).offers(10);
      first.negotiated(first.expectNegotiate(), 10, 0);
      long lease = first.expectFetchHeaders().lease();
      Peer other = harness.join(2).offers(9);
      first.deliversHeaders(lease, 6, 6, Duration.ofMillis(5));

      assertThat(harness.rotate()).isEqualTo(new RotateReply.Rotated(1, 2, "negotiation"));

      first.expectStopHeaders();
      assertThat(harness.status().peer()).isEqualTo(2);
      assertThat(harness.status().stalls()).isZero();
      other.negotiated(other.expectNegotiate(), 9, 6);
      assertThat(other.expectFetchHeaders().low()).isEqualTo(harness.chain.hash(6));
      // What the first still brings under its old lease moves nothing on.
      first.headersDone(lease, 10).expectNothing();
      assertThat(harness.status().stage()).isEqualTo("headers");
    }
  }

  @Test
  void amongBodiesTheWorkOfTheLeaderGoesToTheOthersAndTheSyncCompletes() {
    try (ArbiterHarness harness = ArbiterHarness.start(600, ArbiterHarness::withLittleWork)) {
      Peer leader = harness.join(1).offers(600);
      Peer other = harness.join(2).announces(600);
      leader.leadsTo(600, 0);
      leader.expectFetchBodies();
      harness.seconds(1);
      other.negotiated(other.expectNegotiate(), 600, 600);

      assertThat(harness.rotate()).isEqualTo(new RotateReply.Rotated(1, 2, "bodies"));

      assertThat(harness.status().peer()).isEqualTo(2);
      for (int fetched = 0; fetched < 600; ) {
        Directive.FetchBodies request = other.expectFetchBodies();
        fetched = other.numbers(request.hashes()).getLast();
        other.delivers(request);
      }
      harness.awaitSink(600);
      harness.awaitIdle();
      assertThat(harness.status().stalls()).isZero();
    }
  }

  @Test
  void withNobodyElseEverythingStaysAsItIs() {
    try (ArbiterHarness harness = ArbiterHarness.start(10)) {
      assertThat(harness.rotate()).isEqualTo(new RotateReply.Refused("no sync is under way"));
      Peer only = harness.join(1).offers(10);
      only.expectNegotiate();

      assertThat(harness.rotate())
          .isEqualTo(new RotateReply.Refused("no other peer has what is missing"));

      assertThat(harness.status().peer()).isEqualTo(1);
      only.expectNothing();
    }
  }
}
