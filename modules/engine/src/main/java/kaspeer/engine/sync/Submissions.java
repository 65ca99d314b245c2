package kaspeer.engine.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import kaspeer.flow.dag.Dag;
import org.jspecify.annotations.Nullable;

/**
 * Batches of bodies at the DAG, oldest first, and what it has answered. Answers may come in any
 * order.
 */
final class Submissions {
  private static final class Submission {
    final long number;
    final int count;
    Dag.@Nullable BatchReply reply;

    Submission(long number, int count) {
      this.number = number;
      this.count = count;
    }
  }

  private final Deque<Submission> open = new ArrayDeque<>();
  private long last;

  int size() {
    return open.size();
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** A batch of so many bodies was handed over. Returns its number. */
  long add(int count) {
    last++;
    open.add(new Submission(last, count));
    return last;
  }

  void answered(long number, Dag.BatchReply reply) {
    for (Submission submission : open) {
      if (submission.number == number) {
        submission.reply = reply;
      }
    }
  }

  /** Closes the oldest batches that are in the DAG. Returns how many bodies they had. */
  int takeDone() {
    int done = 0;
    while (!open.isEmpty() && open.getFirst().reply instanceof Dag.BatchReply.Done) {
      done += open.remove().count;
    }
    return done;
  }

  /** Whether a batch was not taken. */
  boolean isTroubled() {
    return open.stream()
        .anyMatch(s -> s.reply != null && !(s.reply instanceof Dag.BatchReply.Done));
  }

  /**
   * Once all batches are answered for, and the oldest was not taken: closes all, and returns what
   * was said of the oldest. What was said of later ones may only follow from it.
   */
  Dag.@Nullable BatchReply takeTrouble() {
    if (open.isEmpty() || open.stream().anyMatch(s -> s.reply == null)) {
      return null;
    }
    Dag.BatchReply first = open.getFirst().reply;
    open.clear();
    return first;
  }
}
