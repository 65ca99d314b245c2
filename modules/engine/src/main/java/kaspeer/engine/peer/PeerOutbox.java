package kaspeer.engine.peer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import kaspeer.flow.Outbox;
import kaspeer.transport.Link;
import kaspeer.transport.OutboundFrame;
import kaspeer.transport.SendResult;
import kaspeer.transport.TrafficClass;
import kaspeer.wire.PayloadKind;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/**
 * Sends to one peer. Answers of all flows together put no more than so many bytes into the link's
 * queue; the next ones wait as objects with the flows that made them, who wait too. Safe from any
 * thread.
 */
final class PeerOutbox implements Outbox {
  /** Bytes of answers on their way at a time; a single larger one passes alone. */
  static final long MAX_ANSWER_BYTES = 2L << 20;

  private record Delivery(KaspadMessage message, int size, CompletableFuture<Done> done) {}

  private final Link link;
  private final PayloadCounters counters;
  private final Runnable overflowed;

  /** Guarded by this. */
  private final Deque<Delivery> waiting = new ArrayDeque<>(0);

  /** Guarded by this. */
  private long onTheWay;

  /**
   * @param overflowed told when a control message found no room
   */
  PeerOutbox(Link link, PayloadCounters counters, Runnable overflowed) {
    this.link = link;
    this.counters = counters;
    this.overflowed = overflowed;
  }

  @Override
  public void send(KaspadMessage message) {
    OutboundFrame frame = OutboundFrame.of(message);
    if (frame.type().kind() == PayloadKind.ANNOUNCEMENT) {
      announce(frame);
    } else if (result(frame, link.send(frame, TrafficClass.CONTROL)) == SendResult.OVERFLOW) {
      overflowed.run();
    }
  }

  /**
   * Sends an announcement. False if it was let go for want of room, or because the link has ended.
   */
  boolean announce(OutboundFrame frame) {
    return result(frame, link.send(frame, TrafficClass.ANNOUNCEMENT)) == SendResult.SENT;
  }

  @Override
  public CompletionStage<Done> deliver(KaspadMessage message) {
    Delivery delivery =
        new Delivery(message, message.getSerializedSize(), new CompletableFuture<>());
    synchronized (this) {
      waiting.add(delivery);
    }
    sendWaiting();
    return delivery.done;
  }

  private void sendWaiting() {
    for (Delivery next = next(); next != null; next = next()) {
      Delivery delivery = next;
      OutboundFrame frame = OutboundFrame.of(delivery.message);
      link.sendTracked(frame, TrafficClass.ANSWER)
          .thenAccept(result -> onTaken(delivery, result(frame, result)));
    }
  }

  private synchronized @Nullable Delivery next() {
    Delivery first = waiting.peek();
    if (first == null || onTheWay > 0 && onTheWay + first.size > MAX_ANSWER_BYTES) {
      return null;
    }
    onTheWay += first.size;
    return waiting.poll();
  }

  private void onTaken(Delivery delivery, SendResult result) {
    synchronized (this) {
      onTheWay -= delivery.size;
    }
    if (result == SendResult.SENT) {
      delivery.done.complete(Done.getInstance());
    } else {
      delivery.done.completeExceptionally(new LinkClosedException(result.name()));
    }
    sendWaiting();
  }

  private SendResult result(OutboundFrame frame, SendResult result) {
    if (result == SendResult.SENT) {
      counters.sent(frame.type(), frame.size());
    }
    return result;
  }

  /** The connection ended before an answer was handed over. */
  static final class LinkClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LinkClosedException(String result) {
      super("the answer was not sent: " + result, null, false, false);
    }
  }
}
