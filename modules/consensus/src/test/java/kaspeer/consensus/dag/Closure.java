package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A DAG both ways; selected parents are those of the highest tree, as in kaspad's own test. */
final class Closure {
  final Reachability reachability;
  final List<BitSet> pasts = new ArrayList<>(List.of(new BitSet()));
  final List<List<Integer>> parents = new ArrayList<>(List.of(List.of()));
  int tip;

  Closure(int depth, long slack) {
    reachability = new Reachability(depth, slack);
    reachability.addGenesis();
  }

  void add(List<Integer> blockParents) {
    int id = pasts.size();
    int selected = blockParents.getFirst();
    BitSet past = new BitSet();
    for (int parent : blockParents) {
      past.or(pasts.get(parent));
      past.set(parent);
      if (reachability.height(parent) > reachability.height(selected)) {
        selected = parent;
      }
    }
    BitSet merged = (BitSet) past.clone();
    merged.andNot(pasts.get(selected));
    merged.clear(selected);
    int[] mergeset = merged.stream().toArray();
    reachability.add(id, selected, mergeset, mergeset.length);
    pasts.add(past);
    parents.add(blockParents);
    if (reachability.height(id) > reachability.height(tip)) {
      tip = id;
      reachability.follow(id);
    }
  }

  void assertSame(int a, int b) {
    assertThat(reachability.isDagAncestor(a, b))
        .as("%d -> %d", a, b)
        .isEqualTo(a == b || pasts.get(b).get(a));
  }

  void assertAllSame() {
    for (int a = 0; a < pasts.size(); a++) {
      for (int b = 0; b < pasts.size(); b++) {
        assertSame(a, b);
      }
    }
  }

  /**
   * Children lie in order and apart within their parent's interval, which ends with the parent's
   * own number.
   */
  void assertIntervals() {
    Intervals tree = reachability.intervals();
    for (int id = 0; id < pasts.size(); id++) {
      long next = tree.start(id);
      assertThat(tree.size(id)).isNotZero();
      for (int i = 0; i < tree.children().size(id); i++) {
        int child = tree.children().get(id, i);
        assertThat(Long.compareUnsigned(next, tree.start(child))).isLessThanOrEqualTo(0);
        assertThat(Long.compareUnsigned(tree.start(child), tree.end(child))).isLessThanOrEqualTo(0);
        next = tree.end(child) + 1;
      }
      assertThat(Long.compareUnsigned(next, tree.end(id))).isLessThanOrEqualTo(0);
    }
  }
}
