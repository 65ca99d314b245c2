package kaspeer.cluster.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DowningTest {
  private static final List<String> FIVE = List.of("a:1", "b:1", "c:1", "d:1", "e:1");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private static Set<String> decides(String self, List<String> members, List<String> unreachable) {
    Downing downing = new Downing(Duration.ofSeconds(10));
    assertThat(downing.look(self, members, unreachable, 0)).as("too early").isEmpty();
    assertThat(downing.look(self, members, unreachable, 10 * SECOND - 1)).isEmpty();
    return downing.look(self, members, unreachable, 10 * SECOND);
  }

  @Test
  void theGreaterPartPutsTheLesserOut() {
    assertThat(decides("a:1", FIVE, List.of("d:1", "e:1"))).containsExactlyInAnyOrder("d:1", "e:1");
  }

  @Test
  void theLesserPartPutsNobodyOut() {
    assertThat(decides("d:1", FIVE, List.of("a:1", "b:1", "c:1"))).isEmpty();
  }

  @Test
  void ofTwoEqualPartsTheOneWithTheLowestAddressGoesOn() {
    List<String> two = List.of("a:1", "b:1");
    assertThat(decides("a:1", two, List.of("b:1"))).containsExactly("b:1");
    assertThat(decides("b:1", two, List.of("a:1"))).isEmpty();
  }

  @Test
  void oneActsForAllOfItsPart() {
    assertThat(decides("b:1", FIVE, List.of("e:1"))).isEmpty();
    assertThat(decides("b:1", FIVE, List.of("a:1"))).containsExactly("a:1");
  }

  @Test
  void whoComesBackInTimeStays() {
    Downing downing = new Downing(Duration.ofSeconds(10));
    downing.look("a:1", FIVE, List.of("e:1"), 0);
    downing.look("a:1", FIVE, List.of(), 9 * SECOND);
    assertThat(downing.look("a:1", FIVE, List.of("e:1"), 11 * SECOND)).isEmpty();
  }
}
