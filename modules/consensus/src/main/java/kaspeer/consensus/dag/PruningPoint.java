package kaspeer.consensus.dag;

import kaspeer.primitives.Params;

/**
 * The node's pruning point (consensus reference 7.2): every new block must have it in its past, or
 * it could never be merged. It rises with the sink and does not fall while the node runs; a start
 * finds it anew. Nothing is pruned for it. The committer's.
 */
public final class PruningPoint {
  private final Dag dag;
  private int id = Blocks.GENESIS;

  public PruningPoint(Dag dag) {
    this.dag = dag;
  }

  public int id() {
    return id;
  }

  /**
   * The sink may be another one: moves up to what a header on top of it states, once that is deep
   * enough.
   */
  public void follow(int sink) {
    Blocks blocks = dag.blocks();
    Params params = dag.params();
    if (sink == Blocks.GENESIS
        || blocks.blueScore(id) + params.pruningDepth() > blocks.blueScore(sink)) {
      return;
    }
    int next = dag.calculator().expectedPruningPoint(sink);
    if (blocks.blueScore(next) > blocks.blueScore(id)) {
      id = next;
    }
  }
}
