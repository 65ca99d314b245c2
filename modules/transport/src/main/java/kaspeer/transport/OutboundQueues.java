package kaspeer.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What waits to be sent on one link: a queue for each class of traffic, bounded in bytes. */
final class OutboundQueues {
  /** A queue that once was longer than this is given up when it is empty. */
  private static final int KEEP = 256;

  /** A frame in its queue, and who wants to know when it left. */
  record Entry(OutboundFrame frame, @Nullable CompletableFuture<SendResult> tracker) {}

  /** The queue of one class. */
  private static final class Queue {
    private final int limit;
    private ArrayDeque<Entry> entries = new ArrayDeque<>(4);
    private int longest;
    private long bytes;

    Queue(int limit) {
      this.limit = limit;
    }

    boolean offer(Entry entry) {
      int size = entry.frame.size();
      // A single frame larger than the queue must get through some time.
      if (bytes > 0 && bytes + size > limit) {
        return false;
      }
      entries.add(entry);
      bytes += size;
      longest = Math.max(longest, entries.size());
      return true;
    }

    @Nullable Entry poll() {
      Entry entry = entries.poll();
      if (entry != null) {
        bytes -= entry.frame.size();
        if (entries.isEmpty() && longest > KEEP) {
          entries = new ArrayDeque<>(4);
          longest = 0;
        }
      }
      return entry;
    }

    void drainTo(List<Entry> gone) {
      gone.addAll(entries);
      entries = new ArrayDeque<>(4);
      bytes = 0;
    }
  }

  private final Queue control;
  private final Queue announcements;
  private final Queue answers;
  private boolean closing;
  private boolean answersNext;
  private long dropped;

  OutboundQueues(TransportOptions options) {
    control = new Queue(options.controlBytes());
    announcements = new Queue(options.announcementBytes());
    answers = new Queue(options.answerBytes());
  }

  /** Puts a frame into a queue. */
  synchronized SendResult offer(TrafficClass traffic, Entry entry) {
    if (closing) {
      return SendResult.CLOSED;
    }
    if (!queue(traffic).offer(entry)) {
      dropped++;
      return SendResult.OVERFLOW;
    }
    return SendResult.SENT;
  }

  /** The next frame to send: control first, then announcements and answers in turn. */
  synchronized @Nullable Entry poll() {
    Entry entry = control.poll();
    if (entry == null) {
      entry = (answersNext ? answers : announcements).poll();
      answersNext = !answersNext;
    }
    return entry != null ? entry : (answersNext ? answers : announcements).poll();
  }

  /**
   * Takes no more frames and lets go of all but the control queue's.
   *
   * @param last one more for the control queue
   * @return the frames let go of
   */
  synchronized List<Entry> close(@Nullable OutboundFrame last) {
    closing = true;
    List<Entry> gone = new ArrayList<>();
    announcements.drainTo(gone);
    answers.drainTo(gone);
    if (last != null) {
      control.entries.add(new Entry(last, null));
      control.bytes += last.size();
    }
    return gone;
  }

  /** Lets go of everything. */
  synchronized List<Entry> clear() {
    List<Entry> gone = close(null);
    control.drainTo(gone);
    return gone;
  }

  synchronized boolean isEmpty() {
    return control.entries.isEmpty()
        && announcements.entries.isEmpty()
        && answers.entries.isEmpty();
  }

  synchronized long bytes(TrafficClass traffic) {
    return queue(traffic).bytes;
  }

  synchronized long dropped() {
    return dropped;
  }

  private Queue queue(TrafficClass traffic) {
    return switch (traffic) {
      case CONTROL -> control;
      case ANNOUNCEMENT -> announcements;
      case ANSWER -> answers;
    };
  }
}
