package kaspeer.engine.peer;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import kaspeer.engine.catalogue.RoutingTable;
import kaspeer.engine.peer.FlowSlot.State;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.transport.InboundFrame;
import kaspeer.transport.Link;
import kaspeer.wire.PayloadType;
import kaspeer.wire.WireFault;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The flows of one peer: who takes which message, what waits for whom, and whether to read on.
 * State of its supervisor.
 *
 * <p>A message goes to the flow whose question it answers, by number if it has one, else to the one
 * that takes its type. It is decoded as the flow is given it, unless the flow does that itself:
 * what waits, and what is refused or dropped, costs its bytes on the wire.
 */
final class PeerFlows {
  /** An end of a flow that ends the peer. */
  record Ended(String flow, FlowOutcome outcome) {}

  private final ActorContext<PeerCommand> supervisor;
  private final PeerFlowContext.Shared shared;
  private final PeerEnvironment environment;
  private final Link link;
  private final Consumer<KaspadMessage> heard;
  private final OpenQuestions questions = new OpenQuestions();
  private final List<FlowSlot<?>> slots = new ArrayList<>();
  private RoutingTable handshake = RoutingTable.EMPTY;
  private RoutingTable ready = RoutingTable.EMPTY;
  private int firstReady;
  private long waitingBytes;
  private int holding;

  /**
   * @param link what waits for the flows and what they have in hand is counted to
   * @param heard told of each message that a flow is given decoded; announcements all are
   */
  PeerFlows(
      ActorContext<PeerCommand> supervisor,
      PeerFlowContext.Shared shared,
      Link link,
      Consumer<KaspadMessage> heard) {
    this.supervisor = supervisor;
    this.shared = shared;
    this.link = link;
    this.heard = heard;
    this.environment = shared.environment();
  }

  void startHandshake(PeerInfo peer) {
    handshake = environment.catalogue().handshake();
    handshake.flows().forEach(this::add);
    firstReady = slots.size();
    slots.forEach(slot -> slot.start(supervisor, shared, peer));
  }

  /** The version is known: what comes for its flows is kept from now on. */
  void openRoutes(int version) {
    ready = environment.catalogue().ready(version);
    ready.flows().forEach(this::add);
  }

  /**
   * The handshake is over: its flows end, the others start. A flow of it asks for one more message
   * before it says so; what that brought, or still waits, is more than a handshake has.
   *
   * @return why the peer ends, if it does
   */
  @Nullable Ended startReady(PeerInfo peer) {
    handshake = RoutingTable.EMPTY;
    int tooMany = 0;
    for (int i = 0; i < slots.size(); i++) {
      if (i < firstReady) {
        tooMany += slots.get(i).inboxes().stream().mapToInt(InboxQueue::unheard).sum();
        end(slots.get(i), State.FINISHED);
      } else {
        slots.get(i).start(supervisor, shared, peer);
      }
    }
    return tooMany == 0
        ? null
        : link(ViolationCode.UNEXPECTED_MESSAGE, tooMany + " messages more than a handshake has");
  }

  private void add(FlowFactory<?> factory) {
    slots.add(FlowSlot.of(slots.size(), factory));
  }

  /** Gives a message to its flow, or to its flow's inbox. Returns why the peer ends, if it does. */
  @Nullable Ended take(InboundFrame frame) {
    PayloadCase payload = frame.type().payloadCase();
    int base = 0;
    RoutingTable.Route route = handshake.route(payload);
    if (route == null) {
      base = firstReady;
      route = ready.route(payload);
    }
    if (route == null) {
      return link(ViolationCode.UNEXPECTED_MESSAGE, "no flow takes " + frame.type().name());
    }
    int slot = base + route.flow();
    if (route.spec().solicited() || frame.responseId() != 0) {
      OpenQuestions.Question question =
          frame.responseId() != 0
              ? questions.answered(frame.responseId(), payload)
              : questions.answered(payload, slot);
      if (question == null || question.slot() != slot) {
        return link(ViolationCode.UNSOLICITED_ANSWER, "nobody asked for " + frame.type().name());
      }
      if (question.abandoned()) {
        slots.get(slot).dropped(1);
        return null;
      }
    }
    return take(slots.get(slot), slots.get(slot).inbox(route.inbox()), frame);
  }

  private @Nullable Ended take(FlowSlot<?> slot, InboxQueue inbox, InboundFrame frame) {
    Overflow overflow = inbox.spec().overflow();
    if (slot.isOver()) {
      if (overflow == Overflow.DROP) {
        slot.dropped(1);
        return null;
      }
      return link(ViolationCode.UNEXPECTED_MESSAGE, "flow " + slot.name() + " has ended");
    }
    if (inbox.isPulled() && slot.state() == State.RUNNING) {
      return deliver(slot, inbox, frame);
    }
    if (!inbox.hasRoom(frame.bytes()) && overflow != Overflow.BACKPRESSURE) {
      environment.metrics().overflow(slot.name(), overflow.name());
      if (overflow == Overflow.DISCONNECT) {
        return noRoom(slot, inbox);
      }
      slot.dropped(1);
      return null;
    }
    boolean held = inbox.holdsReader();
    inbox.add(frame);
    waiting(frame.bytes());
    environment.metrics().queued(slot.name(), inbox.depth());
    if (!held && inbox.holdsReader()) {
      holding++;
      environment.metrics().overflow(slot.name(), overflow.name());
    }
    return null;
  }

  /**
   * An inbox of answers that may not overflow has room for all that a question can have. Beyond
   * that the peer says more than it was asked, also where the flow was too slow to settle the
   * question before: what follows must not be a matter of who is quicker.
   */
  private static Ended noRoom(FlowSlot<?> slot, InboxQueue inbox) {
    String name = slot.name() + "/" + inbox.spec().name();
    return inbox.spec().solicited()
        ? link(ViolationCode.UNSOLICITED_ANSWER, "more answers than were asked for: " + name)
        : new Ended(slot.name(), new FlowOutcome.Overflowed(name));
  }

  /** Gives a message to its flow. Returns why the peer ends, if it does. */
  private @Nullable Ended deliver(FlowSlot<?> slot, InboxQueue inbox, InboundFrame frame) {
    emptyHand(inbox);
    long heapBytes = inbox.heapBytes(frame);
    link.hold(heapBytes);
    try {
      slot.deliver(inbox, frame, event(inbox, frame));
      return null;
    } catch (UncheckedIOException e) {
      link.letGo(heapBytes);
      WireFault fault =
          new WireFault(
              WireFault.Reason.UNDECODABLE, frame.type().number(), String.valueOf(e.getMessage()));
      return link(ViolationCode.MALFORMED_MESSAGE, fault.toString());
    }
  }

  private FlowEvent event(InboxQueue inbox, InboundFrame frame) {
    String name = inbox.spec().name();
    if (inbox.leavesUndecoded(frame)) {
      PayloadCase type = frame.type().payloadCase();
      return new FlowEvent.Undecoded(
          name, type, frame.responseId(), frame.payload(), frame.bytes());
    }
    KaspadMessage message = frame.message();
    heard.accept(message);
    return new FlowEvent.Received(name, message, frame.bytes());
  }

  /** Counts bytes that wait, for the inboxes' bound and for all peers'. */
  private void waiting(long more) {
    waitingBytes += more;
    if (more > 0) {
      link.hold(more);
    } else {
      link.letGo(-more);
    }
  }

  private static Ended link(ViolationCode code, String detail) {
    return new Ended(PeerSupervisor.LINK, new FlowOutcome.Violation(code, detail));
  }

  /** Whether to read no more from the peer for now. */
  boolean isHeld() {
    return holding > 0 || waitingBytes >= environment.inboxBytes();
  }

  /** A flow asks for messages. Returns why the peer ends, if it does. */
  @Nullable Ended pull(int number, int generation, int index, int messages) {
    FlowSlot<?> slot = slots.get(number);
    if (!slot.isCurrent(generation)) {
      return null;
    }
    InboxQueue inbox = slot.inbox(index);
    PayloadType done = inbox.takeDone();
    if (done != null) {
      environment.counters().handled(done, System.nanoTime() - inbox.inHandSince());
    }
    emptyHand(inbox);
    inbox.pulled(messages);
    Ended ended = null;
    while (ended == null && inbox.isPulled() && inbox.depth() > 0) {
      ended = deliverNext(slot, inbox);
    }
    return ended;
  }

  private @Nullable Ended deliverNext(FlowSlot<?> slot, InboxQueue inbox) {
    boolean held = inbox.holdsReader();
    InboundFrame next = inbox.poll();
    if (held && !inbox.holdsReader()) {
      holding--;
    }
    if (next == null) {
      return null;
    }
    waiting(-next.bytes());
    return deliver(slot, inbox, next);
  }

  private void emptyHand(InboxQueue inbox) {
    link.letGo(inbox.inHandBytes());
    inbox.emptyHand();
  }

  void asked(int number, int generation, int question, Set<PayloadCase> answers, boolean withId) {
    boolean abandoned = !slots.get(number).isCurrent(generation);
    questions.open(question, new OpenQuestions.Question(number, answers, withId, abandoned));
  }

  /**
   * A question has all its answers: its flow has done with them. What still waits is one too many,
   * once the flow has no other question: it came before the flow could say so.
   *
   * @return why the peer ends, if it does
   */
  @Nullable Ended settled(int number) {
    OpenQuestions.Question question = questions.settle(number);
    if (question == null) {
      return null;
    }
    int tooMany = 0;
    for (InboxQueue inbox : slots.get(question.slot()).inboxes()) {
      if (inbox.spec().solicited()) {
        emptyHand(inbox);
        tooMany += inbox.depth();
      }
    }
    return tooMany == 0 || questions.isAnyOf(question.slot())
        ? null
        : link(ViolationCode.UNSOLICITED_ANSWER, tooMany + " more answers than were asked for");
  }

  void dropped(int number, int announcements) {
    slots.get(number).dropped(announcements);
  }

  String name(int number) {
    return slots.get(number).name();
  }

  /** A flow said that it is done, while it may still run. */
  void completed(int number, int generation) {
    FlowSlot<?> slot = slots.get(number);
    if (slot.isCurrent(generation)) {
      end(slot, State.FINISHED);
    }
  }

  /** A child has stopped, or has thrown. Returns why the peer ends, if it does. */
  @Nullable Ended stopped(ActorRef<?> actor, Optional<Throwable> failure, PeerInfo peer) {
    for (int i = 0; i < slots.size(); i++) {
      FlowSlot<?> slot = slots.get(i);
      if (slot.is(actor)) {
        return failure.isEmpty() ? finished(slot) : failed(i, slot, failure.get(), peer);
      }
    }
    return null;
  }

  private @Nullable Ended finished(FlowSlot<?> slot) {
    end(slot, State.FINISHED);
    return null;
  }

  private @Nullable Ended failed(int number, FlowSlot<?> slot, Throwable failure, PeerInfo peer) {
    FlowOutcome.LocalFault fault = new FlowOutcome.LocalFault(slot.name() + " failed: " + failure);
    if (slot.failed() && slot.descriptor().onFailure() == OnFailure.RESTART) {
      environment.metrics().outcome(slot.name(), fault);
      questions.abandon(number);
      recount(slot, () -> slot.restarted());
      slot.start(supervisor, shared, peer);
      return null;
    }
    end(slot, State.FAILED);
    return new Ended(slot.name(), fault);
  }

  private void end(FlowSlot<?> slot, State state) {
    recount(slot, () -> slot.stop(supervisor, state));
  }

  /** Keeps the sums right over a change of a flow's inboxes. */
  private void recount(FlowSlot<?> slot, Runnable change) {
    count(slot, -1);
    change.run();
    count(slot, 1);
  }

  private void count(FlowSlot<?> slot, int sign) {
    for (InboxQueue inbox : slot.inboxes()) {
      long inHand = inbox.inHandBytes();
      if (sign > 0) {
        link.hold(inHand);
      } else {
        link.letGo(inHand);
      }
      waiting(sign * inbox.bytes());
      holding += inbox.holdsReader() ? sign : 0;
    }
  }

  /** Stops all flows. */
  void stopAll() {
    slots.stream().filter(slot -> !slot.isOver()).forEach(slot -> end(slot, State.FINISHED));
  }

  List<PeerReport.FlowReport> reports() {
    return slots.stream().map(FlowSlot::report).toList();
  }
}
