package kaspeer.consensus.dag;

import java.util.Arrays;

/**
 * Who is in whose past (consensus reference 4): a tree over selected parents with an interval for
 * each block, and for each block the blocks that merged it, its future covering set, ordered by
 * interval. A query costs one comparison and at most one binary search.
 *
 * <p>Kept in memory only and built anew when a node starts, in time linear to the number of blocks:
 * intervals move in bulk when the tree is reindexed, and writing each move to disk would multiply
 * what a header costs there.
 */
public final class Reachability {
  static final int DEFAULT_DEPTH = 100;
  static final long DEFAULT_SLACK = 1 << 14;

  /** For how many moves of the reindex root its subtree is laid out at once. */
  private static final int MOVES = 1024;

  private final int depth;
  private final long slack;
  private final Intervals tree = new Intervals();
  private final IntLists covering = new IntLists();
  private int[] height = new int[0];

  /** No reindexing passes below this block; it follows the headers tip at a distance. */
  private int reindexRoot;

  Reachability() {
    this(DEFAULT_DEPTH, DEFAULT_SLACK);
  }

  /**
   * @param depth distance of the reindex root from the tip
   * @param slack room kept on both sides of each chain block below the reindex root
   */
  Reachability(int depth, long slack) {
    this.depth = depth;
    this.slack = slack;
  }

  /** Whether {@code a} is {@code b} or on its selected chain. */
  public boolean isChainAncestor(int a, int b) {
    return tree.contains(a, b);
  }

  /** Whether {@code a} is {@code b} or in its past. */
  public boolean isDagAncestor(int a, int b) {
    if (a >= b) { // parents have lower ids
      return a == b;
    }
    if (tree.contains(a, b)) {
      return true;
    }
    return switch (covering.size(a)) {
      case 0 -> false;
      case 1 -> tree.contains(covering.get(a, 0), b);
      default -> tree.search(covering, a, b) >= 0;
    };
  }

  /** The block after {@code ancestor} on the selected chain of {@code descendant}. */
  public int nextOnChain(int descendant, int ancestor) {
    return tree.childTowards(descendant, ancestor);
  }

  /** Length of the selected chain below a block; 0 for genesis. */
  public int height(int id) {
    return height[id];
  }

  int reindexRoot() {
    return reindexRoot;
  }

  Intervals intervals() {
    return tree;
  }

  /** Adds genesis. */
  void addGenesis() {
    ensure(1);
    tree.attach(0, Blocks.NONE);
    tree.set(0, 1, -2);
  }

  /**
   * Adds the next block; ids come without gaps. The first {@code length} of {@code merged} may have
   * {@link Blocks#RED} set.
   */
  void add(int id, int parent, int[] merged, int length) {
    boolean first = tree.children().size(parent) == 0;
    long from = tree.freeFrom(parent);
    long room = tree.end(parent) - from;
    link(id, parent);
    if (room == 0) {
      tree.set(id, from, from - 1);
      reindex(id);
    } else {
      tree.set(id, from, from + tree.shareOf(room, first) - 1);
    }
    cover(id, merged, 0, length);
  }

  /** Adds the next block's place in the tree, without an interval: for {@link #rebuild}. */
  void link(int id, int parent) {
    ensure(id + 1);
    tree.attach(id, parent);
    height[id] = height[parent] + 1;
  }

  /** Gives every block an interval, with the reindex root where the tip asks for it. */
  void rebuild(int tip) {
    int root = tip;
    for (int i = 0; i < depth && root != 0; i++) {
      root = tree.parent(root);
    }
    int[] chain = new int[height[root] + 1];
    for (int block = root, i = height[root]; i >= 0; i--) {
      chain[i] = block;
      block = tree.parent(block);
    }
    for (int i = 1; i < chain.length; i++) {
      concentrate(chain[i - 1], chain[i], false);
    }
    tree.propagate(root);
    tree.forgetCounts();
    reindexRoot = root;
  }

  /** Enters a block into the future covering sets of the blocks it merges. */
  void cover(int id, int[] merged, int from, int length) {
    for (int i = from; i < from + length; i++) {
      int block = merged[i] & ~Blocks.RED;
      int place = tree.search(covering, block, id);
      if (place >= 0) {
        throw new IllegalStateException(
            "block " + block + " was merged before on the chain of block " + id);
      }
      covering.insert(block, -1 - place, id);
    }
  }

  private void ensure(int capacity) {
    if (capacity > height.length) {
      int room = Math.min(Blocks.MAX_BLOCKS, Math.max(256, capacity + (capacity >> 1)));
      height = Arrays.copyOf(height, room);
      covering.ensure(room);
    }
    tree.ensure(capacity);
  }

  // --- reindexing -----------------------------------------------------------------------------

  /**
   * Finds room for a block that got none: at the first block below that has enough for all above
   * it.
   */
  private void reindex(int id) {
    int block = id;
    while (Long.compareUnsigned(tree.size(block), tree.count(block)) < 0) {
      int parent = tree.parent(block);
      if (block == reindexRoot || parent == Blocks.NONE) {
        // After some 2^50 blocks.
        throw new IllegalStateException("the reindex root is out of room");
      }
      if (parent != reindexRoot && tree.contains(parent, reindexRoot)) {
        // The parent has room, but most blocks are above it. Take what the chain to the root keeps
        // to spare: as much as the subtree has already, so that it grows in steps that double, or
        // room for this and more new children.
        reclaim(block, parent, tree.size(block) == 0 ? slack : tree.count(block));
        tree.forgetCounts();
        return;
      }
      block = parent;
    }
    tree.propagate(block);
    tree.forgetCounts();
  }

  /**
   * Gains room for a child of a chain block below the reindex root, by shifting what lies between
   * it and the chain.
   */
  private void reclaim(int needy, int ancestor, long required) {
    int chain = tree.childTowards(reindexRoot, ancestor);
    boolean before = Long.compareUnsigned(tree.start(needy), tree.start(chain)) < 0;
    long found = 0;
    long keep = 0;
    for (int passed = 0; ; passed++) {
      if (chain == reindexRoot) {
        // The root's room is without limit here: it fills up again what the chain had kept.
        long shift = required + slack * passed - found;
        narrow(chain, before, shift);
        tree.propagate(chain);
        shiftSiblings(needy, chain, before, shift);
        keep = slack;
        break;
      }
      long gap = tree.gap(chain, before);
      found += gap;
      if (Long.compareUnsigned(found, required) >= 0) {
        long shift = gap - (found - required);
        narrow(chain, before, shift);
        shiftSiblings(needy, chain, before, shift);
        break;
      }
      chain = tree.childTowards(reindexRoot, chain);
    }
    for (chain = tree.parent(chain); chain != ancestor; chain = tree.parent(chain)) {
      long shift = tree.gap(chain, before) - keep;
      narrow(chain, before, shift);
      shiftSiblings(needy, chain, before, shift);
    }
  }

  private void narrow(int id, boolean before, long by) {
    if (before) {
      tree.set(id, tree.start(id) + by, tree.end(id));
    } else {
      tree.set(id, tree.start(id), tree.end(id) - by);
    }
  }

  /**
   * Moves the siblings on one side of a chain block towards it, up to the needy one, which gets the
   * room.
   */
  private void shiftSiblings(int needy, int chain, boolean before, long by) {
    IntLists children = tree.children();
    int parent = tree.parent(chain);
    int step = before ? -1 : 1;
    for (int i = indexOf(parent, chain) + step; i >= 0 && i < children.size(parent); i += step) {
      int sibling = children.get(parent, i);
      if (sibling == needy) {
        long start = before ? tree.start(needy) : tree.start(needy) - by;
        long end = before ? tree.end(needy) + by : tree.end(needy);
        // A new child is the last one; what it leaves is for the next.
        tree.set(needy, start, tree.size(needy) == 0 ? start + tree.shareOf(by, false) - 1 : end);
        tree.propagate(needy);
        return;
      }
      long shift = before ? by : -by;
      tree.set(sibling, tree.start(sibling) + shift, tree.end(sibling) + shift);
      tree.propagate(sibling);
    }
  }

  private int indexOf(int parent, int child) {
    IntLists children = tree.children();
    int index = 0;
    while (children.get(parent, index) != child) {
      index++;
    }
    return index;
  }

  /** Lets the reindex root follow a new tip. */
  void follow(int tip) {
    int root = reindexRoot;
    if (!tree.contains(root, tip)) {
      if (height[tip] - height[root] < slack) {
        return; // tips compete; moving with each of them would cost a reindex every time
      }
      while (!tree.contains(root, tip)) {
        root = tree.parent(root);
      }
    }
    while (height[tip] - height[root] > depth) {
      int child = tree.childTowards(tip, root);
      concentrate(root, child, height[tip] - height[child] <= depth);
      root = child;
    }
    reindexRoot = root;
    tree.forgetCounts();
  }

  /**
   * Packs a chain block's siblings to the ends of their parent's interval and gives it all between,
   * but for the slack.
   */
  private void concentrate(int parent, int chosen, boolean isRoot) {
    int index = indexOf(parent, chosen);
    int n = tree.children().size(parent);
    long countBefore = tree.countChildren(parent, 0, index);
    long countAfter = tree.countChildren(parent, index + 1, n);
    long from = tree.start(parent) + slack + countBefore;
    long to = tree.end(parent) - 1 - slack - countAfter;
    tree.pack(parent, 0, index, from - countBefore);
    tree.pack(parent, index + 1, n, to + 1);
    boolean fits =
        Long.compareUnsigned(from, tree.start(chosen)) <= 0
            && Long.compareUnsigned(tree.end(chosen), to) <= 0;
    if (isRoot && !fits) {
      // Laid out with slack to spare, so that what is above still fits when the root moves on.
      tree.set(chosen, from + MOVES * slack, to - MOVES * slack);
      tree.propagate(chosen);
    }
    tree.set(chosen, from, to);
  }

  /** Bytes held. */
  long bytes() {
    return tree.bytes() + covering.bytes() + 4L * height.length;
  }
}
