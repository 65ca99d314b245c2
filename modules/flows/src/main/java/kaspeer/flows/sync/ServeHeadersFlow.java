package kaspeer.flows.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.Headers;
import kaspeer.wire.proto.BlockHeader;
import kaspeer.wire.proto.BlockHeadersMessage;
import kaspeer.wire.proto.DoneHeadersMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestHeadersMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Serves headers between two blocks, the lower on the selected chain of the upper (protocol
 * reference 5.10): batch after batch, each upon the peer's word that it has the one before, then
 * the end. Between two batches nothing is kept but the place where to go on, so that peers that do
 * not go on cost nothing; after a while the place is forgotten too.
 */
public final class ServeHeadersFlow extends AbstractMatchingBehavior<ServeHeadersFlow.Command> {
  static final String REQUESTS = "requests";

  /** Headers looked up at once, more than any mergeset has. */
  static final int MAX_HEADERS = 1024;

  /**
   * Bytes of headers in one message, unless a single header has more. What any ready peer takes.
   */
  static final int MAX_BYTES = 4 * 1024 * 1024 - 4096;

  private static final double PER_SECOND = 1;
  private static final int BURST = 8;
  private static final int AT_ONCE = 64;

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "serve-headers",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  REQUESTS,
                  Set.of(PayloadCase.REQUEST_HEADERS, PayloadCase.REQUEST_NEXT_HEADERS),
                  false,
                  64,
                  64 << 10,
                  Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.BLOCK_HEADERS, PayloadCase.DONE_HEADERS),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record Found(Dag.HeadersReply reply) implements Command {}

  private record Made(Batch batch) implements Command {}

  /** Making a batch went wrong, which is no doing of the peer's. */
  private record Failed(Throwable cause) implements Command {}

  private record Own(Serving.Event event) implements Command {}

  private enum Tick implements Command {
    IDLE
  }

  /**
   * Where a request has got.
   *
   * @param low the last block of the part that was served whole
   * @param skip headers served of the part above it
   */
  private record Place(Hash low, Hash high, int skip, int requestId) {}

  /** A message, and where to go on after it. */
  private record Batch(List<BlockHeader> headers, Place next) {}

  private final FlowContext flow;
  private final TimerScheduler<Command> timers;
  private final Executor executor;
  private final Serving<Command> serving;
  private final ActorRef<Dag.HeadersReply> found;
  private @Nullable Place place;
  private boolean mayGoOn;
  private boolean ended;

  private ServeHeadersFlow(
      ActorContext<Command> actor,
      TimerScheduler<Command> timers,
      FlowContext flow,
      TokenBucket tokens,
      Semaphore permits,
      Executor executor) {
    super(actor);
    this.flow = flow;
    this.timers = timers;
    this.executor = executor;
    this.found = actor.messageAdapter(Dag.HeadersReply.class, Found::new);
    this.serving = new Serving<>(actor, timers, flow, Own::new, tokens, permits, new Work());
    flow.pull(REQUESTS);
  }

  /**
   * The flow's description and maker.
   *
   * @param executor where headers become messages
   */
  public static FlowFactory<Command> factory(Executor executor) {
    Semaphore permits = new Semaphore(AT_ONCE);
    TokenBuckets tokens = new TokenBuckets(PER_SECOND, BURST);
    return new FlowKind<>(
        DESCRIPTOR,
        Received::new,
        (actor, timers, flow) ->
            new ServeHeadersFlow(actor, timers, flow, tokens.of(flow), permits, executor));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var event) -> serving.run(this, () -> onReceived(event.message()));
      case Found(var reply) -> serving.run(this, () -> onFound(reply));
      case Made(var batch) -> {
        place = batch.next;
        send(
            KaspadMessage.newBuilder()
                .setBlockHeaders(
                    BlockHeadersMessage.newBuilder().addAllBlockHeaders(batch.headers)),
            batch.next.requestId);
        yield this;
      }
      case Failed(var cause) ->
          throw new IllegalStateException("headers could not be converted", cause);
      case Tick.IDLE -> {
        place = null;
        yield this;
      }
      case Own(var event) -> serving.hear(this, event);
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    return serving.hear(this, signal);
  }

  private final class Work implements Serving.Work {
    @Override
    public void begin() {
      lookUp();
    }

    @Override
    public void delivered() {
      onDelivered();
    }

    @Override
    public void parked() {
      // The batch is with the connection; nothing but the place is kept.
    }
  }

  private void onReceived(KaspadMessage message) throws Breach, ConversionException {
    if (message.hasRequestHeaders()) {
      onRequest(message.getRequestHeaders(), message.getRequestId());
    } else {
      onNext();
    }
  }

  private void onRequest(RequestHeadersMessage request, int requestId)
      throws Breach, ConversionException {
    if (place != null) {
      throw new Breach(
          ViolationCode.BAD_SYNC_REQUEST, "headers requested while others are being served");
    }
    place =
        new Place(
            Hashes.fromWire(request.getLowHash()),
            Hashes.fromWire(request.getHighHash()),
            0,
            requestId);
    ended = false;
    mayGoOn = false;
    serving.admit(1);
  }

  private void onNext() throws Breach {
    if (place == null || !mayGoOn) {
      throw new Breach(
          ViolationCode.BAD_SYNC_REQUEST, "next headers requested where none are due, or too late");
    }
    mayGoOn = false;
    timers.cancel(Tick.IDLE);
    if (place.skip == 0 && place.low.equals(place.high)) {
      end(place);
    } else {
      serving.admit(0);
    }
  }

  private void lookUp() {
    Place from = current();
    serving.asked();
    flow.dag().tell(new Dag.GetHeaders(from.low, from.high, MAX_HEADERS, found));
  }

  private Place current() {
    if (place == null) {
      throw new IllegalStateException("nothing is being served");
    }
    return place;
  }

  private void onFound(Dag.HeadersReply reply) throws Breach {
    serving.answered();
    switch (reply) {
      case Dag.HeadersReply.Found(var headers) -> {
        if (headers.size() <= current().skip) {
          end(current());
        } else {
          make(headers, current());
        }
      }
      case Dag.HeadersReply.Refused(var why) ->
          throw new Breach(ViolationCode.BAD_SYNC_REQUEST, "headers: " + why);
    }
  }

  private void make(List<Header> headers, Place from) {
    CompletableFuture<Batch> made =
        CompletableFuture.supplyAsync(() -> batch(headers, from), executor);
    getContext()
        .pipeToSelf(
            made, (batch, failure) -> failure == null ? new Made(batch) : new Failed(failure));
  }

  /** As many headers as fit, but one at least. */
  private static Batch batch(List<Header> headers, Place from) {
    List<BlockHeader> wire = new ArrayList<>(headers.size());
    int bytes = 0;
    int i = from.skip;
    for (; i < headers.size(); i++) {
      BlockHeader header = Headers.toWire(headers.get(i));
      bytes += header.getSerializedSize() + 8;
      if (bytes > MAX_BYTES && !wire.isEmpty()) {
        break;
      }
      wire.add(header);
    }
    Place next =
        i < headers.size()
            ? new Place(from.low, from.high, i, from.requestId)
            : new Place(headers.getLast().hash(), from.high, 0, from.requestId);
    return new Batch(wire, next);
  }

  private void end(Place served) {
    ended = true;
    send(
        KaspadMessage.newBuilder().setDoneHeaders(DoneHeadersMessage.getDefaultInstance()),
        served.requestId);
  }

  private void send(KaspadMessage.Builder message, int requestId) {
    if (serving.deliver(message.setResponseId(requestId).build())) {
      onDelivered();
    }
  }

  private void onDelivered() {
    serving.release();
    if (ended) {
      place = null;
    } else {
      mayGoOn = true;
      timers.startSingleTimer(Tick.IDLE, flow.settings().serveIdleTimeout());
    }
    flow.pull(REQUESTS);
  }
}
