package kaspeer.mempool;

import java.util.List;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;

/**
 * Something that a pool does in steps. Between two of them transactions are checked, which takes
 * long and is for whatever thread the owner likes; the pool may do other things meanwhile, for each
 * step looks again at what may have changed. As all of a pool, the steps are the owner's.
 *
 * @param <T> what comes of it
 */
public interface Work<T> {
  /**
   * Goes on to the next check.
   *
   * @return what has to be checked, by {@link VirtualState#checkAll}; nothing once it is done
   */
  List<Candidate> next();

  /**
   * Hands in what came of the check of what {@link #next} returned.
   *
   * @param checks one for each, in the same order
   */
  void checked(List<Check> checks);

  /** What came of it, once it is done. */
  T result();
}
