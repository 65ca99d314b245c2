package kaspeer.testkit.peer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.jspecify.annotations.Nullable;

/**
 * What a peer heard and nobody has taken yet, and how it ended. Beyond 64 MiB the oldest is
 * dropped.
 */
final class Inbox {
  private static final long MAX_BYTES = 64 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<KaspadMessage> messages = new ArrayDeque<>(2);
  private final Map<PayloadCase, Integer> heard = new EnumMap<>(PayloadCase.class);
  private long bytes;
  private @Nullable String reject;
  private @Nullable Ending ending;

  /** Counts a message, and keeps it if it is to be taken from here. */
  void add(KaspadMessage message, boolean keep) {
    lock.lock();
    try {
      heard.merge(message.getPayloadCase(), 1, Integer::sum);
      if (message.hasReject()) {
        reject = message.getReject().getReason();
      }
      if (keep) {
        messages.add(message);
        bytes += message.getSerializedSize();
        while (bytes > MAX_BYTES) {
          bytes -= messages.remove().getSerializedSize();
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void end(Ending.Kind kind, int code) {
    lock.lock();
    try {
      ending = new Ending(kind, code, reject);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int heard(PayloadCase payloadCase) {
    lock.lock();
    try {
      return heard.getOrDefault(payloadCase, 0);
    } finally {
      lock.unlock();
    }
  }

  @Nullable Ending ending() {
    lock.lock();
    try {
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the first that fits, what came before it stays; none if there is none in time or ever.
   */
  @Nullable KaspadMessage take(Predicate<KaspadMessage> fits, Duration limit)
      throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (true) {
        for (Iterator<KaspadMessage> all = messages.iterator(); all.hasNext(); ) {
          KaspadMessage message = all.next();
          if (fits.test(message)) {
            all.remove();
            bytes -= message.getSerializedSize();
            return message;
          }
        }
        if (ending != null || left <= 0) {
          return null;
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  @Nullable Ending awaitEnd(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (ending == null && left > 0) {
        left = changed.awaitNanos(left);
      }
      return ending;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until that many of a kind were heard in all. */
  boolean awaitHeard(PayloadCase payloadCase, int count, Duration limit)
      throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (heard.getOrDefault(payloadCase, 0) < count) {
        if (ending != null || left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** For people: what was heard, what waits, how it ended. */
  String standing() {
    lock.lock();
    try {
      StringJoiner waiting = new StringJoiner(", ", "[", "]");
      messages.stream().limit(10).forEach(message -> waiting.add(message.getPayloadCase().name()));
      return "heard "
          + heard
          + ", waiting "
          + waiting
          + ", "
          + (ending == null ? "still connected" : ending.toString());
    } finally {
      lock.unlock();
    }
  }
}
