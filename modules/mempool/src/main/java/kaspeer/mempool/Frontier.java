package kaspeer.mempool;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that the next block could hold: those that build on no other in the pool
 * (consensus reference 8). Each has a weight, the third power of its fee rate; they are ordered by
 * fee rate, in all and lane by lane.
 */
final class Frontier {
  /**
   * What weighs least, so that even what pays nothing is drawn in the end. Far below any fee rate
   * that the relay fee allows.
   */
  private static final double MIN_WEIGHT = 1e-30;

  /** Mass of a transaction before any was seen, in grams. */
  private static final double INITIAL_AVERAGE_MASS = 2036;

  /** How much of the average is still that of before, after another transaction. */
  private static final double DECAY = 0.99999;

  /** The transactions of one subnetwork. */
  static final class Lane {
    final int name;
    final WeightedTree<Entry> entries;
    WeightedTree.@Nullable Node<Lane> node;

    private Lane(int name, RandomGenerator random) {
      this.name = name;
      this.entries = new WeightedTree<>(Entry.BY_FEE_RATE, random);
    }
  }

  /** Where an entry is. */
  record Place(WeightedTree.Node<Entry> inAll, Lane lane, WeightedTree.Node<Entry> inLane) {}

  private final RandomGenerator random;
  private final WeightedTree<Entry> all;
  private final WeightedTree<Lane> lanes;
  private final Map<Integer, Lane> laneByName = new HashMap<>();
  private double averageMass = INITIAL_AVERAGE_MASS;
  private long totalMass;

  Frontier(RandomGenerator random) {
    this.random = random;
    this.all = new WeightedTree<>(Entry.BY_FEE_RATE, random);
    this.lanes = new WeightedTree<>((a, b) -> Integer.compare(a.name, b.name), random);
  }

  void add(Entry entry) {
    double weight = weight(entry);
    Lane lane =
        laneByName.computeIfAbsent(laneName(entry.transaction), name -> new Lane(name, random));
    entry.place = new Place(all.add(entry, weight), lane, lane.entries.add(entry, weight));
    WeightedTree.Node<Lane> node = lane.node;
    if (node == null) {
      lane.node = lanes.add(lane, lane.entries.total());
    } else {
      lanes.setWeight(node, lane.entries.total());
    }
    totalMass += entry.price.mass();
    averageMass = averageMass * DECAY + entry.price.mass() * (1 - DECAY);
  }

  /** Removes an entry, if it is here. */
  void remove(Entry entry) {
    Place place = entry.place;
    if (place == null) {
      return;
    }
    entry.place = null;
    all.remove(place.inAll);
    Lane lane = place.lane;
    lane.entries.remove(place.inLane);
    WeightedTree.Node<Lane> node = lane.node;
    if (node != null && lane.entries.size() > 0) {
      lanes.setWeight(node, lane.entries.total());
    } else if (node != null) {
      lanes.remove(node);
      laneByName.remove(lane.name);
    }
    totalMass -= entry.price.mass();
  }

  int size() {
    return all.size();
  }

  /** Sum of the masses that count, in grams. */
  long totalMass() {
    return totalMass;
  }

  /** Mass that counts of the transactions that were ever here, the latest counting most. */
  double averageMass() {
    return averageMass;
  }

  /** All, by fee rate and weight. */
  WeightedTree<Entry> all() {
    return all;
  }

  /** The lanes, by the weight of what they hold. */
  WeightedTree<Lane> lanes() {
    return lanes;
  }

  static double weight(Entry entry) {
    double rate = entry.feeRate;
    return Math.max(rate * rate * rate, MIN_WEIGHT);
  }

  /** What of a subnetwork id can differ among transactions that may enter the pool. */
  private static int laneName(Transaction transaction) {
    byte[] id = new byte[SubnetworkId.SIZE];
    transaction.subnetworkId().write(id, 0);
    return (id[0] & 0xFF) << 24 | (id[1] & 0xFF) << 16 | (id[2] & 0xFF) << 8 | (id[3] & 0xFF);
  }
}
