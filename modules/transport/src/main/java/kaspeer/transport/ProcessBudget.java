package kaspeer.transport;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all links of the process together hold unread. */
final class ProcessBudget {
  private final long limit;
  private final AtomicLong held = new AtomicLong();

  ProcessBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Counts bytes taken; whether they are within the limit. They count in either case, until they
   * are given back.
   */
  boolean take(long bytes) {
    return held.addAndGet(bytes) <= limit;
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  long held() {
    return held.get();
  }
}
