package kaspeer.cluster.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.cluster.ClusterOptions;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.cluster.ClusterOptions.Times;
import kaspeer.primitives.Network;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An edge between cores that will not have it, or do not answer. */
final class CoreChoiceTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Cores.Seen FIRST = core("first", 1_000);
  private static final Cores.Seen SECOND = core("second", 1_000);

  /** Farther behind than those, and so none that is chosen before them. */
  private static final Cores.Seen THIRD = core("third", 100);

  private final CoreChoice choice =
      new CoreChoice(
          new ClusterOptions(
              Network.SIMNET,
              Set.of(Role.EDGE),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
              List.of(),
              Optional.empty(),
              Times.DEFAULT));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** One that is heard of for as long as the test runs. */
  private static Cores.Seen core(String name, long daaScore) {
    long soon = System.nanoTime() + 600_000_000_000L;
    return new Cores.Seen(
        name, KIT.createTestProbe(MessageLite.class).getRef(), true, daaScore, soon, false);
  }

  private Cores.Seen next(Cores.Seen... cores) {
    return choice.next(List.of(cores)).orElseThrow();
  }

  private void refuses(Cores.Seen core) {
    Session session = new Session(core);
    choice.sentAway(session);
    choice.left(session);
  }

  private void isSilent(Cores.Seen core) {
    choice.left(new Session(core));
  }

  @Test
  void aCoreThatWillNotHaveItIsNotAskedAgainAtOnce() {
    refuses(FIRST);
    assertThat(choice.next(List.of(FIRST))).isEmpty();
    assertThat(next(FIRST, THIRD)).isEqualTo(THIRD);
  }

  @Test
  void theOneThatWouldHaveItIsFoundBesideTwoThatWillNot() {
    refuses(next(FIRST, SECOND, THIRD));
    refuses(next(FIRST, SECOND, THIRD));
    assertThat(next(FIRST, SECOND, THIRD)).isEqualTo(THIRD);
  }

  @Test
  void theOneThatAnswersIsFoundBesideTwoThatDoNot() {
    isSilent(next(FIRST, SECOND, THIRD));
    isSilent(next(FIRST, SECOND, THIRD));
    assertThat(next(FIRST, SECOND, THIRD)).isEqualTo(THIRD);
  }

  @Test
  void oneThatDidNotAnswerIsAskedAgainWhenThereIsNoOther() {
    isSilent(FIRST);
    assertThat(next(FIRST)).isEqualTo(FIRST);
    isSilent(SECOND);
    assertThat(next(FIRST, SECOND)).isEqualTo(FIRST);
  }
}
