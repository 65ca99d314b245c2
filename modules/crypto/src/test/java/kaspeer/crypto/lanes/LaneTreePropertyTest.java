package kaspeer.crypto.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;
import kaspeer.primitives.hashing.Blake3Domain;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** The tree against its definition, recomputed from a plain map. */
class LaneTreePropertyTest {
  private static final Hash[] EMPTY = new Hash[257];

  static {
    EMPTY[0] = Hash.ZERO;
    for (int height = 1; height <= 256; height++) {
      EMPTY[height] =
          pair(Blake3Domain.SEQ_COMMIT_ACTIVE_NODE, EMPTY[height - 1], EMPTY[height - 1]);
    }
  }

  /** One change: a new state for a lane, or its removal if there is no blue score. */
  record Change(Hash key, int tip, int blueScore) {
    boolean isRemoval() {
      return blueScore < 0;
    }

    Lane lane() {
      return new Lane(Hash.ofWords(tip, 0, 0, 0), blueScore);
    }
  }

  @Provide
  Arbitrary<Change> changes() {
    // Few enough keys that lanes meet again; with common prefixes of every length.
    Arbitrary<Hash> keys =
        Combinators.combine(
                Arbitraries.of(0L, -1L, 1L, Long.MIN_VALUE, 0x7000000000000000L),
                Arbitraries.of(0L, -1L),
                Arbitraries.of(0L, 1L << 40),
                Arbitraries.of(0L, 1L, 2L, 3L, Long.MIN_VALUE))
            .as(Hash::ofWords);
    return Combinators.combine(
            keys, Arbitraries.integers().between(0, 3), Arbitraries.integers().between(-6, 12))
        .as(Change::new);
  }

  @Property(tries = 150)
  void everyTreeOfAHistoryStaysWhatItWas(
      @ForAll @Size(max = 40) List<@From("changes") Change> changes) {
    List<LaneTree> trees = new ArrayList<>(List.of(LaneTree.EMPTY));
    List<Map<Hash, Lane>> maps = new ArrayList<>(List.of(Map.of()));
    for (Change change : changes) {
      Map<Hash, Lane> map = new HashMap<>(maps.getLast());
      LaneTree tree = trees.getLast();
      if (change.isRemoval()) {
        map.remove(change.key);
        tree = tree.without(change.key);
      } else {
        map.put(change.key, change.lane());
        tree = tree.with(change.key, change.lane());
      }
      maps.add(map);
      trees.add(tree);
    }
    for (int i = 0; i < trees.size(); i++) {
      assertSame(trees.get(i), maps.get(i));
    }
  }

  @Property(tries = 150)
  void changesTogetherAreLikeChangesOneByOne(
      @ForAll @Size(max = 30) List<@From("changes") Change> before,
      @ForAll @Size(max = 30) List<@From("changes") Change> together) {
    Map<Hash, Lane> map = new HashMap<>();
    before.forEach(change -> map.put(change.key, change.lane()));
    LaneTree tree = LaneTree.EMPTY.with(map, List.of());
    assertSame(tree, map);

    Map<Hash, Lane> changed = new HashMap<>();
    List<Hash> removed = new ArrayList<>();
    for (Change change : together) {
      if (change.isRemoval()) {
        removed.add(change.key);
      } else {
        changed.put(change.key, change.lane());
      }
    }
    map.keySet().removeAll(removed);
    map.putAll(changed);
    assertSame(tree.with(changed, removed), map);
  }

  @Property(tries = 150)
  void lanesExpireByTheirLastTouch(@ForAll @Size(max = 40) List<@From("changes") Change> changes) {
    Map<Hash, Lane> map = new TreeMap<>();
    for (Change change : changes) {
      if (!change.isRemoval()) {
        map.put(change.key, change.lane());
      }
    }
    LaneTree tree = LaneTree.EMPTY.with(map, List.of());
    for (int bound = 0; bound < 14; bound++) {
      Map<Hash, Lane> left = new TreeMap<>(map);
      int limit = bound;
      left.values().removeIf(lane -> lane.touchBlueScore() < limit);
      List<Hash> gone = new ArrayList<>(map.keySet());
      gone.removeAll(left.keySet());
      assertThat(tree.touchedBefore(bound)).isEqualTo(gone);
      assertSame(tree.withoutTouchedBefore(bound), left);
    }
  }

  private static void assertSame(LaneTree tree, Map<Hash, Lane> map) {
    assertThat(tree.root()).isEqualTo(subtree(List.copyOf(new TreeMap<>(map).entrySet()), 0));
    assertThat(tree.size()).isEqualTo(map.size());
    Map<Hash, Lane> content = new HashMap<>();
    List<Hash> order = new ArrayList<>();
    tree.forEach(
        (key, lane) -> {
          content.put(key, lane);
          order.add(key);
        });
    assertThat(content).isEqualTo(map);
    assertThat(order).isSorted();
    map.forEach((key, lane) -> assertThat(tree.get(key)).isEqualTo(lane));
  }

  /** The root by the definition. */
  private static Hash subtree(List<Map.Entry<Hash, Lane>> lanes, int depth) {
    if (lanes.isEmpty()) {
      return EMPTY[256 - depth];
    }
    if (lanes.size() == 1) {
      Lane lane = lanes.getFirst().getValue();
      byte[] leaf = new byte[40];
      lane.tip().write(leaf, 0);
      Bytes.putLongLe(leaf, 32, lane.touchBlueScore());
      return pair(
          Blake3Domain.SEQ_COMMIT_ACTIVE_COLLAPSED_NODE,
          lanes.getFirst().getKey(),
          Blake3Domain.SEQ_COMMIT_ACTIVE_LEAF.hash(leaf));
    }
    int fork = 0;
    while (fork < lanes.size() && !bit(lanes.get(fork).getKey(), depth)) {
      fork++;
    }
    return pair(
        Blake3Domain.SEQ_COMMIT_ACTIVE_NODE,
        subtree(lanes.subList(0, fork), depth + 1),
        subtree(lanes.subList(fork, lanes.size()), depth + 1));
  }

  private static boolean bit(Hash key, int index) {
    return (key.toBytes()[index / 8] >> (7 - index % 8) & 1) == 1;
  }

  private static Hash pair(Blake3Domain domain, Hash left, Hash right) {
    byte[] both = new byte[2 * Hash.SIZE];
    left.write(both, 0);
    right.write(both, Hash.SIZE);
    return domain.hash(both);
  }
}
