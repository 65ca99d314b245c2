package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import kaspeer.consensus.TestParams;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParentsByLevel;
import org.junit.jupiter.api.Test;

/**
 * Indirect parents: the tables of kaspad's own tests (kaspa-consensus 2.1.0, parents_builder.rs)
 * with its names. There the DAG begins at a pruning point, 1, of which only the header is known.
 * Here all of it is known: 1 stands on blocks that give it the parents that its header states
 * there.
 */
class KaspadLevelParentsTest {
  private static final Params PARAMS = TestParams.simnet("");

  private final NamedDag dag = new NamedDag(PARAMS, "3000");

  private void block(String name, int level, String... parents) {
    dag.add(name, 0, level, parents);
  }

  /** Computes the parents of a block and compares all its levels; adds it. */
  private void expect(String name, int level, List<String> parents, List<Set<String>> expected) {
    String[] direct = parents.toArray(new String[0]);
    dag.next(direct);
    assertThat(levels(dag.calculator.parentsByLevel())).as(name).isEqualTo(expected);
    block(name, level, direct);
  }

  private List<Set<String>> levels(ParentsByLevel parents) {
    List<Set<String>> levels = new ArrayList<>();
    for (ParentsByLevel.Run run : parents.runs()) {
      Set<String> names =
          run.parents().stream()
              .map(hash -> dag.name(dag.dag.find(hash)))
              .collect(Collectors.toCollection(TreeSet::new));
      while (levels.size() < run.endLevel()) {
        levels.add(names);
      }
    }
    return levels;
  }

  private static Set<String> of(String... names) {
    return new TreeSet<>(List.of(names));
  }

  private static List<Set<String>> levels(Set<String> zero, Set<String> one, Set<String> two) {
    return levels(zero, one, two, of("1001"));
  }

  private static List<Set<String>> levels(
      Set<String> zero, Set<String> one, Set<String> two, Set<String> three) {
    return List.of(zero, one, two, three, of("1002"));
  }

  @Test
  void theTableOfOnePruningPoint() {
    block("2001", 4, "3000");
    block("1002", 4, "2001");
    block("1001", 3, "1002");
    block("1", 0, "1001");
    // Beside the pruning point.
    block("3001", 0, "2001");
    block("3002", 0, "3001");

    Set<String> top = of("1001");
    expect("2", 0, List.of("1"), levels(of("1"), top, top));
    expect("3", 1, List.of("1"), levels(of("1"), top, top));
    expect("4", 0, List.of("2", "3"), levels(of("2", "3"), of("3"), top));
    expect("5", 2, List.of("4"), levels(of("4"), of("3"), top));
    expect("6", 2, List.of("4"), levels(of("4"), of("3"), top));
    expect("7", 0, List.of("5", "6"), levels(of("5", "6"), of("5", "6"), of("5", "6")));
    expect("8", 3, List.of("5"), levels(of("5"), of("5"), of("5")));
    expect("9", 0, List.of("7", "8"), levels(of("7", "8"), of("6", "8"), of("6", "8"), of("8")));
    expect("10", 0, List.of("3001", "1"), levels(of("3001", "1"), top, top));
    expect("11", 0, List.of("3002", "1"), levels(of("3002", "1"), top, top));
  }

  @Test
  void theTableOfTwoParentsBelowThePruningPoint() {
    block("1001", 1, "3000");
    block("1002", 1, "3000");
    block("1", 0, "1001", "1002");

    Set<String> both = of("1001", "1002");
    expect("2", 0, List.of("1"), List.of(of("1"), both));
    expect("3", 0, List.of("1"), List.of(of("1"), both));
    expect("4", 0, List.of("2", "3"), List.of(of("2", "3"), both));
  }
}
