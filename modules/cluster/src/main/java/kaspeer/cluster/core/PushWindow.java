package kaspeer.cluster.core;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was pushed to one core and is not known to have been taken. Bounded in bytes and number;
 * what is not confirmed in a while counts no more. State of {@link Pushes}.
 */
final class PushWindow {
  static final long MAX_BYTES = 4 << 20;
  static final int MAX_BLOCKS = 64;

  /** Longer than a core takes for a verdict. */
  static final Duration FORGOTTEN = Duration.ofSeconds(10);

  private record Sent(int bytes, long at) {}

  private final Map<Long, Sent> open = new LinkedHashMap<>();
  private long bytes;

  /** Whether there is room for a block of this size now. */
  boolean hasRoom(int size, long nowNanos) {
    for (Iterator<Sent> all = open.values().iterator(); all.hasNext(); ) {
      Sent oldest = all.next();
      if (nowNanos - oldest.at < FORGOTTEN.toNanos()) {
        break;
      }
      all.remove();
      bytes -= oldest.bytes;
    }
    return open.size() < MAX_BLOCKS && bytes + size <= MAX_BYTES;
  }

  void sent(long number, int size, long nowNanos) {
    open.put(number, new Sent(size, nowNanos));
    bytes += size;
  }

  void taken(long number) {
    Sent sent = open.remove(number);
    if (sent != null) {
      bytes -= sent.bytes;
    }
  }
}
