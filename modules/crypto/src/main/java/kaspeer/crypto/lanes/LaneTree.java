package kaspeer.crypto.lanes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import kaspeer.crypto.lanes.LaneNode.Branch;
import kaspeer.crypto.lanes.LaneNode.Leaf;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The active lanes as a sparse Merkle tree of 256 levels (consensus reference 6.7): from the root
 * down, each bit of a lane's key, the most significant first, says left or right. A subtree with
 * exactly one lane is that lane's collapsed node, at whatever height; so the tree is about as deep
 * as the logarithm of its size, and never deeper than 256.
 *
 * <p>Immutable. Trees made from one another share what they have in common: a change makes one new
 * node for each level above it. Hashes are computed when {@link #root()} is asked for, once a node,
 * so many changes before that cost little more than one. Thread safe. A lane takes about 270 bytes.
 */
public final class LaneTree {
  /** No lanes. */
  public static final LaneTree EMPTY = new LaneTree(null);

  private final @Nullable LaneNode top;

  private LaneTree(@Nullable LaneNode top) {
    this.top = top;
  }

  private static LaneTree of(@Nullable LaneNode top) {
    return top == null ? EMPTY : new LaneTree(top);
  }

  /** The state of a lane, null if it is not active. */
  public @Nullable Lane get(Hash laneKey) {
    LaneNode node = top;
    for (int depth = 0; node instanceof Branch branch; depth++) {
      node = branch.child(LaneNode.isRight(laneKey, depth));
    }
    return node instanceof Leaf leaf && leaf.key().equals(laneKey) ? leaf.lane() : null;
  }

  /** The tree in which the lane has this state. */
  public LaneTree with(Hash laneKey, Lane lane) {
    LaneNode changed = LaneNode.with(top, 0, laneKey, lane);
    return changed == top ? this : new LaneTree(changed);
  }

  /** The tree in which the lane is not active. */
  public LaneTree without(Hash laneKey) {
    LaneNode changed = LaneNode.without(top, 0, laneKey);
    return changed == top ? this : of(changed);
  }

  /**
   * The tree after many changes: first some lanes are removed, then others get new states. A lane
   * may be in both.
   */
  public LaneTree with(Map<Hash, Lane> changed, Collection<Hash> removed) {
    LaneNode node = top;
    for (Hash laneKey : removed) {
      node = LaneNode.without(node, 0, laneKey);
    }
    for (Map.Entry<Hash, Lane> entry : changed.entrySet()) {
      node = LaneNode.with(node, 0, entry.getKey(), entry.getValue());
    }
    return node == top ? this : of(node);
  }

  /**
   * The keys of lanes that were last touched below a blue score, in ascending order. What it costs
   * grows with their number, not with the size of the tree.
   */
  public List<Hash> touchedBefore(long blueScore) {
    List<Hash> keys = new ArrayList<>();
    LaneNode.forEach(top, blueScore, (key, lane) -> keys.add(key));
    return keys;
  }

  /** The tree without the lanes that were last touched below a blue score. */
  public LaneTree withoutTouchedBefore(long blueScore) {
    LaneNode changed = LaneNode.withoutTouchedBefore(top, blueScore);
    return changed == top ? this : of(changed);
  }

  /** Hands out all lanes, in ascending order of their keys. */
  public void forEach(BiConsumer<Hash, Lane> consumer) {
    LaneNode.forEach(top, consumer);
  }

  /** The root that activity roots commit to. */
  public Hash root() {
    return LaneNode.hash(top, 0);
  }

  /** How many lanes are active. */
  public int size() {
    return top == null ? 0 : top.size();
  }

  @Override
  public String toString() {
    return "LaneTree[" + size() + " lanes, root " + root() + "]";
  }
}
