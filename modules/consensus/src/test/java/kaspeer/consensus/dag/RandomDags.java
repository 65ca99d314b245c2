package kaspeer.consensus.dag;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Random shapes of DAGs. */
final class RandomDags {
  private RandomDags() {}

  /**
   * Parents of each block but genesis, as lists of ids. A block sees all but the latest few blocks,
   * sometimes only an old part; its parents are some of the tips of what it sees.
   *
   * @param maxLag how many of the latest blocks a block may have missed
   */
  static List<List<Integer>> parents(Random random, int blocks, int maxParents, int maxLag) {
    List<List<Integer>> all = new ArrayList<>(List.of(List.of()));
    for (int id = 1; id < blocks; id++) {
      int lag =
          random.nextInt(12) == 0 ? random.nextInt(id) : random.nextInt(Math.min(id, maxLag + 1));
      List<Integer> tips = tips(all, id - lag);
      Collections.shuffle(tips, random);
      List<Integer> chosen =
          List.copyOf(tips.subList(0, Math.min(tips.size(), 1 + random.nextInt(maxParents))));
      all.add(chosen);
    }
    return all;
  }

  private static List<Integer> tips(List<List<Integer>> all, int visible) {
    BitSet tips = new BitSet();
    tips.set(0, visible);
    for (int id = 0; id < visible; id++) {
      all.get(id).forEach(tips::clear);
    }
    return new ArrayList<>(tips.stream().boxed().toList());
  }
}
