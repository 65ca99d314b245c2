package kaspeer.consensus;

/**
 * Hears, on the thread that opens a {@link Consensus}, how far the UTXO state has come when it has
 * to be made from stored blocks first: the store is of an older format, or is the work of a
 * consensus that did not validate it. May be called many times a second.
 */
@FunctionalInterface
public interface RebuildListener {
  /** Hears nothing. */
  RebuildListener NONE = (blueScore, target) -> {};

  /**
   * @param blueScore of the chain block at which the state is
   * @param target blue score of the chain block that it is on the way to
   */
  void rebuilding(long blueScore, long target);
}
