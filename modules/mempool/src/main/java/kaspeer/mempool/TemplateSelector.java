package kaspeer.mempool;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import kaspeer.mempool.Frontier.Lane;
import kaspeer.mempool.WeightedTree.Node;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Draws the transactions of a block by weight, without putting them back (consensus reference 8).
 * Many miners make blocks at the same time: if all took those of the highest fee rate, most blocks
 * would hold the same.
 *
 * <p>First the lane is drawn, then the transaction in it, which comes to the same as drawing from
 * all. What was drawn weighs nothing until the end. Once all lanes that a block may have are there,
 * only these are drawn from. A lane whose gas is used up is closed, so that one lane full of
 * expensive transactions cannot keep the others out; and where little fits any more, drawing ends.
 *
 * <p>Changes the frontier meanwhile; afterwards it is as before.
 */
final class TemplateSelector {
  /** So many draws in a row, and so many in all, may not fit. */
  private static final int MAX_MISSES_IN_A_ROW = 32;

  private static final int MAX_MISSES = 256;
  private static final int MAX_GAS_MISSES = 8;

  private final Frontier frontier;
  private final TemplateLimits limits;
  private final RandomGenerator random;
  private final Set<Hash> without;

  private static final class LaneUse {
    private long gas;
    private int taken;
    private int misses;
    private boolean closed;
  }

  private final Map<Lane, LaneUse> uses = new LinkedHashMap<>();
  private final List<Lane> occupied = new ArrayList<>();
  private final List<Entry> drawn = new ArrayList<>();
  private final List<Transaction> taken = new ArrayList<>();
  private long fees;
  private long compute;
  private long transientStorage;
  private long storage;

  private TemplateSelector(
      Frontier frontier, TemplateLimits limits, RandomGenerator random, Set<Hash> without) {
    this.without = without;
    this.frontier = frontier;
    this.limits = limits;
    this.random = random;
  }

  /**
   * @param without ids that are not to be taken
   */
  static Selection select(
      Frontier frontier, TemplateLimits limits, RandomGenerator random, Set<Hash> without) {
    TemplateSelector selector = new TemplateSelector(frontier, limits, random, without);
    try {
      selector.drawAll();
    } finally {
      selector.putBack();
    }
    return new Selection(
        selector.taken,
        selector.fees,
        selector.compute,
        selector.transientStorage,
        selector.storage);
  }

  private void drawAll() {
    int misses = 0;
    int inARow = 0;
    while (misses < MAX_MISSES && inARow < MAX_MISSES_IN_A_ROW) {
      Lane lane = drawLane();
      Node<Entry> node = lane == null ? null : lane.entries.draw(random.nextDouble());
      if (lane == null || node == null) {
        return;
      }
      Entry entry = node.item;
      LaneUse use = uses.computeIfAbsent(lane, l -> new LaneUse());
      drawn.add(entry);
      lane.entries.setWeight(node, 0);
      if (without.contains(entry.id())) {
        weigh(lane, use.closed ? 0 : lane.entries.total());
        continue;
      }
      if (!fits(entry)) {
        misses++;
        inARow++;
      } else if (use.gas + entry.transaction.gas() > limits.gasPerLane()) {
        use.misses++;
        use.closed = use.misses >= MAX_GAS_MISSES;
      } else {
        take(entry, lane, use);
        inARow = 0;
      }
      weigh(lane, use.closed ? 0 : lane.entries.total());
    }
  }

  private @Nullable Lane drawLane() {
    if (occupied.size() < limits.lanes()) {
      Node<Lane> node = frontier.lanes().draw(random.nextDouble());
      return node == null ? null : node.item;
    }
    double total = 0;
    for (Lane lane : occupied) {
      total += weightOf(lane);
    }
    double point = random.nextDouble() * total;
    Lane last = null;
    for (Lane lane : occupied) {
      double weight = weightOf(lane);
      if (weight > 0) {
        last = lane;
        if (point < weight) {
          return lane;
        }
        point -= weight;
      }
    }
    return last;
  }

  private double weightOf(Lane lane) {
    LaneUse use = uses.get(lane);
    return use == null || use.closed ? 0 : lane.entries.total();
  }

  private boolean fits(Entry entry) {
    Price price = entry.price;
    return compute + price.compute() <= limits.compute()
        && transientStorage + price.transientStorage() <= limits.transientStorage()
        && storage + price.storage() <= limits.storage();
  }

  private void take(Entry entry, Lane lane, LaneUse use) {
    if (use.taken == 0) {
      occupied.add(lane);
    }
    use.taken++;
    use.gas += entry.transaction.gas();
    Price price = entry.price;
    compute += price.compute();
    transientStorage += price.transientStorage();
    storage += price.storage();
    fees += price.fee();
    taken.add(entry.transaction);
  }

  private void weigh(Lane lane, double weight) {
    Node<Lane> node = lane.node;
    if (node != null) {
      frontier.lanes().setWeight(node, weight);
    }
  }

  private void putBack() {
    for (Entry entry : drawn) {
      Frontier.Place place = entry.place;
      if (place != null) {
        place.lane().entries.setWeight(place.inLane(), Frontier.weight(entry));
      }
    }
    for (Lane lane : uses.keySet()) {
      weigh(lane, lane.entries.total());
    }
  }
}
