package kaspeer.engine.mempool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.mempool.Work;
import org.jspecify.annotations.Nullable;

/**
 * Work of the pool that waits for its turn: one at a time, what the chain asks for first, and when
 * there is none of that what was submitted. State of the mempool's actor.
 */
final class Jobs {
  /**
   * @param then hears of what came of the work
   */
  record Job<T>(Work<T> work, Consumer<T> then) {
    private void finish() {
      then.accept(work.result());
    }
  }

  private final Deque<Job<?>> urgent = new ArrayDeque<>();
  private final Supplier<@Nullable Job<?>> submitted;
  private @Nullable Job<?> running;

  /**
   * @param submitted gives the next of what was submitted, or null
   */
  Jobs(Supplier<@Nullable Job<?>> submitted) {
    this.submitted = submitted;
  }

  <T> void add(Work<T> work, Consumer<T> then) {
    urgent.add(new Job<>(work, then));
  }

  /**
   * Goes on until something has to be checked.
   *
   * @return what, or nothing if there is nothing to do, or something is being checked already
   */
  List<Candidate> next() {
    if (running != null) {
      return List.of();
    }
    Job<?> job = poll();
    while (job != null) {
      List<Candidate> candidates = job.work.next();
      if (!candidates.isEmpty()) {
        running = job;
        return candidates;
      }
      job.finish();
      job = poll();
    }
    return List.of();
  }

  private @Nullable Job<?> poll() {
    Job<?> job = urgent.poll();
    return job == null ? submitted.get() : job;
  }

  /** What {@link #next} gave is checked. */
  void checked(List<Check> checks) {
    Job<?> job = running;
    if (job == null) {
      throw new IllegalStateException("nothing is being checked");
    }
    running = null;
    job.work.checked(checks);
    // It is not done, and so goes on first: others would build on what it has half done.
    urgent.addFirst(job);
  }
}
