package kaspeer.consensus;

import java.util.List;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.NextBlock;
import kaspeer.primitives.Hash;

/** Computes header templates. */
final class HeaderTemplates {
  private final Dag dag;
  private final Calculator calculator;

  HeaderTemplates(Dag dag, Calculator calculator) {
    this.dag = dag;
    this.calculator = calculator;
  }

  HeaderTemplate build(List<Hash> parents) {
    if (parents.isEmpty()) {
      throw new IllegalArgumentException("a block has at least one parent");
    }
    int[] ids = new int[parents.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = dag.find(parents.get(i));
      if (ids[i] == Blocks.NONE) {
        throw new IllegalArgumentException("parent " + parents.get(i) + " is unknown");
      }
    }
    for (int a : ids) {
      for (int b : ids) {
        if (a != b && dag.reachability().isDagAncestor(a, b)) {
          throw new IllegalArgumentException(
              "parent "
                  + dag.blocks().hash(a)
                  + " is in the past of parent "
                  + dag.blocks().hash(b));
        }
      }
    }
    NextBlock next = calculator.all(ids, ids.length);
    if (next.mergesetBeyondBound()) {
      throw new IllegalArgumentException("the mergeset is many times too large");
    }
    return new HeaderTemplate(
        calculator.parentsByLevel(),
        dag.blocks().hash(next.selectedParent()),
        next.bits(),
        next.daaScore(),
        next.blueWork(),
        next.blueScore(),
        next.pastMedianTime(),
        dag.blocks().hash(next.pruningPoint()));
  }
}
