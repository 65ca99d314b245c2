package kaspeer.consensus.utxo;

import kaspeer.consensus.RuleException;
import kaspeer.consensus.dag.Dag;
import kaspeer.primitives.Params;
import kaspeer.script.ChainCommitments;
import kaspeer.script.ScriptChecker;
import kaspeer.script.SignatureCache;

/** Checks scripts under the parameters of a network, each signature once. Safe from any thread. */
public final class Scripts {
  private final ScriptChecker checker;

  /**
   * @param cacheBytes of heap for what was verified
   */
  public Scripts(Params params, long cacheBytes) {
    checker = new ScriptChecker(params, new SignatureCache(cacheBytes));
  }

  /**
   * Checks the scripts of a transaction on this thread.
   *
   * @param selectedParent of the block it is checked for
   * @throws RuleException if one fails
   */
  public void run(Spend spend, Dag dag, BlockSource source, int selectedParent)
      throws RuleException {
    RuleException failure =
        check(spend, new ChainQueries(dag, source, selectedParent)).run().failure();
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * A check that is still to be run.
   *
   * @param selectedParent of the block it is for
   */
  public ScriptCheck check(Spend spend, Dag dag, BlockSource source, int selectedParent) {
    return check(spend, new ChainQueries(dag, source, selectedParent));
  }

  /** A check that is still to be run. */
  ScriptCheck check(Spend spend, ChainCommitments chain) {
    return new ScriptCheck(spend, checker, chain);
  }
}
