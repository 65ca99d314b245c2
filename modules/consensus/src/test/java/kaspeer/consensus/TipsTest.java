package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TipsTest {
  private final Tips tips = new Tips();

  private void add(int id, int... parents) {
    tips.add(id, parents);
  }

  @Test
  void aBlockTakesThePlaceOfItsParents() {
    add(1, 0);
    add(2, 0);
    add(3, 1);
    assertThat(tips.toArray()).containsExactly(2, 3);
    add(4, 2, 3);
    assertThat(tips.toArray()).containsExactly(4);
  }

  @Test
  void whatIsLaidAsideIsNotLookedAtUntilItIsTakenBack() {
    for (int i = 1; i <= 40; i++) {
      add(i, 0);
    }
    tips.layAside(tip -> tip < 38);
    assertThat(tips.toArray()).containsExactly(38, 39, 40);
    assertThat(tips.aside(2)).containsExactly(37, 36);
    assertThat(tips.aside(100)).hasSize(37);
    tips.takeBack();
    assertThat(tips.toArray()).hasSize(40).contains(1, 40);
    assertThat(tips.aside(100)).isEmpty();
  }

  @Test
  void whatIsBuiltOnOneLaidAsideTakesItsPlace() {
    add(1, 0);
    add(2, 0);
    tips.layAside(tip -> tip == 1);
    add(3, 1);
    assertThat(tips.toArray()).containsExactly(2, 3);
    assertThat(tips.aside(10)).isEmpty();
  }
}
