package kaspeer.engine.extension;

/**
 * Bounds what waits for one flow of one peer: messages that were let in and are not done with. Safe
 * from any thread.
 */
final class Gate {
  private final PluginFlow flow;
  private final int maxMessages;
  private final long maxBytes;
  private int messages;
  private long bytes;
  private boolean closed;

  Gate(PluginFlow flow, int maxMessages, long maxBytes) {
    this.flow = flow;
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /** Lets a message in, if there is room. One always fits here, if all peers left any. */
  synchronized boolean enter(int size) {
    boolean full = messages > 0 && (messages >= maxMessages || bytes + size > maxBytes);
    if (closed || full || !flow.reserve(size)) {
      return false;
    }
    messages++;
    bytes += size;
    return true;
  }

  synchronized void leave(int size) {
    messages = Math.max(0, messages - 1);
    bytes -= size;
    flow.release(size);
  }

  /**
   * Nobody will take what waits; it counts on until {@link #settle}, for the actor's mailbox holds
   * it. Returns how many messages that were.
   */
  synchronized int close() {
    int lost = messages;
    closed = true;
    messages = 0;
    return lost;
  }

  /** The actor is gone, and all that waited with it. */
  synchronized void settle() {
    flow.release(bytes);
    bytes = 0;
  }

  synchronized int waiting() {
    return messages;
  }
}
