package kaspeer.flows.block;

import java.util.List;
import java.util.Optional;
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
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.flows.common.RequestedBlocks;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
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
 * reference 5.7), and each once in a request however often it stands there. A block is read when
 * the connection has taken the one before, and the next request is taken when all of the last one
 * is answered.
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

  private List<Hash> wanted = List.of();
  private int next;
  private int requestId;

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
    return new FlowKind<>(
        DESCRIPTOR,
        (FlowEvent.Received event) -> new Received(event.message()),
        ServeBlockFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var message) -> onRequest(message);
      case Found(var block) -> {
        local.answer();
        answer(block.map(Block.class::cast));
        yield this;
      }
      case Delivered(var failure) -> {
        if (failure != null) {
          yield Behaviors.stopped();
        }
        serveNext();
        yield this;
      }
      case Tick.LOOK -> onLook();
    };
  }

  private Behavior<Command> onRequest(KaspadMessage message) {
    try {
      wanted = RequestedBlocks.of(message.getRequestRelayBlocks().getHashesList());
      requestId = message.getRequestId();
      next = 0;
      serveNext();
      return this;
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, "request: " + e.getMessage());
    }
    return Behaviors.stopped();
  }

  private void serveNext() {
    if (next < wanted.size()) {
      local.ask();
      flow.dag().tell(new Dag.GetBlock(wanted.get(next), found.unsafeUpcast()));
    } else {
      wanted = List.of();
      flow.pull(REQUESTS);
    }
  }

  private void answer(Optional<Block> block) {
    Hash hash = wanted.get(next++);
    if (block.isEmpty()) {
      // The words that the reference looks for in a reject.
      flow.violation(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK, "cannot find full block " + hash);
      serveNext();
      return;
    }
    KaspadMessage answer =
        KaspadMessage.newBuilder()
            .setBlock(Blocks.toWire(block.get()))
            .setResponseId(requestId)
            .build();
    getContext().pipeToSelf(flow.outbox().deliver(answer), (_, failure) -> new Delivered(failure));
  }

  private Behavior<Command> onLook() {
    if (local.areStalled()) {
      flow.finish(new FlowOutcome.LocalFault("nobody here answers what was asked for"));
      return Behaviors.stopped();
    }
    return this;
  }
}
