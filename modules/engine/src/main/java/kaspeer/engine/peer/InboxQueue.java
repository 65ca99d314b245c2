package kaspeer.engine.peer;

import java.util.ArrayDeque;
import java.util.Deque;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.transport.InboundFrame;
import kaspeer.wire.PayloadType;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait for one flow in one of its inboxes, and the one that it has in hand. An
 * empty one costs next to nothing.
 */
final class InboxQueue {
  private final Inbox spec;
  private @Nullable Deque<InboundFrame> waiting;
  private long bytes;
  private int pulls;
  private @Nullable PayloadType inHand;
  private long inHandSince;
  private long inHandBytes;

  InboxQueue(Inbox spec) {
    this.spec = spec;
  }

  Inbox spec() {
    return spec;
  }

  int depth() {
    return waiting == null ? 0 : waiting.size();
  }

  /** Messages that wait, and the one after which the flow has not asked for another. */
  int unheard() {
    return depth() + (inHand == null ? 0 : 1);
  }

  long bytes() {
    return bytes;
  }

  /** Whether the flow waits for messages. */
  boolean isPulled() {
    return pulls > 0;
  }

  void pulled(int messages) {
    pulls += messages;
  }

  /** Whether the flow takes messages of this type as they are. */
  boolean leavesUndecoded(InboundFrame frame) {
    return spec.undecoded().contains(frame.type().payloadCase());
  }

  /**
   * Heap that a message takes once the flow has it. One that is not decoded keeps its bytes, and
   * what the flow makes of it is taken to be no less than the message.
   */
  long heapBytes(InboundFrame frame) {
    return frame.heapBytes() + (leavesUndecoded(frame) ? frame.bytes() : 0);
  }

  /** The flow was given this message. @param now by {@link System#nanoTime} */
  void delivered(InboundFrame frame, long now) {
    pulls--;
    inHand = frame.type();
    inHandSince = now;
    inHandBytes = heapBytes(frame);
  }

  /**
   * Heap that the message takes which the flow was given last. It has done with it when it asks for
   * another or settles the question: one at a time may be large.
   */
  long inHandBytes() {
    return inHandBytes;
  }

  /** The flow has done with what it was given. */
  void emptyHand() {
    inHandBytes = 0;
  }

  /**
   * The type of the message that the flow was given last and that it has now done with, as it asks
   * for another; null if it was given none since it asked before.
   */
  @Nullable PayloadType takeDone() {
    PayloadType done = inHand;
    inHand = null;
    return done;
  }

  /** Since when the flow had that message, by {@link System#nanoTime}. */
  long inHandSince() {
    return inHandSince;
  }

  /** Whether a message of this size finds room. One always does. */
  boolean hasRoom(int size) {
    return depth() == 0 || depth() < spec.maxMessages() && bytes + size <= spec.maxBytes();
  }

  /** Whether nothing more may be read from the peer until the flow has taken some. */
  boolean holdsReader() {
    return spec.overflow() == Overflow.BACKPRESSURE
        && (depth() >= spec.maxMessages() || bytes >= spec.maxBytes());
  }

  void add(InboundFrame frame) {
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
    waiting.add(frame);
    bytes += frame.bytes();
  }

  /** The next message; the queue's memory goes with the last one. */
  @Nullable InboundFrame poll() {
    if (waiting == null) {
      return null;
    }
    InboundFrame next = waiting.poll();
    if (next != null) {
      bytes -= next.bytes();
    }
    if (waiting.isEmpty()) {
      waiting = null;
    }
    return next;
  }

  /**
   * A new instance of the flow has pulled nothing yet, and what answers its predecessor asked for
   * is nothing to it.
   */
  void restarted() {
    pulls = 0;
    inHand = null;
    inHandBytes = 0;
    if (spec.solicited()) {
      waiting = null;
      bytes = 0;
    }
  }
}
