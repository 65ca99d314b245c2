package kaspeer.flows.transaction;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;

/**
 * Transactions of one peer on their way into the mempool. Two submits are under way when there is
 * much to do, so that the mempool always has one to go on with; else one, and what comes meanwhile
 * goes together. What it has no room for just now is kept, and handed in again. Belongs to its
 * flow's actor.
 */
final class Submits {
  /** Transactions that wait, beyond which no more should be taken from the peer. */
  static final int MAX_WAITING = 192;

  /** Bytes on the wire, likewise. */
  private static final int MAX_WAITING_BYTES = 1 << 20;

  /** So many go out beside a submit that is under way. */
  static final int ENOUGH = 128;

  private static final int MAX_UNDER_WAY = 2;

  private record Submit(List<Transaction> transactions, int bytes) {}

  private final BiConsumer<List<Transaction>, Integer> mempool;
  private final Deque<Submit> underWay = new ArrayDeque<>();
  private final Deque<Submit> again = new ArrayDeque<>();
  private List<Transaction> waiting = new ArrayList<>();
  private int waitingBytes;
  private boolean resting;

  /**
   * @param mempool submits transactions, which have so many bytes on the wire
   */
  Submits(BiConsumer<List<Transaction>, Integer> mempool) {
    this.mempool = mempool;
  }

  /** A transaction came. @param bytes on the wire */
  void add(Transaction transaction, int bytes) {
    waiting.add(transaction);
    waitingBytes += bytes;
  }

  boolean isFull() {
    return waiting.size() >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES || !again.isEmpty();
  }

  /** Submits what can be. */
  void goOn() {
    while (!resting && underWay.size() < MAX_UNDER_WAY) {
      if (!again.isEmpty()) {
        send(again.remove());
      } else if (!waiting.isEmpty() && (underWay.isEmpty() || waiting.size() >= ENOUGH)) {
        send(new Submit(waiting, waitingBytes));
        waiting = new ArrayList<>();
        waitingBytes = 0;
      } else {
        return;
      }
    }
  }

  private void send(Submit submit) {
    underWay.add(submit);
    mempool.accept(submit.transactions, submit.bytes);
  }

  /**
   * A submit was seen to.
   *
   * @return whether the mempool was too busy for it: then it is handed in again after {@link
   *     #rested}
   */
  boolean judged(Map<Hash, Mempool.Result> verdicts) {
    Submit submit = take(verdicts);
    Mempool.Result busy = new Mempool.Result.Full(Mempool.Result.Full.BUSY);
    if (verdicts.isEmpty() || !verdicts.values().stream().allMatch(busy::equals)) {
      return false;
    }
    again.add(submit);
    resting = true;
    return true;
  }

  /** A refusal for want of room may overtake the answer to the submit before. */
  private Submit take(Map<Hash, Mempool.Result> verdicts) {
    for (Iterator<Submit> each = underWay.iterator(); each.hasNext(); ) {
      Submit submit = each.next();
      if (verdicts.containsKey(submit.transactions.getFirst().id())) {
        each.remove();
        return submit;
      }
    }
    return underWay.remove();
  }

  /** It may have room again. */
  void rested() {
    resting = false;
  }
}
