package kaspeer.engine.mempool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import kaspeer.flow.mempool.Mempool.Results;
import kaspeer.mempool.Submission;
import kaspeer.primitives.Transaction;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Submitted transactions that wait to be looked at. Those of several submits are taken together, so
 * that they are checked side by side; what was submitted here goes before what peers sent. State of
 * the mempool's actor.
 */
final class SubmissionQueue {
  /** Bytes on the wire of what peers sent. */
  static final long MAX_BYTES = 32 << 20;

  /** Bytes on the wire of what was submitted here. */
  static final long MAX_LOCAL_BYTES = 8 << 20;

  /**
   * Submits are taken together up to so many transactions, about what the pool sees to in one step:
   * what the chain asks for waits until all of them are seen to.
   */
  static final int MAX_TOGETHER = 256;

  /**
   * Transactions that came together.
   *
   * @param bytes their size on the wire
   */
  record Waiting(
      List<Transaction> transactions, int bytes, Submission how, ActorRef<Results> replyTo) {
    private boolean isLocal() {
      return how.source().equals(Submission.LOCAL);
    }
  }

  private final Deque<Waiting> local = new ArrayDeque<>();
  private final Deque<Waiting> relayed = new ArrayDeque<>();
  private long localBytes;
  private long relayedBytes;

  /** Returns whether there is room for it. */
  boolean add(Waiting waiting) {
    boolean mine = waiting.isLocal();
    // One that is alone always has room.
    if (mine
        ? localBytes > 0 && localBytes + waiting.bytes > MAX_LOCAL_BYTES
        : relayedBytes > 0 && relayedBytes + waiting.bytes > MAX_BYTES) {
      return false;
    }
    (mine ? local : relayed).add(waiting);
    count(waiting, 1);
    return true;
  }

  private void count(Waiting waiting, int sign) {
    if (waiting.isLocal()) {
      localBytes += sign * (long) waiting.bytes;
    } else {
      relayedBytes += sign * (long) waiting.bytes;
    }
  }

  /** The next submits, to be seen to together; none if none waits. */
  List<Waiting> next() {
    Deque<Waiting> queue = local.isEmpty() ? relayed : local;
    List<Waiting> batch = new ArrayList<>();
    int count = 0;
    while (!queue.isEmpty()
        && (batch.isEmpty() || count + queue.element().transactions.size() <= MAX_TOGETHER)) {
      Waiting waiting = queue.remove();
      count += waiting.transactions.size();
      batch.add(waiting);
    }
    return batch;
  }

  /** These are seen to: there is room for others. */
  void done(List<Waiting> batch) {
    batch.forEach(waiting -> count(waiting, -1));
  }

  /** All transactions of these, in order. */
  static List<Transaction> transactions(List<Waiting> batch) {
    return batch.stream().flatMap(waiting -> waiting.transactions.stream()).toList();
  }

  /** How each transaction of these came: two submits may have the same, as two objects. */
  static IdentityHashMap<Transaction, Submission> ways(List<Waiting> batch) {
    IdentityHashMap<Transaction, Submission> ways = new IdentityHashMap<>();
    for (Waiting waiting : batch) {
      waiting.transactions.forEach(tx -> ways.putIfAbsent(tx, waiting.how));
    }
    return ways;
  }
}
