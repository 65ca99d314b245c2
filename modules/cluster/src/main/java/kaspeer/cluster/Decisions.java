package kaspeer.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The decisions on bans, or on permanent peers, that count here. They outlive the actors of a
 * cluster: what is decided while there are none is told afterwards, and what others lifted in that
 * time is known by being the later. Safe from any thread.
 */
final class Decisions {
  private final Map<String, Decision> bySubject = new ConcurrentHashMap<>();

  @Nullable Decision get(String subject) {
    return bySubject.get(subject);
  }

  /** Whether the last word on this was that it holds. */
  boolean holds(String subject) {
    Decision last = get(subject);
    return last != null && last.holds();
  }

  void forEach(BiConsumer<String, Decision> each) {
    bySubject.forEach(each);
  }

  /** Somebody decides here and now. What it replaces may bear the time of a clock ahead of ours. */
  void decide(String subject, boolean holds, long until, String reason, long now) {
    bySubject.compute(
        subject,
        (_, known) ->
            new Decision(
                holds, known == null ? now : Math.max(now, known.at() + 1), until, reason));
  }

  /** Decided in an earlier run: whatever was decided since then counts more. */
  void recall(String subject, long until, String reason) {
    bySubject.putIfAbsent(subject, new Decision(true, 0, until, reason));
  }

  /** Another member tells of this one. Returns whether it counts from now on. */
  boolean hear(String subject, Decision theirs) {
    Decision known = get(subject);
    if (known != null && !theirs.isAfter(known)) {
      return false;
    }
    return theirs.equals(
        bySubject.merge(
            subject, theirs, (before, after) -> after.isAfter(before) ? after : before));
  }

  /** This one is over. */
  void forget(String subject, Decision last) {
    bySubject.remove(subject, last);
  }
}
