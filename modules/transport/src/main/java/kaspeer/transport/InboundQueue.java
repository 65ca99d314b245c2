package kaspeer.transport;

import java.util.ArrayDeque;
import kaspeer.wire.RawCheck.Checked;
import org.jspecify.annotations.Nullable;

/**
 * Frames read from one link and not yet taken by its consumer, checked but not decoded, so that
 * their size is what they cost. The event loop fills it and asks for one more message as long as
 * there is room; when there was none, taking asks.
 */
final class InboundQueue {
  /** A frame's bytes and what the check found in them. */
  record Raw(byte[] bytes, Checked checked) {}

  private final int maxFrames;
  private final int maxBytes;
  private final Holding holding;
  private final ArrayDeque<Raw> frames = new ArrayDeque<>(4);
  private long bytes;
  private boolean stalled = true;
  private boolean started;
  private boolean last;
  private long askedAt;
  private boolean finished;
  private @Nullable Runnable wake;

  InboundQueue(TransportOptions options, Holding holding) {
    this.maxFrames = options.inboundFrames();
    this.maxBytes = options.inboundBytes();
    this.holding = holding;
  }

  /** What {@link #offer} leads to. */
  enum Next {
    /** There is room: ask for one more message. */
    ASK,
    /** Full: taking will ask. */
    WAIT
  }

  /** Takes in a frame. */
  Next offer(Raw raw) {
    Runnable waiting;
    Next next;
    // Before it can be taken out, and without the lock: this may end the link, or another one.
    holding.take(raw.bytes.length);
    synchronized (this) {
      if (finished) {
        holding.give(raw.bytes.length);
        return Next.WAIT;
      }
      frames.add(raw);
      bytes += raw.bytes.length;
      stalled = frames.size() >= maxFrames && !last || bytes >= maxBytes;
      next = stalled ? Next.WAIT : Next.ASK;
      waiting = wake;
    }
    if (waiting != null) {
      waiting.run();
    }
    return next;
  }

  /**
   * Takes out a frame, which counts to the link until whoever takes it gives that back.
   *
   * @param ask called when there is room again and a message must be asked for
   */
  @Nullable Raw poll(Runnable ask) {
    Raw raw;
    boolean room;
    synchronized (this) {
      raw = frames.poll();
      if (raw != null) {
        bytes -= raw.bytes.length;
      }
      room = stalled && (!started || frames.size() <= maxFrames / 2 && bytes <= maxBytes / 2);
      if (room) {
        stalled = false;
        started = true;
        askedAt = System.nanoTime();
      }
    }
    if (room) {
      ask.run();
    }
    return raw;
  }

  /**
   * The peer is gone: from now on only bytes count.
   *
   * @return whether a message must be asked for
   */
  synchronized boolean readRest() {
    last = true;
    started = true;
    if (bytes >= maxBytes) {
      return false;
    }
    // Even if one was asked for: that may have been on another thread, whose word has not reached
    // the event loop.
    stalled = false;
    return true;
  }

  /** Names who is to be told of frames and of the end. */
  synchronized void onFrame(Runnable told) {
    wake = told;
  }

  /** No frame will come any more. What is left waits, and counts, until it is taken or dropped. */
  void finish() {
    Runnable waiting;
    synchronized (this) {
      finished = true;
      waiting = wake;
    }
    if (waiting != null) {
      waiting.run();
    }
  }

  /** No frame will come any more, and what is left is let go of. */
  void drop() {
    synchronized (this) {
      holding.give(bytes);
      bytes = 0;
      frames.clear();
    }
    finish();
  }

  /** Whether nothing will come any more. */
  synchronized boolean finished() {
    return finished;
  }

  /** Whether there is nothing left and nothing to come. */
  synchronized boolean done() {
    return finished && frames.isEmpty();
  }

  /** For how long messages have been asked for without a pause, in nanoseconds; 0 while none is. */
  synchronized long hungryFor(long now) {
    return stalled ? 0 : now - askedAt;
  }

  synchronized long bytes() {
    return bytes;
  }
}
