package kaspeer.engine.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import kaspeer.engine.TestEngine;
import kaspeer.transport.Direction;
import kaspeer.transport.InboundFrame;
import kaspeer.transport.Link;
import kaspeer.transport.LinkEnd;
import kaspeer.transport.LinkTraffic;
import kaspeer.transport.OutboundFrame;
import kaspeer.transport.SendResult;
import kaspeer.transport.TrafficClass;
import kaspeer.wire.ConnectionPhase;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** A link without a network: what comes in is given by the test, what goes out is kept for it. */
public class FakeLink implements Link {
  private final long id;
  private final Direction direction;

  /** How many times their bytes messages are said to take when decoded. */
  public static final long HEAP = 3;

  private final InetSocketAddress remote;
  private final AtomicLong counted = new AtomicLong();
  private final BlockingQueue<OutboundFrame> sent = new LinkedBlockingQueue<>();
  private final List<ConnectionPhase> phases = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> endings = new LinkedBlockingQueue<>();
  private final CompletableFuture<LinkEnd> ended = new CompletableFuture<>();
  private final List<CompletableFuture<SendResult>> held = new ArrayList<>();
  private final Deque<InboundFrame> inbound = new ArrayDeque<>();
  private @Nullable CompletableFuture<Optional<Pair<NotUsed, List<InboundFrame>>>> pull;
  private boolean inboundOver;
  private boolean holdAnswers;
  private volatile boolean established;
  private volatile boolean full;
  private volatile boolean crowding;

  public FakeLink(long id, Direction direction, String ip) {
    this.id = id;
    this.direction = direction;
    this.remote = new InetSocketAddress(InetAddress.ofLiteral(ip), 40_000);
  }

  private static ByteString payload(KaspadMessage message) {
    FieldDescriptor field =
        KaspadMessage.getDescriptor().findFieldByNumber(message.getPayloadCase().getNumber());
    return ((Message) message.getField(field)).toByteString();
  }

  /** The peer sends a message. @param bytes what it is said to weigh */
  public synchronized void receive(KaspadMessage message, int bytes) {
    inbound.add(
        new InboundFrame(
            PayloadCatalogue.standard().of(message.getPayloadCase()),
            message.getRequestId(),
            message.getResponseId(),
            message.toByteString(),
            payload(message),
            bytes,
            HEAP * bytes));
    serve();
  }

  public void receive(KaspadMessage message) {
    receive(message, message.getSerializedSize());
  }

  /** Messages of the peer that were not read yet. */
  public synchronized int unread() {
    return inbound.size();
  }

  private void serve() {
    if (pull == null) {
      return;
    }
    CompletableFuture<Optional<Pair<NotUsed, List<InboundFrame>>>> waiting = pull;
    if (!inbound.isEmpty()) {
      pull = null;
      waiting.complete(Optional.of(Pair.create(NotUsed.getInstance(), List.of(inbound.remove()))));
    } else if (inboundOver) {
      pull = null;
      waiting.complete(Optional.empty());
    }
  }

  private synchronized CompletionStage<Optional<Pair<NotUsed, List<InboundFrame>>>> next() {
    CompletableFuture<Optional<Pair<NotUsed, List<InboundFrame>>>> waiting =
        new CompletableFuture<>();
    pull = waiting;
    serve();
    return waiting;
  }

  /** The link ends, as if by the peer or the network. */
  public void end(LinkEnd end) {
    synchronized (this) {
      inboundOver = true;
      serve();
    }
    ended.complete(end);
  }

  /** The next message sent, which must come. */
  public OutboundFrame expectSent(PayloadCase payload) throws InterruptedException {
    OutboundFrame frame = sent.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS);
    if (frame == null || frame.type().payloadCase() != payload) {
      throw new AssertionError("expected " + payload + ", got " + frame);
    }
    return frame;
  }

  public List<PayloadCase> allSent() {
    return sent.stream().map(frame -> frame.type().payloadCase()).toList();
  }

  /** How we ended it: {@code close}, {@code reject} or {@code abort}, with the reason. */
  public String expectEnding() throws InterruptedException {
    String ending = endings.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS);
    if (ending == null) {
      throw new AssertionError("the link was not ended");
    }
    return ending;
  }

  public boolean isOpen() {
    return endings.isEmpty() && !ended.isDone();
  }

  public List<ConnectionPhase> phases() {
    return phases;
  }

  /** From now on the queues are full. */
  public void fill() {
    full = true;
  }

  public synchronized void holdAnswers() {
    holdAnswers = true;
  }

  public void releaseAnswer() {
    CompletableFuture<SendResult> first;
    synchronized (this) {
      first = held.removeFirst();
    }
    first.complete(SendResult.SENT);
  }

  public synchronized int heldAnswers() {
    return held.size();
  }

  @Override
  public long id() {
    return id;
  }

  @Override
  public Direction direction() {
    return direction;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public Source<List<InboundFrame>, NotUsed> inbound() {
    return Source.unfoldAsync(NotUsed.getInstance(), _ -> next());
  }

  @Override
  public void enterPhase(ConnectionPhase phase, int protocolVersion) {
    phases.add(phase);
  }

  @Override
  public void established() {
    established = true;
  }

  /** Whether its peer counts as one that is through with its handshake. */
  public boolean isEstablished() {
    return established;
  }

  @Override
  public SendResult send(OutboundFrame frame, TrafficClass traffic) {
    if (full) {
      return SendResult.OVERFLOW;
    }
    sent.add(frame);
    return SendResult.SENT;
  }

  @Override
  public synchronized CompletionStage<SendResult> sendTracked(
      OutboundFrame frame, TrafficClass traffic) {
    sent.add(frame);
    CompletableFuture<SendResult> result = new CompletableFuture<>();
    if (holdAnswers) {
      held.add(result);
    } else {
      result.complete(SendResult.SENT);
    }
    return result;
  }

  /** What is counted to the link beyond what it holds itself. */
  public long counted() {
    return counted.get();
  }

  /** Whether the link is said to hold more than its share. */
  public void crowd(boolean crowds) {
    crowding = crowds;
  }

  @Override
  public void hold(long bytes) {
    counted.addAndGet(bytes);
  }

  @Override
  public void letGo(long bytes) {
    counted.addAndGet(-bytes);
  }

  @Override
  public boolean isCrowding() {
    return crowding;
  }

  private void endLocally(String how, String reason) {
    endings.add(how + " " + reason);
    end(new LinkEnd.LocalClosed(reason));
  }

  @Override
  public void close(String reason) {
    endLocally("close", reason);
  }

  @Override
  public void reject(String reason) {
    endLocally("reject", reason);
  }

  @Override
  public void abort(String reason) {
    endLocally("abort", reason);
  }

  @Override
  public CompletionStage<LinkEnd> whenEnded() {
    return ended;
  }

  @Override
  public LinkTraffic traffic() {
    return new LinkTraffic(Map.of(), Map.of(), 0, 0, 0);
  }
}
