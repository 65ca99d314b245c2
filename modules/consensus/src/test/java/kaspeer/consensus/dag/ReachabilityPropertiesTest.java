package kaspeer.consensus.dag;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Reachability of random DAGs against the transitive closure. */
class ReachabilityPropertiesTest {
  @Property(tries = 200)
  void randomDagsHaveTheAncestorsOfTheirClosure(@ForAll long seed) {
    Random random = new Random(seed);
    Closure closure = new Closure(1 + random.nextInt(20), 1 + random.nextInt(12));
    List<List<Integer>> shape =
        RandomDags.parents(
            random, 20 + random.nextInt(180), 1 + random.nextInt(6), random.nextInt(12));
    shape.subList(1, shape.size()).forEach(closure::add);
    closure.assertIntervals();
    closure.assertAllSame();
  }

  @Property(tries = 100)
  void aRebuiltTreeAnswersTheSameAndGrowsOn(@ForAll long seed) {
    Random random = new Random(seed);
    int depth = 1 + random.nextInt(20);
    List<List<Integer>> shape = RandomDags.parents(random, 150, 4, 8);
    Closure built = new Closure(depth, 4);
    shape.subList(1, 100).forEach(built::add);
    Closure rebuilt = new Closure(depth, 4);
    for (int id = 1; id < 100; id++) {
      rebuilt.reachability.link(id, built.reachability.intervals().parent(id));
    }
    rebuilt.reachability.rebuild(built.tip);
    for (int id = 1; id < 100; id++) {
      BitSet merged = (BitSet) built.pasts.get(id).clone();
      int selected = built.reachability.intervals().parent(id);
      merged.andNot(built.pasts.get(selected));
      merged.clear(selected);
      rebuilt.reachability.cover(id, merged.stream().toArray(), 0, merged.cardinality());
    }
    rebuilt.pasts.addAll(built.pasts.subList(1, 100));
    rebuilt.parents.addAll(built.parents.subList(1, 100));
    rebuilt.tip = built.tip;
    rebuilt.assertIntervals();
    rebuilt.assertAllSame();
    shape.subList(100, 150).forEach(rebuilt::add);
    rebuilt.assertIntervals();
    rebuilt.assertAllSame();
  }
}
