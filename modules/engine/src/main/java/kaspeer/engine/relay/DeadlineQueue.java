package kaspeer.engine.relay;

import kaspeer.engine.relay.RequestTracker.Entry;
import org.jspecify.annotations.Nullable;

/** Entries in the order of their deadlines, which is that in which they are put in. */
final class DeadlineQueue {
  private @Nullable Entry first;
  private @Nullable Entry last;

  /** When its first entry is due; never without one. */
  long firstAt() {
    return first == null ? Long.MAX_VALUE : first.at;
  }

  void add(Entry entry, long at) {
    entry.at = at;
    entry.inLine = true;
    entry.before = last;
    if (last == null) {
      first = entry;
    } else {
      last.after = entry;
    }
    last = entry;
  }

  void remove(Entry entry) {
    if (entry.before == null) {
      first = entry.after;
    } else {
      entry.before.after = entry.after;
    }
    if (entry.after == null) {
      last = entry.before;
    } else {
      entry.after.before = entry.before;
    }
    entry.before = null;
    entry.after = null;
    entry.inLine = false;
  }

  /** Takes out the first, if its time has come. */
  @Nullable Entry due(long now) {
    Entry entry = first;
    if (entry == null || entry.at > now) {
      return null;
    }
    remove(entry);
    return entry;
  }
}
