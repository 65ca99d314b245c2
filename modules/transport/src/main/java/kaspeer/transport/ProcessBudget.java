package kaspeer.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that all links of the process together hold.
 *
 * <p>From half of the limit on, links that hold more than their share are to read no more. Beyond
 * the limit a link is ended: of those that hold a good part of what the greediest one does, the one
 * that has given back nothing for longest. So what ends is what keeps, not what came last.
 */
final class ProcessBudget {
  /** Below this no link is asked to wait: an honest one gets on whatever the others do. */
  static final long FLOOR = 64 * 1024;

  /** Of what the greediest holds, what makes a link one of those that may be ended. */
  private static final int GOOD_PART = 4;

  private final long limit;
  private final AtomicLong held = new AtomicLong();

  /** All that hold something. */
  private final Set<Holding> holders = ConcurrentHashMap.newKeySet();

  ProcessBudget(long limit) {
    this.limit = limit;
  }

  /** Counts a change of one holder, which is called with its lock held. */
  void add(Holding holder, long bytes, long holds) {
    held.addAndGet(bytes);
    if (holds > 0) {
      holders.add(holder);
    } else {
      holders.remove(holder);
    }
  }

  /** Ends links until the others are within the limit. */
  void relieve() {
    while (held.get() > limit) {
      Holding victim;
      synchronized (this) {
        victim = held.get() > limit ? victim() : null;
        if (victim == null) {
          return;
        }
        victim.writeOff();
      }
      victim.end();
    }
  }

  private @Nullable Holding victim() {
    long most = 0;
    for (Holding holder : holders) {
      most = Math.max(most, holder.held());
    }
    Holding victim = null;
    for (Holding holder : holders) {
      if (holder.held() > 0
          && holder.held() >= most / GOOD_PART
          && (victim == null || holder.since() - victim.since() < 0)) {
        victim = holder;
      }
    }
    return victim;
  }

  /** Whether a link that holds so much should read no more for now. */
  boolean isCrowdedBy(long holds) {
    return holds > FLOOR
        && held.get() > limit / 2
        && holds > limit / 2 / Math.max(1, holders.size());
  }

  long limit() {
    return limit;
  }

  long held() {
    return held.get();
  }
}
