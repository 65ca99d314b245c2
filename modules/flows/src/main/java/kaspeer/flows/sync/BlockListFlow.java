package kaspeer.flows.sync;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
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
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Serves a list of blocks or bodies in the order asked, each with the number of its request, and
 * each once however often it stands in the list. A few are read ahead of the one that the
 * connection takes.
 */
final class BlockListFlow extends AbstractMatchingBehavior<BlockListFlow.Command> {
  static final String REQUESTS = "requests";

  /** Blocks read and not handed out. */
  static final int READ_AHEAD = 4;

  private static final double PER_SECOND = 10_000;
  private static final int BURST = 10_000;
  private static final int AT_ONCE = 64;

  /**
   * What is asked for and what is answered.
   *
   * @param hashes what a request asks for
   * @param answer the message of a block
   */
  record Kind(
      String name,
      PayloadCase request,
      PayloadCase answers,
      Function<KaspadMessage, List<kaspeer.wire.proto.Hash>> hashes,
      Function<Block, KaspadMessage.Builder> answer) {

    FlowFactory<Command> factory() {
      Permits permits = new Permits(AT_ONCE);
      FlowDescriptor descriptor =
          new FlowDescriptor(
              name,
              VersionRange.ALL,
              Phase.READY,
              List.of(
                  new Inbox(
                      REQUESTS, Set.of(request), false, 256, 256 << 10, Overflow.BACKPRESSURE)),
              Set.of(answers),
              OnFailure.END_PEER);
      return new FlowKind<>(
          descriptor,
          Received::new,
          (actor, timers, flow) -> new BlockListFlow(actor, timers, flow, this, permits));
    }
  }

  /** What the flow is told. */
  sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record Found(Optional<?> block) implements Command {}

  private enum Own implements Command {
    BEGIN,
    LOOK,
    DELIVERED,
    LOST,
    LATE
  }

  private final FlowContext flow;
  private final Kind kind;
  private final Serving<Command> serving;

  @SuppressWarnings(
      "rawtypes") // An adapter knows its messages by class, and classes have no parameters.
  private final ActorRef<Optional> found;

  /** Owed, in order: first those being read, then those that are not. */
  private final Queue<Hash> owed = new ArrayDeque<>();

  private final Queue<Hash> unread = new ArrayDeque<>();
  private final Map<Hash, Block> read = new HashMap<>();
  private int reading;
  private boolean delivering;
  private int requestId;

  private BlockListFlow(
      ActorContext<Command> actor,
      TimerScheduler<Command> timers,
      FlowContext flow,
      Kind kind,
      Permits permits) {
    super(actor);
    this.flow = flow;
    this.kind = kind;
    this.found = actor.messageAdapter(Optional.class, Found::new);
    this.serving =
        new Serving<>(
            actor,
            timers,
            flow,
            new Serving.Commands<>(Own.BEGIN, Own.LOOK, Own.DELIVERED, Own.LOST, Own.LATE),
            new TokenBucket(flow.clock(), PER_SECOND, BURST),
            permits);
    flow.pull(REQUESTS);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    FlowOutcome ending = serving.ending(command);
    if (ending != null) {
      flow.finish(ending);
      return Behaviors.stopped();
    }
    try {
      handle(command);
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
      return Behaviors.stopped();
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, String.valueOf(e.getMessage()));
      return Behaviors.stopped();
    }
    return command == Own.LOST ? Behaviors.stopped() : this;
  }

  private void handle(Command command) throws Breach, ConversionException {
    switch (command) {
      case Received(var event) -> onRequest(event.message());
      case Own.BEGIN -> {
        if (serving.mayBegin()) {
          goOn();
        }
      }
      case Found(var block) -> onFound(block);
      case Own.DELIVERED -> {
        serving.delivered();
        delivering = false;
        goOn();
      }
      case Own.LOOK, Own.LOST, Own.LATE -> {}
    }
  }

  private void onRequest(KaspadMessage message) throws Breach, ConversionException {
    List<kaspeer.wire.proto.Hash> hashes = kind.hashes.apply(message);
    if (hashes.size() > WireLimits.MAX_REQUESTED_BLOCKS) {
      throw new Breach(
          ViolationCode.REQUEST_LIST_TOO_LONG,
          hashes.size() + " blocks, at most " + WireLimits.MAX_REQUESTED_BLOCKS);
    }
    Set<Hash> distinct = new LinkedHashSet<>(Hashes.fromWire(hashes));
    owed.addAll(distinct);
    unread.addAll(distinct);
    requestId = message.getRequestId();
    serving.admit(distinct.size());
  }

  private void goOn() {
    readAhead();
    while (!delivering && deliverNext()) {
      readAhead();
    }
  }

  private void readAhead() {
    while (reading + read.size() < READ_AHEAD && !unread.isEmpty()) {
      reading++;
      serving.asked();
      flow.dag().tell(new Dag.GetBlock(unread.remove(), found.unsafeUpcast()));
    }
  }

  /** Returns whether anything was done that another step may follow. */
  private boolean deliverNext() {
    Hash next = owed.peek();
    if (next == null) {
      serving.release();
      flow.pull(REQUESTS);
      return false;
    }
    Block block = read.remove(next);
    if (block != null) {
      owed.remove();
      delivering = !serving.deliver(kind.answer.apply(block).setResponseId(requestId).build());
      return true;
    }
    if (reading == 0) {
      // All that was asked of the DAG is answered, and this one is not among it.
      owed.remove();
      flow.violation(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK, "cannot find full block " + next);
      return true;
    }
    return false;
  }

  private void onFound(Optional<?> block) {
    serving.answered();
    reading--;
    block.map(Block.class::cast).ifPresent(present -> read.put(present.hash(), present));
    goOn();
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      serving.release();
    }
    return this;
  }
}
