package kaspeer.consensus.sync;

import kaspeer.primitives.Hash;

/**
 * Why a query has no answer. Each is the asker's doing, or of a DAG that differs from the asker's.
 */
public sealed interface SyncFailure {
  /** For a log or a reject message. */
  String text();

  /** There is no valid header of this hash. */
  record UnknownBlock(Hash hash) implements SyncFailure {
    @Override
    public String text() {
      return "unknown block " + hash;
    }
  }

  /** The lower block is not on the selected chain of the higher one. */
  record NotChainAncestor(Hash low, Hash high) implements SyncFailure {
    @Override
    public String text() {
      return "block " + low + " is not a chain ancestor of " + high;
    }
  }

  /** Both are on the selected chain, in the wrong order. */
  record LowAboveHigh(Hash low, Hash high) implements SyncFailure {
    @Override
    public String text() {
      return "low block " + low + " is above high block " + high;
    }
  }

  /** The answer would have more blocks than may be looked at. */
  record TooManyBlocks(int limit) implements SyncFailure {
    @Override
    public String text() {
      return "more than " + limit + " blocks lie between";
    }
  }
}
