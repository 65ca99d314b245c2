package kaspeer.flows.block;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;
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
 * Answers requests for relayed blocks, in order, each with the number of its request (protocol
 * reference 5.7). A block is read when the connection has taken the one before, and once in a
 * request however often it stands there.
 */
public final class ServeBlockFlow extends AbstractMatchingBehavior<ServeBlockFlow.Command> {
  static final String REQUESTS = "requests";

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "serve-block",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  REQUESTS,
                  Set.of(PayloadCase.REQUEST_RELAY_BLOCKS),
                  false,
                  256,
                  256 << 10,
                  Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.BLOCK),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(KaspadMessage message) implements Command {}

  private record Found(Optional<?> block) implements Command {}

  private record Delivered(@Nullable Throwable failure) implements Command {}

  private enum Tick implements Command {
    LOOK
  }

  private final FlowContext flow;
  private final LocalQuestions local = new LocalQuestions();

  @SuppressWarnings(
      "rawtypes") // An adapter knows its messages by class, and classes have no parameters.
  private final ActorRef<Optional> found;

  private final Queue<Hash> owed = new ArrayDeque<>();
  private int responseId;

  private ServeBlockFlow(
      ActorContext<Command> actor, TimerScheduler<Command> timers, FlowContext flow) {
    super(actor);
    this.flow = flow;
    this.found = actor.messageAdapter(Optional.class, Found::new);
    timers.startTimerWithFixedDelay(Tick.LOOK, LocalQuestions.LOOK_INTERVAL);
    flow.pull(REQUESTS);
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(DESCRIPTOR, event -> new Received(event.message()), ServeBlockFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var message) -> onRequest(message);
      case Found(var block) -> onFound(block);
      case Delivered(var failure) -> failure == null ? serveNext() : Behaviors.stopped();
      case Tick.LOOK -> onLook();
    };
  }

  private Behavior<Command> onRequest(KaspadMessage message) {
    int count = message.getRequestRelayBlocks().getHashesCount();
    if (count > WireLimits.MAX_REQUESTED_BLOCKS) {
      return broken(
          ViolationCode.REQUEST_LIST_TOO_LONG,
          count + " blocks, at most " + WireLimits.MAX_REQUESTED_BLOCKS);
    }
    try {
      owed.addAll(
          new LinkedHashSet<>(Hashes.fromWire(message.getRequestRelayBlocks().getHashesList())));
    } catch (ConversionException e) {
      return broken(ViolationCode.MALFORMED_MESSAGE, "request of blocks: " + e.getMessage());
    }
    responseId = message.getRequestId();
    return serveNext();
  }

  private Behavior<Command> serveNext() {
    Hash next = owed.peek();
    if (next == null) {
      flow.pull(REQUESTS);
    } else {
      local.ask();
      flow.dag().tell(new Dag.GetBlock(next, found.unsafeUpcast()));
    }
    return this;
  }

  private Behavior<Command> onFound(Optional<?> block) {
    local.answer();
    Hash hash = owed.remove();
    if (block.isEmpty()) {
      // The words that the reference looks for in a reject.
      flow.violation(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK, "cannot find full block " + hash);
      return serveNext();
    }
    KaspadMessage answer =
        KaspadMessage.newBuilder()
            .setBlock(Blocks.toWire((Block) block.get()))
            .setResponseId(responseId)
            .build();
    getContext().pipeToSelf(flow.outbox().deliver(answer), (_, failure) -> new Delivered(failure));
    return this;
  }

  private Behavior<Command> onLook() {
    if (local.areStalled()) {
      flow.finish(new FlowOutcome.LocalFault("the DAG does not answer"));
      return Behaviors.stopped();
    }
    return this;
  }

  private Behavior<Command> broken(ViolationCode code, String detail) {
    flow.violation(code, detail);
    return Behaviors.stopped();
  }
}
