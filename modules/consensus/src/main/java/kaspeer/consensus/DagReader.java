package kaspeer.consensus;

import kaspeer.consensus.dag.Blocks;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;

/**
 * Reading the DAG by dense ids, valid only inside {@link DagView#read}. Lists are of the field's
 * usual order: parents as in the header, mergesets ascending by (blue work, hash) and without the
 * selected parent.
 */
public interface DagReader {
  /** The id that stands for "none", among others the selected parent of genesis. */
  int NONE = Blocks.NONE;

  /** The id of genesis. */
  int GENESIS = Blocks.GENESIS;

  /** The id of a block whose header is in the DAG, else {@link #NONE}. */
  int id(Hash hash);

  Hash hash(int id);

  BlockStatus status(int id);

  long blueScore(int id);

  long daaScore(int id);

  long timestamp(int id);

  /** The selected parent, {@link #NONE} for genesis. */
  int selectedParent(int id);

  int[] parents(int id);

  int[] children(int id);

  /** Blues and reds together, ascending by (blue work, hash), without the selected parent. */
  int[] mergeset(int id);

  /** Those of them that are red. */
  int[] reds(int id);

  /** Whether {@code a} is {@code b} or on b's selected chain. */
  boolean isChainAncestor(int a, int b);

  /** Whether {@code a} is {@code b} or in b's past. */
  boolean isDagAncestor(int a, int b);

  /** By (blue work, hash), as {@link java.util.Comparator} does. */
  int compareWork(int a, int b);

  /** Blocks of the selected chain of the sink, by position; genesis has position 0. */
  int chainBlock(long position);

  /** The position of a block on the sink's selected chain, or -1 if it is not on it. */
  long chainPosition(int id);

  /** The block with a body that has the highest (blue work, hash). */
  int sink();

  /** The header that has the highest (blue work, hash). */
  int headersTip();

  /**
   * Where the history that is here, and served to others, begins: genesis, as nothing is pruned.
   */
  int retentionRoot();
}
