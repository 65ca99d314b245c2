package kaspeer.consensus;

import java.util.Arrays;
import kaspeer.consensus.dag.Dag;

/**
 * The sink's selected chain by position. A block's position is its height in the tree of selected
 * parents.
 */
final class SelectedChain {
  private final Dag dag;
  private int[] blocks = new int[1024];
  private int length = 1;

  /** The chain of genesis alone. */
  SelectedChain(Dag dag) {
    this.dag = dag;
  }

  int sink() {
    return blocks[length - 1];
  }

  /** The block at a position, or -1 beyond either end. */
  int at(long position) {
    return position < 0 || position >= length ? DagReader.NONE : blocks[(int) position];
  }

  /** The position of a block, or -1. */
  int position(int id) {
    int height = dag.reachability().height(id);
    return height < length && blocks[height] == id ? height : -1;
  }

  /** Makes the chain that of another sink. */
  void moveTo(int sink) {
    int height = dag.reachability().height(sink);
    if (height >= blocks.length) {
      blocks = Arrays.copyOf(blocks, Math.max(height + 1, blocks.length + (blocks.length >> 1)));
    }
    int block = sink;
    for (int i = height; i > 0 && (i >= length || blocks[i] != block); i--) {
      blocks[i] = block;
      block = dag.blocks().selectedParent(block);
    }
    length = height + 1;
  }
}
