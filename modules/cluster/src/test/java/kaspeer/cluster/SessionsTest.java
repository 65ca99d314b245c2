package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.cluster.edge.EdgeState;
import kaspeer.cluster.proto.Attach;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.engine.metrics.Metrics;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Edges that a core does not take in. */
final class SessionsTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  private final TestProbe<MessageLite> edge = KIT.createTestProbe(MessageLite.class);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** What a core whose engine does not run yet says to an edge of this version. */
  private Detach answer(int version) {
    Shared shared =
        new Shared(
            TestMember.options(
                Set.of(ClusterOptions.Role.CORE),
                TestMember.addresses(1).getFirst(),
                List.of(),
                TestMember.TIMES,
                Optional.empty()),
            new EdgeState(TestMember.genesis()),
            new ClusterMetrics(new Metrics()));
    Attach attach = Attach.newBuilder().setEdge("edge").setSession(7).setVersion(version).build();
    KIT.<ClusterAgent.Command>spawn(
        Behaviors.setup(
            context -> {
              new Sessions(shared, context).attach(attach, edge.getRef());
              return Behaviors.empty();
            }));
    return edge.expectMessageClass(Detach.class);
  }

  @Test
  void anEdgeOfAnotherVersionHearsWhichThisOneIs() {
    int ours = ClusterSerializer.SESSION_VERSION;
    for (int theirs : new int[] {ours + 1, -1}) {
      Detach refused = answer(theirs);
      assertThat(refused.getSession()).isEqualTo(7);
      assertThat(refused.getReason())
          .contains("version " + ours + " ", "not " + Integer.toUnsignedLong(theirs) + ":");
    }
  }

  @Test
  void anEdgeOfTheSameVersionHearsThatNoneIsTakenInNow() {
    assertThat(answer(ClusterSerializer.SESSION_VERSION).getReason()).doesNotContain("version");
  }
}
