package kaspeer.mempool;

import java.util.List;
import java.util.function.Function;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;

/**
 * Work, and what follows from what came of it.
 *
 * @param <A> what comes of the work
 * @param <B> what follows
 */
record Then<A, B>(Work<A> work, Function<A, B> then) implements Work<B> {
  @Override
  public List<Candidate> next() {
    return work.next();
  }

  @Override
  public void checked(List<Check> checks) {
    work.checked(checks);
  }

  @Override
  public B result() {
    return then.apply(work.result());
  }
}
