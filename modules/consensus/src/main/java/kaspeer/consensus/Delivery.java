package kaspeer.consensus;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings verdicts to those who wait for them and events to the listener, each on a thread of its
 * own, so that neither holds up the committer; and keeps count of the bytes in flight, which end
 * when both are out.
 */
final class Delivery {
  private final ConsensusListener listener;
  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final ExecutorService verdictThread;
  private final ExecutorService eventThread;

  Delivery(ConsensusListener listener, long maxBytes) {
    this.listener = listener;
    this.maxBytes = maxBytes;
    verdictThread = Executors.newSingleThreadExecutor(threads("kaspeer-dag-verdicts"));
    eventThread = Executors.newSingleThreadExecutor(threads("kaspeer-dag-events"));
  }

  static ThreadFactory threads(String name) {
    return Thread.ofPlatform().daemon().name(name + "-", 1).factory();
  }

  /** Bytes handed in whose verdict or event is not out. */
  long bytes() {
    return bytes.get();
  }

  /**
   * Counts a submission in, if it fits. One is always let in, or one larger than the limit never
   * would be.
   */
  boolean reserve(Submission submission) {
    while (true) {
      long before = bytes.get();
      if (before > 0 && before + submission.bytes > maxBytes) {
        return false;
      }
      if (bytes.compareAndSet(before, before + submission.bytes)) {
        return true;
      }
    }
  }

  /** What was committed, and the submissions that are done with it. */
  void committed(List<ConsensusEvent> events, List<Submission> done) {
    for (Submission submission : done) {
      List<Verdict> verdicts = List.copyOf(submission.verdicts);
      verdictThread.execute(() -> submission.result.complete(verdicts));
    }
    eventThread.execute(
        () -> {
          try {
            if (!events.isEmpty()) {
              listener.onEvents(events);
            }
          } finally {
            done.forEach(this::release);
          }
        });
  }

  /** A submission that could not be decided about, through no fault of its blocks. */
  void failed(Submission submission, Throwable cause) {
    release(submission);
    verdictThread.execute(
        () ->
            submission.result.completeExceptionally(
                new ConsensusUnavailableException(
                    "the submission could not be decided about", cause)));
  }

  /** Nothing is committed any more. */
  void broken(Throwable cause) {
    eventThread.execute(() -> listener.onEvents(List.of(new ConsensusEvent.Failed(cause))));
  }

  private void release(Submission submission) {
    bytes.addAndGet(-submission.bytes);
  }

  /** Delivers what was handed in before, and ends. */
  void close() {
    verdictThread.close();
    eventThread.close();
  }
}
