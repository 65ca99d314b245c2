package kaspeer.crypto.lanes;

import java.util.function.BiConsumer;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * A subtree of a {@link LaneTree} with at least one lane; null stands for one without. A leaf may
 * hang at any depth, a branch has its fixed one, which callers hand in. Recursion is as deep as the
 * tree: at most 256 levels.
 */
sealed interface LaneNode {
  /** Levels of branches. */
  int DEPTH = 256;

  /** How many lanes there are. */
  int size();

  /** The lowest blue score of a last touch, unsigned. */
  long oldestTouch();

  /** Whether the path to a key goes right below a branch at this depth. */
  static boolean isRight(Hash key, int depth) {
    return key.word(depth >>> 6) << depth < 0;
  }

  /** A single lane. */
  final class Leaf implements LaneNode {
    private final Hash key;
    private final Lane lane;
    private @Nullable Hash hash;

    Leaf(Hash key, Lane lane) {
      this.key = key;
      this.lane = lane;
    }

    Hash key() {
      return key;
    }

    Lane lane() {
      return lane;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public long oldestTouch() {
      return lane.touchBlueScore();
    }

    /** Computed on first use; if two threads are first, both compute the same. */
    Hash hash() {
      Hash known = hash;
      if (known == null) {
        known = SequencingCommitment.collapsedNode(key, SequencingCommitment.activeLeaf(lane));
        hash = known;
      }
      return known;
    }
  }

  /** Two subtrees that hold two lanes or more; one side may be empty. */
  final class Branch implements LaneNode {
    private final @Nullable LaneNode left;
    private final @Nullable LaneNode right;
    private final int size;
    private final long oldestTouch;
    private @Nullable Hash hash;

    private Branch(@Nullable LaneNode left, @Nullable LaneNode right) {
      this.left = left;
      this.right = right;
      size = (left == null ? 0 : left.size()) + (right == null ? 0 : right.size());
      long a = left == null ? -1 : left.oldestTouch();
      long b = right == null ? -1 : right.oldestTouch();
      oldestTouch = Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    @Nullable LaneNode child(boolean isRight) {
      return isRight ? right : left;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public long oldestTouch() {
      return oldestTouch;
    }

    /** As for leaves. */
    Hash hash(int depth) {
      Hash known = hash;
      if (known == null) {
        known =
            SequencingCommitment.innerNode(
                LaneNode.hash(left, depth + 1), LaneNode.hash(right, depth + 1));
        hash = known;
      }
      return known;
    }
  }

  /** The hash of the subtree at a depth. */
  static Hash hash(@Nullable LaneNode node, int depth) {
    return switch (node) {
      case null -> EmptySubtrees.HASHES[DEPTH - depth];
      case Leaf leaf -> leaf.hash();
      case Branch branch -> branch.hash(depth);
    };
  }

  /** Hashes of subtrees without lanes, by height. */
  final class EmptySubtrees {
    private static final Hash[] HASHES = new Hash[DEPTH + 1];

    static {
      HASHES[0] = Hash.ZERO;
      for (int height = 1; height <= DEPTH; height++) {
        HASHES[height] = SequencingCommitment.innerNode(HASHES[height - 1], HASHES[height - 1]);
      }
    }

    private EmptySubtrees() {}
  }

  /** The subtree in which the lane has this state; the same one if it had it before. */
  static LaneNode with(@Nullable LaneNode node, int depth, Hash key, Lane lane) {
    return switch (node) {
      case null -> new Leaf(key, lane);
      case Leaf leaf when leaf.key.equals(key) ->
          leaf.lane.equals(lane) ? leaf : new Leaf(key, lane);
      case Leaf leaf -> apart(leaf, new Leaf(key, lane), depth);
      case Branch branch -> {
        boolean right = isRight(key, depth);
        LaneNode child = branch.child(right);
        LaneNode changed = with(child, depth + 1, key, lane);
        if (changed == child) {
          yield branch;
        }
        yield right ? new Branch(branch.left, changed) : new Branch(changed, branch.right);
      }
    };
  }

  /** The branches from a depth down to where two keys part. */
  private static LaneNode apart(Leaf a, Leaf b, int depth) {
    int fork = depth;
    while (isRight(a.key, fork) == isRight(b.key, fork)) {
      fork++;
    }
    LaneNode node = isRight(a.key, fork) ? new Branch(b, a) : new Branch(a, b);
    while (fork > depth) {
      fork--;
      node = isRight(a.key, fork) ? new Branch(null, node) : new Branch(node, null);
    }
    return node;
  }

  /** The subtree without the lane; the same one if it was not there. */
  static @Nullable LaneNode without(@Nullable LaneNode node, int depth, Hash key) {
    return switch (node) {
      case null -> null;
      case Leaf leaf -> leaf.key.equals(key) ? null : leaf;
      case Branch branch -> {
        boolean right = isRight(key, depth);
        LaneNode child = branch.child(right);
        LaneNode changed = without(child, depth + 1, key);
        if (changed == child) {
          yield branch;
        }
        yield right ? joined(branch.left, changed) : joined(changed, branch.right);
      }
    };
  }

  /** The subtree without lanes last touched below a blue score; the same one if there are none. */
  static @Nullable LaneNode withoutTouchedBefore(@Nullable LaneNode node, long blueScore) {
    if (node == null || Long.compareUnsigned(node.oldestTouch(), blueScore) >= 0) {
      return node;
    }
    return switch (node) {
      case Leaf _ -> null;
      case Branch branch ->
          joined(
              withoutTouchedBefore(branch.left, blueScore),
              withoutTouchedBefore(branch.right, blueScore));
    };
  }

  /** The subtree of two sides: a lane that is alone moves up. */
  private static @Nullable LaneNode joined(@Nullable LaneNode left, @Nullable LaneNode right) {
    if (left == null && !(right instanceof Branch)) {
      return right;
    }
    if (right == null && !(left instanceof Branch)) {
      return left;
    }
    return new Branch(left, right);
  }

  /** Hands out all lanes in ascending order. */
  static void forEach(@Nullable LaneNode node, BiConsumer<Hash, Lane> consumer) {
    switch (node) {
      case null -> {}
      case Leaf leaf -> consumer.accept(leaf.key, leaf.lane);
      case Branch branch -> {
        forEach(branch.left, consumer);
        forEach(branch.right, consumer);
      }
    }
  }

  /** Hands out the lanes last touched below a blue score in ascending order. */
  static void forEach(@Nullable LaneNode node, long blueScore, BiConsumer<Hash, Lane> consumer) {
    if (node == null || Long.compareUnsigned(node.oldestTouch(), blueScore) >= 0) {
      return;
    }
    switch (node) {
      case Leaf leaf -> consumer.accept(leaf.key, leaf.lane);
      case Branch branch -> {
        forEach(branch.left, blueScore, consumer);
        forEach(branch.right, blueScore, consumer);
      }
    }
  }
}
