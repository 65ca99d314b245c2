package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import kaspeer.primitives.ParentsByLevel.Run;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ParentsByLevelTest {
  private static final List<Hash> A = List.of(Samples.hash(1));
  private static final List<Hash> B = List.of(Samples.hash(2));

  /** Few different levels, so that runs occur. */
  @Provide
  Arbitrary<List<List<Hash>>> levels() {
    Arbitrary<Hash> hash = Arbitraries.integers().between(1, 2).map(Samples::hash);
    return hash.list().ofMaxSize(2).list().ofMaxSize(255);
  }

  @Property(tries = 300)
  void compressionLosesNothing(@ForAll("levels") List<List<Hash>> levels) {
    ParentsByLevel parents = ParentsByLevel.ofLevels(levels);
    assertThat(parents.toLevels()).isEqualTo(levels);
    assertThat(parents.levels()).isEqualTo(levels.size());
    for (int level = 0; level < levels.size(); level++) {
      assertThat(parents.at(level)).isEqualTo(levels.get(level));
    }
    assertThat(new ParentsByLevel(parents.runs())).isEqualTo(parents);
  }

  @Test
  void aLevelThatIsNotListedHasNoParents() {
    assertThatThrownBy(() -> ParentsByLevel.ofLevels(List.of(A)).at(1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(ParentsByLevel.NONE.direct()).isEmpty();
  }

  @Test
  void runsMustEndHigherThanTheOneBefore() {
    assertRefused(List.of(new Run(0, A)), "rise");
    assertRefused(List.of(new Run(2, A), new Run(2, B)), "rise");
  }

  @Test
  void thereAreAtMost255Levels() {
    assertRefused(List.of(new Run(256, A)), "255");
    assertThat(new ParentsByLevel(List.of(new Run(255, A))).levels()).isEqualTo(255);
  }

  @Test
  void neighboursWithTheSameParentsMustShareARun() {
    assertRefused(List.of(new Run(1, A), new Run(2, A)), "share a run");
  }

  @Test
  void allLevelsTogetherAreBounded() {
    List<Hash> full = Collections.nCopies(2048, Samples.hash(1));
    List<Hash> over = Collections.nCopies(2049, Samples.hash(1));
    assertThat(new ParentsByLevel(List.of(new Run(255, full))).direct()).hasSize(2048);
    assertRefused(List.of(new Run(255, over)), "over all levels");
  }

  private static void assertRefused(List<Run> runs, String message) {
    assertThatThrownBy(() -> new ParentsByLevel(runs))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
