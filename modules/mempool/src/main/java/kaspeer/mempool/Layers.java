package kaspeer.mempool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;

/** The order of transactions of which some build on others. */
final class Layers {
  private Layers() {}

  /**
   * The positions of transactions, in layers: none builds on another of its layer or of a later
   * one, and each is in the first layer that allows it. One that comes twice counts as building on
   * its first copy.
   */
  static List<List<Integer>> of(List<Transaction> transactions) {
    int count = transactions.size();
    if (count == 1) {
      return List.of(List.of(0));
    }
    Map<Hash, Integer> position = HashMap.newHashMap(count);
    int[] open = new int[count];
    List<List<Integer>> dependents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      dependents.add(List.of());
    }
    for (int i = 0; i < count; i++) {
      Integer first = position.putIfAbsent(transactions.get(i).id(), i);
      if (first != null) {
        depend(i, first, open, dependents);
      }
    }
    for (int i = 0; i < count; i++) {
      for (Input input : transactions.get(i).inputs()) {
        Integer parent = position.get(input.previous().transactionId());
        if (parent != null) {
          depend(i, parent, open, dependents);
        }
      }
    }
    List<List<Integer>> layers = new ArrayList<>();
    List<Integer> layer = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (open[i] == 0) {
        layer.add(i);
      }
    }
    while (!layer.isEmpty()) {
      layers.add(layer);
      layer = freedBy(layer, open, dependents);
    }
    return layers;
  }

  private static void depend(int dependent, int on, int[] open, List<List<Integer>> dependents) {
    if (dependents.get(on).isEmpty()) {
      dependents.set(on, new ArrayList<>(1));
    }
    dependents.get(on).add(dependent);
    open[dependent]++;
  }

  private static List<Integer> freedBy(
      List<Integer> layer, int[] open, List<List<Integer>> dependents) {
    List<Integer> next = new ArrayList<>();
    for (int done : layer) {
      for (int dependent : dependents.get(done)) {
        open[dependent]--;
        if (open[dependent] == 0) {
          next.add(dependent);
        }
      }
    }
    int[] sorted = next.stream().mapToInt(Integer::intValue).sorted().toArray();
    return Arrays.stream(sorted).boxed().toList();
  }
}
