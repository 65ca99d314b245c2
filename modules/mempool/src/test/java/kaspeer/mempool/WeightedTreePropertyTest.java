package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import kaspeer.mempool.WeightedTree.Node;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The tree against a sorted map that adds everything up. Weights are whole, so sums are exact. */
class WeightedTreePropertyTest {
  @Property(tries = 200)
  void theTreeDoesAsASortedMapDoes(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    WeightedTree<Integer> tree = new WeightedTree<>(Comparator.naturalOrder(), random);
    Map<Integer, Node<Integer>> nodes = new TreeMap<>();
    TreeMap<Integer, Integer> model = new TreeMap<>();
    for (int step = 0; step < 120; step++) {
      int item = random.nextInt(60);
      int weight = random.nextInt(4) == 0 ? 0 : random.nextInt(1, 1000);
      Node<Integer> node = nodes.get(item);
      if (node == null) {
        nodes.put(item, tree.add(item, weight));
        model.put(item, weight);
      } else if (random.nextBoolean()) {
        tree.setWeight(node, weight);
        model.put(item, weight);
      } else {
        tree.remove(node);
        nodes.remove(item);
        model.remove(item);
      }
      agree(tree, nodes, model, random);
    }
  }

  private static void agree(
      WeightedTree<Integer> tree,
      Map<Integer, Node<Integer>> nodes,
      NavigableMap<Integer, Integer> model,
      SplittableRandom random) {
    int total = model.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(tree.size()).isEqualTo(model.size());
    assertThat(tree.total()).isEqualTo(total);
    List<Integer> descending = new ArrayList<>();
    for (Node<Integer> node = tree.last(); node != null; node = tree.previous(node)) {
      descending.add(node.item);
    }
    assertThat(descending).containsExactlyElementsOf(model.descendingKeySet());
    int sum = 0;
    for (Map.Entry<Integer, Integer> item : model.entrySet()) {
      sum += item.getValue();
      Node<Integer> node = nodes.get(item.getKey());
      assertThat(node).isNotNull();
      if (node != null) {
        assertThat(tree.weightThrough(node)).isEqualTo(sum);
      }
    }
    for (int i = 0; i < 5; i++) {
      double uniform = random.nextInt(1024) / 1024.0;
      assertThat(itemOf(tree.draw(uniform))).isEqualTo(drawn(model, uniform * total));
    }
  }

  private static @Nullable Integer itemOf(@Nullable Node<Integer> node) {
    return node == null ? null : node.item;
  }

  private static @Nullable Integer drawn(NavigableMap<Integer, Integer> model, double point) {
    double sum = 0;
    for (Map.Entry<Integer, Integer> item : model.entrySet()) {
      sum += item.getValue();
      if (point < sum) {
        return item.getKey();
      }
    }
    return null;
  }

  /** As a difference of sums, what is left of a small weight beside a huge one would be 0. */
  @Example
  void aSmallWeightIsThereAgainWhenAHugeOneGoes() {
    WeightedTree<Integer> tree =
        new WeightedTree<>(Comparator.naturalOrder(), new SplittableRandom(1));
    Node<Integer> small = tree.add(1, 1e-30);
    Node<Integer> huge = tree.add(2, 1e40);
    assertThat(tree.draw(0.5)).isSameAs(huge);
    tree.setWeight(huge, 0);
    assertThat(tree.total()).isEqualTo(1e-30);
    assertThat(tree.draw(0.999_999)).isSameAs(small);
    tree.setWeight(huge, 1e40);
    tree.remove(huge);
    assertThat(tree.total()).isEqualTo(1e-30);
  }

  @Property(tries = 200)
  void whateverIsDrawnHasAWeightHoweverDifferentTheyAre(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    WeightedTree<Integer> tree = new WeightedTree<>(Comparator.naturalOrder(), random);
    int count = random.nextInt(1, 50);
    boolean any = false;
    for (int i = 0; i < count; i++) {
      boolean none = random.nextInt(3) == 0;
      any |= !none;
      tree.add(i, none ? 0 : Math.pow(10, random.nextDouble(-30, 45)));
    }
    for (int i = 0; i < count; i++) {
      Node<Integer> node = tree.draw(Math.min(random.nextDouble(1.1), Math.nextDown(1.0)));
      assertThat(node != null).isEqualTo(any);
      if (node != null) {
        // Not drawn again: in the end all that had a weight were.
        double before = tree.total();
        tree.setWeight(node, 0);
        assertThat(tree.total()).isLessThanOrEqualTo(before);
        any = tree.total() > 0;
      }
    }
    assertThat(tree.draw(0.3)).isNull();
  }
}
