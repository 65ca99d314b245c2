package kaspeer.consensus;

/**
 * Says whether a block with a body may be on the selected chain (consensus reference 6.4). A block
 * that may not is still valid and can be merged. Called by the committer only, for a block whose
 * selected parent qualified.
 */
@FunctionalInterface
public interface ChainQualifier {
  /** Every block qualifies: the chain follows headers alone. */
  ChainQualifier ALL = (dag, id) -> true;

  boolean qualifies(DagReader dag, int id);
}
