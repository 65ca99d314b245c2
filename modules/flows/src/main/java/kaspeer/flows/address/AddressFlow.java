package kaspeer.flows.address;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.Lately;
import kaspeer.flows.common.Patience;
import kaspeer.wire.ConversionException;
import kaspeer.wire.NetAddress;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.AddressesMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestAddressesMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Asks the peer for addresses, once, as soon as both sides are ready; answers whenever it asks
 * (protocol reference 5.1).
 *
 * <p>An answer is at most {@value #MAX_SENT} addresses, and for {@link #ANSWER_KEPT} the same ones,
 * so that asking often does not tell the whole book. The next request is taken when the peer's
 * connection took the answer before.
 */
public final class AddressFlow extends AbstractMatchingBehavior<AddressFlow.Command> {
  static final String REQUESTS = "requests";
  static final String ANSWERS = "answers";

  /** Most addresses in an answer of ours: older implementations refuse more. */
  static final int MAX_SENT = 1000;

  /** For how long one peer gets the same answer. */
  static final Duration ANSWER_KEPT = Duration.ofHours(1);

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "address",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  REQUESTS,
                  Set.of(PayloadCase.REQUEST_ADDRESSES),
                  false,
                  16,
                  16 << 10,
                  Overflow.DROP),
              new Inbox(
                  ANSWERS, Set.of(PayloadCase.ADDRESSES), true, 1, 256 << 10, Overflow.DISCONNECT)),
          Set.of(PayloadCase.REQUEST_ADDRESSES, PayloadCase.ADDRESSES),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record Sampled(List<NetAddress> addresses) implements Command {}

  private record Delivered(@Nullable Throwable failure) implements Command {}

  private enum Tick implements Command {
    ANSWER_LATE
  }

  private final FlowContext flow;
  private final TimerScheduler<Command> timers;
  private final ActorRef<Addresses.Sampled> sampled;
  private final Patience patience;
  private final int question;

  /** The book's own objects, not a message: a thousand peers keep one. */
  private List<NetAddress> sample = List.of();

  private @Nullable Instant sampledAt;

  private AddressFlow(
      ActorContext<Command> context, TimerScheduler<Command> timers, FlowContext flow) {
    super(context);
    this.timers = timers;
    this.flow = flow;
    this.sampled =
        context.messageAdapter(Addresses.Sampled.class, reply -> new Sampled(reply.addresses()));
    this.question =
        flow.ask(
            KaspadMessage.newBuilder()
                .setRequestAddresses(RequestAddressesMessage.getDefaultInstance()),
            Set.of(PayloadCase.ADDRESSES),
            false);
    this.patience = new Patience(flow);
    timers.startSingleTimer(Tick.ANSWER_LATE, Tick.ANSWER_LATE, flow.settings().answerTimeout());
    flow.pull(ANSWERS);
    flow.pull(REQUESTS);
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(DESCRIPTOR, Received::new, AddressFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var event) when event.inbox().equals(ANSWERS) ->
          onAddresses(event.message().getAddresses());
      case Received _ -> onRequest();
      case Sampled(var addresses) -> onSampled(addresses);
      case Delivered(var failure) -> onDelivered(failure);
      case Tick.ANSWER_LATE -> onAnswerLate();
    };
  }

  private Behavior<Command> onAddresses(AddressesMessage message) {
    flow.settle(question);
    timers.cancel(Tick.ANSWER_LATE);
    if (message.getAddressListCount() > WireLimits.MAX_ADDRESSES) {
      return broken(
          ViolationCode.TOO_MANY_ADDRESSES,
          message.getAddressListCount() + " addresses, at most " + WireLimits.MAX_ADDRESSES);
    }
    try {
      List<NetAddress> told = kaspeer.wire.NetAddresses.fromWire(message);
      flow.addresses().tell(new Addresses.Offer(told, flow.peer().address().getAddress()));
      return this;
    } catch (ConversionException e) {
      return broken(ViolationCode.MALFORMED_MESSAGE, "addresses: " + e.getMessage());
    }
  }

  private Behavior<Command> onRequest() {
    if (isSampleFresh()) {
      deliverSample();
    } else {
      flow.addresses().tell(new Addresses.Sample(MAX_SENT, sampled));
    }
    return this;
  }

  private boolean isSampleFresh() {
    Instant since = sampledAt;
    return since != null && Lately.was(since, ANSWER_KEPT, flow.clock().instant());
  }

  private Behavior<Command> onSampled(List<NetAddress> addresses) {
    sample = List.copyOf(addresses.size() > MAX_SENT ? addresses.subList(0, MAX_SENT) : addresses);
    sampledAt = flow.clock().instant();
    deliverSample();
    return this;
  }

  private void deliverSample() {
    KaspadMessage answer =
        KaspadMessage.newBuilder().setAddresses(kaspeer.wire.NetAddresses.toWire(sample)).build();
    getContext().pipeToSelf(flow.outbox().deliver(answer), (_, failure) -> new Delivered(failure));
  }

  private Behavior<Command> onDelivered(@Nullable Throwable failure) {
    if (failure != null) {
      return Behaviors.stopped();
    }
    flow.pull(REQUESTS);
    return this;
  }

  private Behavior<Command> onAnswerLate() {
    Duration more = patience.more();
    if (more.isPositive()) {
      timers.startSingleTimer(Tick.ANSWER_LATE, Tick.ANSWER_LATE, more);
      return this;
    }
    flow.finish(
        new FlowOutcome.Unresponsive(PayloadCase.ADDRESSES, flow.settings().answerTimeout()));
    return Behaviors.stopped();
  }

  private Behavior<Command> broken(ViolationCode code, String detail) {
    flow.violation(code, detail);
    return Behaviors.stopped();
  }
}
