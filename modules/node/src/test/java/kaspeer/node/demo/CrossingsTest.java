package kaspeer.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrossingsTest {
  private final List<String> lines = new ArrayList<>();
  private final Crossings crossings = new Crossings(3, lines::add);

  @Test
  void aCrossingIsToldOnceItReachedTheLastNode() {
    crossings.started("x", "block x", 0, 1_000_000);
    crossings.arrived("x", 2, 31_000_000);
    assertThat(lines).isEmpty();
    assertThat(crossings.awaitedAt(1)).containsExactly("x");
    assertThat(crossings.awaitedAt(2)).isEmpty();
    crossings.arrived("x", 1, 13_000_000);
    crossings.arrived("x", 1, 99_000_000);
    assertThat(lines).containsExactly("block x: A → B 12 ms → C 30 ms");
  }

  @Test
  void aCrossingMayBeginAtAnyNodeAndIsToldInTheOrderOfArrival() {
    crossings.started("x", "payment x", 2, 1_000_000);
    assertThat(crossings.awaitedAt(2)).isEmpty();
    crossings.arrived("x", 2, 2_000_000);
    crossings.arrived("x", 0, 31_000_000);
    crossings.arrived("x", 1, 13_000_000);
    assertThat(lines).containsExactly("payment x: C → B 12 ms → A 30 ms");
  }

  @Test
  void whatBeginsNowhereHasToReachAll() {
    crossings.started("x", "x accepted", Crossings.NOWHERE, 1_000_000);
    crossings.arrived("x", 2, 2_000_000);
    crossings.arrived("x", 1, 3_000_000);
    assertThat(lines).isEmpty();
    crossings.arrived("x", 0, 4_000_000);
    assertThat(lines).containsExactly("x accepted: C 1 ms, B 2 ms, A 3 ms");
  }

  @Test
  void whatWasNotStartedIsOfNoInterest() {
    crossings.arrived("y", 1, 5);
    assertThat(lines).isEmpty();
  }

  @Test
  void whatNeverArrivesIsForgotten() {
    for (int i = 0; i < 1000; i++) {
      crossings.started("x" + i, "block", 0, 1);
    }
    assertThat(crossings.awaitedAt(1)).hasSizeLessThan(300).contains("x999");
  }
}
