package kaspeer.transport;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.RawCheck;
import kaspeer.wire.WireFault;
import kaspeer.wire.WireFault.Reason;
import kaspeer.wire.WireLimits;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** A link over one gRPC stream. */
final class LinkImpl implements Link {
  private static final AtomicLong IDS = new AtomicLong();

  /**
   * Part of the process's budget that a single message counts at most: larger ones come from the
   * peer chosen for sync only.
   */
  private static final int MESSAGE_PART = 8;

  private final long id = IDS.incrementAndGet();
  private final Connection connection;
  private final StreamPort port;
  private final RawCheck check;
  private final InboundQueue queue;
  private final OutboundQueues queues;
  private final TypeCounts received = new TypeCounts();
  private final TypeCounts sent = new TypeCounts();
  private final AtomicBoolean inboundClaimed = new AtomicBoolean();
  private final AtomicInteger draining = new AtomicInteger();
  private final CompletableFuture<LinkEnd> ended = new CompletableFuture<>();
  private volatile boolean finishing;
  private boolean finished;
  private int handshakeBytes;

  /** When sending last got stuck, by {@link System#nanoTime}; 0 while it is not. */
  private volatile long stuckSince;

  LinkImpl(Connection connection, StreamPort port) {
    this.connection = connection;
    this.port = port;
    TransportOptions options = connection.options();
    this.check = new RawCheck(options.catalogue());
    this.queue = new InboundQueue(options, connection.holding());
    this.queues = new OutboundQueues(options);
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public Direction direction() {
    return connection.direction();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  InetSocketAddress localAddress() {
    return connection.localAddress();
  }

  @Override
  public Source<List<InboundFrame>, NotUsed> inbound() {
    return Source.fromGraph(new InboundStage(this));
  }

  @Override
  public void enterPhase(ConnectionPhase phase, int protocolVersion) {
    connection.enterPhase(phase, protocolVersion);
  }

  @Override
  public void established() {
    connection.established();
  }

  @Override
  public SendResult send(OutboundFrame frame, TrafficClass traffic) {
    SendResult result = queues.offer(traffic, new OutboundQueues.Entry(frame, null));
    if (result == SendResult.SENT) {
      drain();
    }
    return result;
  }

  @Override
  public CompletionStage<SendResult> sendTracked(OutboundFrame frame, TrafficClass traffic) {
    CompletableFuture<SendResult> tracker = new CompletableFuture<>();
    SendResult result = queues.offer(traffic, new OutboundQueues.Entry(frame, tracker));
    if (result == SendResult.SENT) {
      drain();
    } else {
      tracker.complete(result);
    }
    return tracker;
  }

  /** Bytes that wait in a queue. */
  long queuedBytes(TrafficClass traffic) {
    return queues.bytes(traffic);
  }

  @Override
  public void hold(long bytes) {
    connection.holding().take(bytes);
  }

  @Override
  public void letGo(long bytes) {
    connection.holding().give(bytes);
  }

  @Override
  public boolean isCrowding() {
    return connection.budget().isCrowdedBy(connection.holding().held());
  }

  /** What a decoded message counts: one never so much that the process ends others for it. */
  long countable(long heapBytes) {
    return Math.min(heapBytes, connection.budget().limit() / MESSAGE_PART);
  }

  @Override
  public void close(String reason) {
    connection.end(new LinkEnd.LocalClosed(reason), null);
    dropUnread();
  }

  @Override
  public void reject(String reason) {
    connection.end(new LinkEnd.LocalClosed(reason), OutboundFrame.reject(reason));
    dropUnread();
  }

  @Override
  public void abort(String reason) {
    connection.endNow(new LinkEnd.LocalClosed(reason));
    queue.drop();
    connection.holding().writeOff();
  }

  /** Who ends a link that nobody reads will not read it either. */
  private void dropUnread() {
    if (!inboundClaimed.get()) {
      queue.drop();
    }
  }

  @Override
  public CompletionStage<LinkEnd> whenEnded() {
    return ended.minimalCompletionStage();
  }

  @Override
  public LinkTraffic traffic() {
    return new LinkTraffic(
        received.snapshot(),
        sent.snapshot(),
        connection.bytesIn(),
        connection.bytesOut(),
        queues.dropped());
  }

  @Override
  public String toString() {
    return "link " + id + " " + direction() + " " + remoteAddress();
  }

  /** Whether this caller is the one that reads the link. */
  boolean claimInbound() {
    return inboundClaimed.compareAndSet(false, true);
  }

  InboundQueue queue() {
    return queue;
  }

  void requestOne() {
    port.request();
  }

  /** A message came. Event loop only. */
  void onMessage(InputStream in) {
    if (connection.isEnding()) {
      return;
    }
    ConnectionPhase phase = connection.phase();
    try {
      byte[] bytes = FrameReader.read(in, connection.options().catalogue(), phase);
      if (phase == ConnectionPhase.HANDSHAKE
          && (handshakeBytes += bytes.length) > WireLimits.HANDSHAKE_BYTES) {
        connection.fault(
            WireFault.of(
                Reason.HANDSHAKE_OVERSIZE,
                "more than " + WireLimits.HANDSHAKE_BYTES + " bytes in all"));
        return;
      }
      switch (check.check(bytes, 0, bytes.length, phase, connection.version())) {
        case WireFault fault -> connection.fault(fault);
        case RawCheck.Checked checked -> {
          received.add(checked.type(), bytes.length);
          offer(new InboundQueue.Raw(bytes, checked));
        }
      }
    } catch (FaultException e) {
      connection.fault(e.fault());
    }
  }

  private void offer(InboundQueue.Raw raw) {
    switch (queue.offer(raw)) {
      case ASK -> port.request();
      case WAIT -> {
        // Taking will ask.
      }
    }
  }

  /** Sends what HTTP/2 takes. Any thread; one at a time does the work, the others leave word. */
  void drain() {
    if (draining.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      drainOnce();
      seen = draining.addAndGet(-seen);
    } while (seen != 0);
  }

  private void drainOnce() {
    while (port.isReady()) {
      OutboundQueues.Entry entry = queues.poll();
      if (entry == null) {
        stuckSince = 0;
        if (finishing && !finished) {
          finished = true;
          port.finish();
          connection.finished();
        }
        return;
      }
      stuckSince = 0;
      port.send(entry.frame());
      sent.add(entry.frame().type(), entry.frame().size());
      if (entry.tracker() != null) {
        entry.tracker().complete(SendResult.SENT);
      }
    }
    if (stuckSince == 0 && !queues.isEmpty()) {
      stuckSince = System.nanoTime();
    }
  }

  /** Sends what is in the control queue and one last frame, then ends our side. */
  void finish(@Nullable OutboundFrame last) {
    tell(queues.close(last));
    finishing = true;
    drain();
  }

  /**
   * Takes what has already come, as far as the queue's bytes go: the last word of a peer is often
   * its reason.
   */
  void readRest() {
    if (queue.readRest()) {
      port.request();
    }
  }

  /** Nothing more comes in. */
  void stopReading(boolean drop) {
    if (drop) {
      queue.drop();
    } else {
      queue.finish();
    }
  }

  /** The connection is closed. */
  void closed(LinkEnd reason) {
    tell(queues.clear());
    stopReading(!(reason instanceof LinkEnd.RemoteClosed));
    ended.complete(reason);
  }

  private static void tell(List<OutboundQueues.Entry> gone) {
    for (OutboundQueues.Entry entry : gone) {
      if (entry.tracker() != null) {
        entry.tracker().complete(SendResult.CLOSED);
      }
    }
  }

  /** Whether the peer takes what we send; else it waits for the peer's window. */
  boolean isHeard() {
    return port.isReady();
  }

  /** Whether the peer has not taken anything for a time although something waits. */
  boolean stuckFor(long now, long nanos) {
    long since = stuckSince;
    return since != 0 && now - since > nanos;
  }
}
