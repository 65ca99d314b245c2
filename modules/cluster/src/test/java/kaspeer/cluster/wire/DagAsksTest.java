package kaspeer.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What an edge asks of a core comes back to whoever asked as the core's DAG has said it. */
final class DagAsksTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final List<Hash> HASHES =
      List.of(
          Hash.fromHex("01".repeat(32)),
          Hash.fromHex("02".repeat(32)),
          Hash.fromHex("03".repeat(32)));

  private final TestProbe<Dag.LookedUp> asker = KIT.createTestProbe();
  private final Ask lookUp = DagAsks.of(new Dag.LookUp(HASHES, asker.getRef()), _ -> {});

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aLookUpComesBackWithOrphansAndWhatTheyWaitFor() {
    assertThat(Wire.hashes(lookUp.question().getLookUp().getHashesList())).isEqualTo(HASHES);
    Dag.LookedUp said =
        new Dag.LookedUp(
            List.of(
                new Dag.Sighting(HASHES.get(0), BlockStatus.BODY, Optional.empty()),
                new Dag.Sighting(HASHES.get(1), BlockStatus.UNKNOWN, Optional.of(List.of())),
                new Dag.Sighting(HASHES.get(2), BlockStatus.HEADER_ONLY, Optional.of(HASHES))));

    lookUp.onAnswer().accept(DagAnswers.of(said));

    asker.expectMessage(said);
  }

  @Test
  void anAnswerForFewerBlocksIsNone() {
    List<Dag.Sighting> sightings =
        List.of(new Dag.Sighting(HASHES.getFirst(), BlockStatus.BODY, Optional.empty()));

    assertThatThrownBy(() -> lookUp.onAnswer().accept(DagAnswers.of(new Dag.LookedUp(sightings))))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("1 statuses of 3");
    asker.expectNoMessage();
  }
}
