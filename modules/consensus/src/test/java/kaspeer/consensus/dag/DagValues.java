package kaspeer.consensus.dag;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kaspeer.primitives.Hash;
import kaspeer.primitives.ParentsByLevel;

/** What a calculator found for a block, as text; blocks are named by their ids. */
public final class DagValues {
  private final Dag dag;
  private final Calculator calculator;
  private final Map<String, String> values;

  private DagValues(Dag dag, Calculator calculator, Map<String, String> values) {
    this.dag = dag;
    this.calculator = calculator;
    this.values = values;
  }

  /** Adds the values of the block for which the calculator has done all steps. */
  public static void put(Dag dag, Calculator calculator, Map<String, String> values) {
    DagValues all = new DagValues(dag, calculator, values);
    all.putGhostdag(calculator.next());
    all.putWindows(calculator.next());
    all.putDepths(calculator.next());
    values.put("parents", all.parents());
  }

  private void putGhostdag(NextBlock next) {
    int[] merged = Arrays.copyOf(next.merged, next.mergedCount);
    values.put("selectedParent", String.valueOf(next.selectedParent));
    values.put(
        "blues",
        list(
            IntStream.concat(
                IntStream.of(next.selectedParent), Arrays.stream(merged).filter(m -> m >= 0))));
    values.put("reds", list(Arrays.stream(merged).filter(m -> m < 0).map(m -> m & ~Blocks.RED)));
    values.put("mergeset", list(Arrays.stream(merged).map(m -> m & ~Blocks.RED)));
    Map<Integer, Integer> sizes = new TreeMap<>();
    sizes.put(next.selectedParent, next.selectedParentSize);
    for (int i = 0; i < next.mergedCount; i++) {
      if (merged[i] >= 0) {
        sizes.put(merged[i], next.mergedSizes[i]);
      }
    }
    for (int i = 0; i < next.extraCount; i++) {
      sizes.put(next.extras[2 * i], next.extras[2 * i + 1]);
    }
    values.put(
        "blueAnticoneSizes",
        sizes.entrySet().stream()
            .map(size -> size.getKey() + ":" + size.getValue())
            .collect(Collectors.joining(",")));
    values.put("blueScore", String.valueOf(next.blueScore));
    values.put("blueWork", next.blueWork.toString());
  }

  private void putWindows(NextBlock next) {
    Merge merge = calculator.merge();
    values.put("daaScore", String.valueOf(next.daaScore));
    values.put(
        "outsideWindow",
        list(
            IntStream.range(0, merge.size())
                .filter(i -> merge.isOutsideWindow(i, dag.blocks()))
                .map(merge::block)
                .sorted()));
    values.put("bits", Integer.toUnsignedString(next.bits));
    values.put("difficultyWindow", list(Arrays.stream(next.difficultyWindow.toArray())));
    values.put("pastMedianTime", String.valueOf(next.pastMedianTime));
    values.put("medianTimeWindow", list(Arrays.stream(next.medianTimeWindow.toArray())));
  }

  private void putDepths(NextBlock next) {
    values.put("mergeRoot", String.valueOf(next.mergeRoot));
    values.put("shortcutBlock", String.valueOf(next.finalityPoint));
    values.put("pruningSample", String.valueOf(next.pruningSample));
    values.put("pruningPoint", String.valueOf(next.pruningPoint));
  }

  /** The direct ones in their order, those of the levels above ascending. */
  private String parents() {
    ParentsByLevel parents = calculator.parentsByLevel();
    StringBuilder text = new StringBuilder();
    for (int level = 0; level < parents.levels(); level++) {
      IntStream ids = parents.at(level).stream().mapToInt((Hash hash) -> dag.find(hash));
      text.append(level == 0 ? "" : ";").append(list(level == 0 ? ids : ids.sorted()));
    }
    return text.toString();
  }

  private static String list(IntStream ids) {
    return ids.mapToObj(String::valueOf).collect(Collectors.joining(","));
  }
}
