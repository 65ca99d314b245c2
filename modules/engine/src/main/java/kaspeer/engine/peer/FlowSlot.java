package kaspeer.engine.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.InboundFrame;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** One flow of one peer: its actor, while it runs, and its inboxes. */
final class FlowSlot<C> {
  /** A flow that fails more often than this within one connection is not started again. */
  static final int MAX_RESTARTS = 3;

  /** How far it has come. */
  enum State {
    /** Its inboxes are open, its actor is still to come. */
    WAITING,
    RUNNING,
    FINISHED,
    FAILED;

    String shown() {
      return this == WAITING ? "running" : name().toLowerCase(Locale.ROOT);
    }
  }

  private final int number;
  private final FlowFactory<C> factory;
  private final List<InboxQueue> inboxes = new ArrayList<>(2);
  private State state = State.WAITING;
  private int generation;
  private @Nullable ActorRef<C> actor;
  private @Nullable PeerFlowContext context;
  private long handled;
  private long dropped;
  private long failures;

  private FlowSlot(int number, FlowFactory<C> factory) {
    this.number = number;
    this.factory = factory;
    for (Inbox inbox : factory.descriptor().inboxes()) {
      inboxes.add(new InboxQueue(inbox));
    }
  }

  static <C> FlowSlot<C> of(int number, FlowFactory<C> factory) {
    return new FlowSlot<>(number, factory);
  }

  String name() {
    return factory.descriptor().name();
  }

  FlowDescriptor descriptor() {
    return factory.descriptor();
  }

  State state() {
    return state;
  }

  boolean isOver() {
    return state == State.FINISHED || state == State.FAILED;
  }

  boolean isCurrent(int asked) {
    return state == State.RUNNING && generation == asked;
  }

  boolean is(ActorRef<?> other) {
    return other.equals(actor);
  }

  InboxQueue inbox(int index) {
    return inboxes.get(index);
  }

  List<InboxQueue> inboxes() {
    return inboxes;
  }

  /** Starts the flow's actor as a child of the supervisor, watched by it. */
  void start(ActorContext<?> supervisor, PeerFlowContext.Shared shared, PeerInfo peer) {
    PeerFlowContext flowContext =
        new PeerFlowContext(shared, peer, number, generation, factory.descriptor().inboxes());
    String actorName = generation == 0 ? name() : name() + "-" + generation;
    ActorRef<C> started = supervisor.spawn(factory.create(flowContext), actorName);
    supervisor.watch(started);
    actor = started;
    context = flowContext;
    state = State.RUNNING;
  }

  /** Stops the actor, if there is one. */
  void stop(ActorContext<?> supervisor, State end) {
    if (actor != null) {
      supervisor.stop(actor);
    }
    over(end);
  }

  /** Its actor is gone for good: what still waits for it is let go. */
  void over(State end) {
    state = end;
    actor = null;
    if (context != null) {
      context.release();
      context = null;
    }
    inboxes.forEach(
        inbox -> {
          while (inbox.poll() != null) {
            dropped++;
          }
          inbox.emptyHand();
        });
  }

  /** The actor threw. Returns whether it may be started again. */
  boolean failed() {
    failures++;
    if (context != null) {
      context.release();
    }
    return failures <= MAX_RESTARTS;
  }

  /** Makes ready for another start. */
  void restarted() {
    generation++;
    inboxes.forEach(InboxQueue::restarted);
  }

  /** Hands a message to the flow. @param event what the flow is told of the frame */
  void deliver(InboxQueue inbox, InboundFrame frame, FlowEvent event) {
    if (actor != null) {
      inbox.delivered(frame, System.nanoTime());
      handled++;
      actor.tell(factory.wrap(event));
    }
  }

  void dropped(int messages) {
    dropped += messages;
  }

  PeerReport.FlowReport report() {
    int depth = inboxes.stream().mapToInt(InboxQueue::depth).sum();
    return new PeerReport.FlowReport(name(), state.shown(), depth, handled, dropped, failures);
  }
}
