package kaspeer.consensus.dag;

/**
 * The node's pruning point (consensus reference 7.2): every new block must have it in its past, or
 * it could never be merged. It rises with the sink and does not fall while the node runs; a start
 * finds it anew. Nothing is pruned for it. The committer's.
 */
public final class PruningPoint {
  private final Blocks blocks;
  private final Depths depths;
  private final long depth;
  private int id = Blocks.GENESIS;

  public PruningPoint(Dag dag) {
    blocks = dag.blocks();
    depths = new Depths(dag.params(), blocks, dag.reachability());
    depth = dag.params().pruningDepth();
  }

  public int id() {
    return id;
  }

  /** The sink may be another one: moves up to what that one has to state, if it is deep enough. */
  public void follow(int sink) {
    if (sink == Blocks.GENESIS || blocks.blueScore(id) + depth > blocks.blueScore(sink)) {
      return;
    }
    int next = depths.expectedPruningPoint(sink);
    if (blocks.blueScore(next) > blocks.blueScore(id)) {
      id = next;
    }
  }
}
