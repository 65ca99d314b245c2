package kaspeer.flows.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.primitives.Header;
import kaspeer.wire.ConversionException;
import kaspeer.wire.proto.BlockHeader;
import kaspeer.wire.proto.IbdChainBlockLocatorMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The client of the sync with one peer (protocol reference 6). It does nothing by itself: the
 * arbiter tells it to negotiate, to fetch headers, and to fetch bodies, and may let it do the last
 * for several assignments at once. It checks what the peer answers, knows when we wait for the peer
 * and for how long, and reports both.
 *
 * <p>Headers go from here to the DAG, bodies to the arbiter, which has to put those of several
 * peers in order.
 */
public final class IbdFlow extends AbstractMatchingBehavior<IbdFlow.Command> {
  static final String ANSWERS = "answers";

  /** Answers are asked for together by so many, unless none is under way. */
  private static final int PULLED_AT_ONCE = 4;

  /** For all but the first chain locator (protocol reference 6.2). */
  static final Duration ZOOM_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration FLUSH = Duration.ofMillis(200);
  private static final Duration RETRY = Duration.ofMillis(100);

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "ibd",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  ANSWERS,
                  Set.of(
                      PayloadCase.IBD_CHAIN_BLOCK_LOCATOR,
                      PayloadCase.BLOCK_HEADERS,
                      PayloadCase.DONE_HEADERS,
                      PayloadCase.BLOCK_BODY),
                  true,
                  512,
                  8L << 20,
                  Overflow.BACKPRESSURE,
                  Set.of(PayloadCase.BLOCK_BODY))),
          Set.of(
              PayloadCase.REQUEST_IBD_CHAIN_BLOCK_LOCATOR,
              PayloadCase.REQUEST_HEADERS,
              PayloadCase.REQUEST_NEXT_HEADERS,
              PayloadCase.REQUEST_ANTIPAST,
              PayloadCase.REQUEST_BLOCK_BODIES),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record BodyReceived(FlowEvent.Undecoded event) implements Command {}

  private record Directed(Directive directive) implements Command {}

  private record StatusesKnown(Dag.Statuses statuses) implements Command {}

  private record AncestryKnown(boolean isAncestor) implements Command {}

  private record HeadersChecked(Dag.BatchReply reply) implements Command {}

  private record HeadersConverted(List<Header> headers) implements Command {}

  private record BodiesConverted(BodyFetch.Part part, List<Dag.Body> bodies) implements Command {}

  private record Malformed(String detail) implements Command {}

  private record ConversionFailed(Throwable cause) implements Command {}

  private enum Timer implements Command {
    TICK,
    FLUSH,
    RETRY,
    LOOK
  }

  private final FlowContext flow;
  private final TimerScheduler<Command> timers;
  private final Conversions<Command> conversions;
  private final DagLine dag;
  private final BodyFetch bodies;
  private @Nullable ChainSearch search;
  private @Nullable ChainSearch nextSearch;
  private @Nullable RootQuestion rootQuestion;
  private @Nullable HeaderFetch headers;
  private Directive.@Nullable FetchHeaders nextHeaders;
  private @Nullable FlowOutcome outcome;
  private int pulled;

  private IbdFlow(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      FlowContext flow,
      Executor executor) {
    super(context);
    this.flow = flow;
    this.timers = timers;
    this.conversions =
        new Conversions<>(
            context,
            executor,
            HeadersConverted::new,
            BodiesConverted::new,
            Malformed::new,
            ConversionFailed::new);
    this.dag =
        new DagLine(context, flow, StatusesKnown::new, AncestryKnown::new, HeadersChecked::new);
    this.bodies = new BodyFetch(flow, new BodyHost());
    timers.startTimerWithFixedDelay(Timer.LOOK, LocalQuestions.LOOK_INTERVAL);
    flow.sync()
        .tell(new Sync.Joined(flow.peer(), context.messageAdapter(Directive.class, Directed::new)));
  }

  /**
   * The flow's description and maker.
   *
   * @param conversions where messages become headers (which are hashed then) and transactions
   */
  public static FlowFactory<Command> factory(Executor conversions) {
    return new FlowKind<>(
        DESCRIPTOR,
        Received::new,
        BodyReceived::new,
        (actor, timers, flow) -> new IbdFlow(actor, timers, flow, conversions));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    try {
      handle(command);
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
      return Behaviors.stopped();
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, String.valueOf(e.getMessage()));
      return Behaviors.stopped();
    }
    if (outcome != null) {
      flow.finish(outcome);
      return Behaviors.stopped();
    }
    takeMore();
    return this;
  }

  private void handle(Command command) throws Breach, ConversionException {
    switch (command) {
      case Received(var event) -> onReceived(event.message(), event.bytes());
      case BodyReceived(var event) -> {
        pulled--;
        bodies.onBody(event);
      }
      case Directed(var directive) -> onDirective(directive);
      case StatusesKnown(var statuses) -> onStatuses(statuses);
      case AncestryKnown(var isAncestor) -> {
        dag.answered();
        onSearch(s -> s.onAncestry(isAncestor));
      }
      case HeadersChecked(var reply) -> {
        dag.answered();
        onHeaders(h -> h.onChecked(reply));
      }
      case HeadersConverted(var converted) -> onHeaders(h -> h.onConverted(converted));
      case BodiesConverted(var part, var converted) -> bodies.onConverted(part, converted);
      case Malformed(var detail) -> throw new Breach(ViolationCode.MALFORMED_MESSAGE, detail);
      case ConversionFailed(var cause) ->
          throw new IllegalStateException("a message could not be converted", cause);
      case Timer.TICK -> onTick();
      case Timer.FLUSH -> bodies.onFlush();
      case Timer.RETRY -> onHeaders(HeaderFetch::onRetry);
      case Timer.LOOK -> {
        if (dag.isStalled()) {
          outcome = new FlowOutcome.LocalFault("the DAG does not answer");
        }
      }
    }
  }

  private void onDirective(Directive directive) throws Breach, ConversionException {
    switch (directive) {
      case Directive.Negotiate(long lease) -> negotiate(new ChainSearch(flow, dag, lease));
      case Directive.FetchHeaders order -> fetch(order);
      case Directive.StopHeaders _ -> {
        nextHeaders = null;
        onHeaders(HeaderFetch::stop);
      }
      case Directive.FetchBodies order -> bodies.request(order);
      case Directive.TellRetentionRoot(var replyTo) -> askForRoot(replyTo);
      case Directive.Taken _ -> bodies.onTaken();
      case Directive.Blame(var code, var detail) -> throw new Breach(code, detail);
    }
  }

  /**
   * Locators come by type, so that one which answers an earlier search cannot be told from one for
   * this: it is awaited first, and dropped.
   */
  private void negotiate(ChainSearch next) throws Breach {
    if (rootQuestion != null || search != null && search.waiting().isWaiting()) {
      nextSearch = next;
    } else {
      search = next;
      next.begin();
    }
  }

  /** For the same reason this is asked only while no other locator is awaited. */
  private void askForRoot(ActorRef<Sync.RetentionRoot> replyTo) {
    if (rootQuestion != null || search != null) {
      replyTo.tell(new Sync.RetentionRoot(Optional.empty()));
    } else {
      rootQuestion = new RootQuestion(flow, replyTo);
    }
  }

  /** Headers come by type too: those of an earlier fetch are awaited first. */
  private void fetch(Directive.FetchHeaders order) throws Breach, ConversionException {
    if (headers == null) {
      HeaderFetch next = new HeaderFetch(flow, dag, new HeaderHost(), order);
      headers = next;
      next.begin();
    } else {
      nextHeaders = order;
      onHeaders(h -> h.drain(order.lease()));
    }
  }

  private void onLocator(IbdChainBlockLocatorMessage locator) throws Breach, ConversionException {
    ChainSearch next = nextSearch;
    nextSearch = null;
    if (rootQuestion != null) {
      rootQuestion.onLocator(locator);
      rootQuestion = null;
    } else if (next == null) {
      onSearch(s -> s.onLocator(locator));
    } else {
      onSearch(ChainSearch::giveUp);
    }
    if (next != null) {
      negotiate(next);
    }
  }

  private void onReceived(KaspadMessage message, int bytes) throws Breach, ConversionException {
    pulled--;
    switch (message.getPayloadCase()) {
      case IBD_CHAIN_BLOCK_LOCATOR -> onLocator(message.getIbdChainBlockLocator());
      case BLOCK_HEADERS ->
          onHeaders(h -> h.onHeaders(message.getBlockHeaders().getBlockHeadersList(), bytes));
      case DONE_HEADERS -> onHeaders(HeaderFetch::onDone);
      default ->
          throw new IllegalStateException(
              "the descriptor does not list, or leaves undecoded, " + message.getPayloadCase());
    }
  }

  private void onStatuses(Dag.Statuses statuses) throws Breach, ConversionException {
    dag.answered();
    onSearch(s -> s.onStatuses(statuses));
    onHeaders(h -> h.onStatuses(statuses));
  }

  /** Something to do with a stage that may find that the peer broke a rule. */
  private interface Action<S> {
    void on(S stage) throws Breach, ConversionException;
  }

  private void onSearch(Action<ChainSearch> action) throws Breach, ConversionException {
    if (search != null) {
      action.on(search);
      search = search.isDone() ? null : search;
    }
  }

  private void onHeaders(Action<HeaderFetch> action) throws Breach, ConversionException {
    if (headers != null) {
      action.on(headers);
      if (headers.isDone()) {
        headers = null;
        Directive.FetchHeaders next = nextHeaders;
        nextHeaders = null;
        if (next != null) {
          fetch(next);
        }
      }
    }
  }

  private boolean isWaiting() {
    return bodies.waiting().isWaiting()
        || headers != null && headers.waiting().isWaiting()
        || search != null && search.waiting().isWaiting()
        || rootQuestion != null;
  }

  private List<AnswerWait> waits() {
    List<AnswerWait> waits = new ArrayList<>(4);
    if (search != null) {
      waits.add(search.waiting());
    }
    if (rootQuestion != null) {
      waits.add(rootQuestion.waiting());
    }
    if (headers != null) {
      waits.add(headers.waiting());
    }
    waits.add(bodies.waiting());
    waits.removeIf(wait -> !wait.isWaiting());
    return waits;
  }

  private void onTick() {
    Duration longest = Duration.ZERO;
    for (AnswerWait wait : waits()) {
      wait.tick();
      if (wait.isLate()) {
        outcome = new FlowOutcome.Unresponsive(wait.awaited(), wait.silence());
        return;
      }
      longest = longest.compareTo(wait.silence()) < 0 ? wait.silence() : longest;
    }
    if (longest.isPositive()) {
      flow.sync().tell(new Sync.Silent(flow.peer().number(), longest));
    }
  }

  /**
   * Keeps as many messages asked for as can be put to use, and the seconds counted while any is
   * awaited.
   */
  private void takeMore() {
    boolean waiting = isWaiting();
    int wanted = Math.max(bodies.wanted(), waiting ? 1 : 0);
    if (wanted > pulled && (pulled == 0 || wanted - pulled >= PULLED_AT_ONCE)) {
      flow.pull(ANSWERS, wanted - pulled);
      pulled = wanted;
    }
    if (!waiting) {
      timers.cancel(Timer.TICK);
    } else if (!timers.isTimerActive(Timer.TICK)) {
      timers.startTimerWithFixedDelay(Timer.TICK, Timer.TICK, AnswerWait.TICK);
    }
  }

  /** How the headers stage reaches executor and timers. */
  private final class HeaderHost implements HeaderFetch.Host {
    @Override
    public void convert(List<BlockHeader> batch) {
      conversions.headers(batch);
    }

    @Override
    public void retrySoon() {
      timers.startSingleTimer(Timer.RETRY, Timer.RETRY, RETRY);
    }

    @Override
    public void end(FlowOutcome how) {
      outcome = how;
    }
  }

  /** How the bodies stage reaches executor and timers. */
  private final class BodyHost implements BodyFetch.Host {
    @Override
    public void convert(BodyFetch.Part part) {
      conversions.bodies(part);
    }

    @Override
    public void flushSoon() {
      timers.startSingleTimer(Timer.FLUSH, Timer.FLUSH, FLUSH);
    }
  }
}
