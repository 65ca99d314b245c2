package kaspeer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kaspeer.cluster.ClusterOptions.Role;
import kaspeer.cluster.edge.EdgeState;
import kaspeer.cluster.members.SharedMap;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.metrics.Metrics;
import org.junit.jupiter.api.Test;

/** Members that write into one map, of which the last writer wins, and hear of it when told to. */
final class SharedDecisionsTest {
  private static final String X = "198.51.100.1";
  private static final long HOUR = 3_600_000;

  private final Map<String, String> map = new HashMap<>();
  private final Member one = new Member(new Decisions());
  private final Member other = new Member(new Decisions());

  private final class Member {
    private final Decisions decisions;
    private final SharedDecisions shared;
    private final List<String> done = new ArrayList<>();

    Member(Decisions decisions) {
      this.decisions = decisions;
      this.shared =
          new SharedDecisions(
              "ban",
              decisions,
              this::write,
              (subject, now, _) -> done.add((now.holds() ? "+" : "-") + subject));
    }

    private void write(SharedMap.Command command) {
      switch (command) {
        case SharedMap.Put(var key, var value) -> map.put(key, value);
        case SharedMap.Remove(var key) -> map.remove(key);
        default -> throw new AssertionError(command);
      }
    }

    void decide(boolean holds, long until, long now) {
      decisions.decide(X, holds, until, "noise", now);
      shared.share(X);
    }

    void hear(long now) {
      shared.onChange(Map.copyOf(map));
      shared.takeOver(now);
    }

    void review(long now) {
      shared.onChange(Map.copyOf(map));
      shared.review(now);
    }
  }

  @Test
  void whatOneDecidesFollowsAtTheOthers() {
    one.decide(true, HOUR, 1);
    other.hear(2);
    other.decide(false, HOUR, 3);
    one.hear(4);
    assertThat(other.done).containsExactly("+" + X);
    assertThat(one.done).containsExactly("-" + X);
    assertThat(one.decisions.holds(X)).isFalse();
  }

  @Test
  void whoWasAwayDoesNotBringBackWhatWasLifted() {
    one.decide(true, HOUR, 1);
    other.hear(2);
    one.decide(false, HOUR, 3);
    // It comes back, and writes before it has heard of anything.
    Member back = new Member(other.decisions);
    back.shared.review(4);
    assertThat(map.get(X)).as("the last writer wins").startsWith("holds");
    one.hear(5);
    assertThat(one.done).as("but not here").isEmpty();
    one.review(6);
    back.hear(7);
    assertThat(back.done).containsExactly("-" + X);
    one.review(8);
    back.review(8);
    assertThat(map.get(X)).startsWith("lifted");
  }

  @Test
  void whatWasDecidedWhileThereWereNoActorsIsToldAfterwards() {
    other.decisions.decide(X, true, HOUR, "noise", 1);
    new Member(other.decisions).shared.review(2);
    one.hear(3);
    assertThat(one.done).containsExactly("+" + X);
  }

  @Test
  void aBanOfAnEarlierRunIsToldOfAndYieldsToWhateverWasDecidedSince() {
    one.decide(true, HOUR, 1);
    one.decide(false, HOUR, 2);
    other.decisions.recall(X, HOUR, "stored");
    other.hear(3);
    assertThat(other.done).containsExactly("-" + X);
    map.clear();
    Member alone = new Member(new Decisions());
    alone.decisions.recall(X, HOUR, "stored");
    alone.review(4);
    assertThat(map.get(X)).isEqualTo("holds 0 " + HOUR + " stored");
  }

  @Test
  void anEntryThatIsMissingLiftsNothing() {
    one.decide(true, HOUR, 1);
    other.hear(2);
    map.clear();
    one.hear(3);
    other.hear(3);
    assertThat(one.done).isEmpty();
    assertThat(other.done).containsExactly("+" + X);
    other.review(4);
    assertThat(map).containsKey(X);
  }

  @Test
  void aLiftCountsThoughTheBanBearsTheTimeOfAClockThatIsAhead() {
    long ahead = 25 * HOUR;
    one.decide(true, ahead + HOUR, ahead);
    other.hear(1);
    other.decide(false, ahead + HOUR, 2);
    one.hear(ahead + 1);
    assertThat(one.done).containsExactly("-" + X);
  }

  @Test
  void whatIsOverIsForgottenAndLeavesTheMapInTheEnd() {
    one.decide(true, HOUR, 1);
    for (int i = 0; i < SharedDecisions.SWEEP; i++) {
      one.review(HOUR + 1);
    }
    assertThat(map).as("others may have another clock").containsKey(X);
    for (int i = 0; i < SharedDecisions.SWEEP; i++) {
      one.review(3 * HOUR);
    }
    assertThat(map).isEmpty();
    assertThat(one.decisions.get(X)).isNull();
  }

  @Test
  void whatMakesNoSenseHurtsNoOther() {
    map.putAll(Map.of("a", "", "b", "soon", "c", "holds x 1 ", "d", "holds 1 1"));
    one.decide(true, HOUR, 1);
    other.hear(2);
    assertThat(other.done).containsExactly("+" + X);
    assertThat(Decision.parse(new Decision(true, 5, 6, "").text()))
        .contains(new Decision(true, 5, 6, ""));
  }

  private static Shared shared() {
    return new Shared(
        TestMember.options(
            Set.of(Role.EDGE),
            TestMember.addresses(1).getFirst(),
            List.of(),
            TestMember.TIMES,
            Optional.empty()),
        new EdgeState(TestMember.genesis()),
        new ClusterMetrics(new Metrics()));
  }

  @Test
  void whatIsOverOrEvictedAtOneMemberIsLiftedByNobody() {
    Shared shared = shared();
    shared.note(new NodeEvent.Banned(X, "noise", Duration.ofHours(24)));
    shared.note(new NodeEvent.Unbanned(X, false));
    assertThat(shared.bans.holds(X)).as("evicted").isTrue();
    shared.bans.decide(X, true, System.currentTimeMillis(), "noise", 1);
    shared.note(new NodeEvent.Unbanned(X, false));
    assertThat(shared.bans.get(X)).as("over, and no word of it to others").isNull();
    shared.note(new NodeEvent.Banned(X, "noise", Duration.ofHours(24)));
    shared.note(new NodeEvent.Unbanned(X));
    assertThat(shared.bans.get(X)).matches(last -> last != null && !last.holds());
  }

  @Test
  void whatHappensBecauseAnotherMemberSaidSoIsNoDecisionHere() {
    Shared shared = shared();
    long until = System.currentTimeMillis() + HOUR;
    NodeEvent banned = new NodeEvent.Banned(X, "noise", Duration.ofHours(1));
    shared.bans.hear(X, new Decision(true, 7, until, "noise"));
    shared.echoes.add(banned);
    // Lifted before the engine has come to the ban.
    shared.bans.hear(X, new Decision(false, 8, until, ""));
    shared.note(banned);
    assertThat(shared.bans.holds(X)).isFalse();
    shared.note(banned);
    assertThat(shared.bans.holds(X)).as("this one is the engine's own").isTrue();
  }
}
