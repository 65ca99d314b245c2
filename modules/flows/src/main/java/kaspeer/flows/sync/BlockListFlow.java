package kaspeer.flows.sync;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
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
import kaspeer.flow.dag.Dag;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.RequestedBlocks;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Serves a list of blocks or bodies in the order asked, each with the number of its request, and
 * each once however often it stands in the list. A few are read ahead of the one that the
 * connection takes; when it takes none, they are let go of and read again.
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
      return factory(new Semaphore(AT_ONCE));
    }

    FlowFactory<Command> factory(Semaphore permits) {
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
      TokenBuckets tokens = new TokenBuckets(PER_SECOND, BURST);
      return new FlowKind<>(
          descriptor,
          Received::new,
          (actor, timers, flow) ->
              new BlockListFlow(actor, timers, flow, this, tokens.of(flow), permits));
    }
  }

  /** What the flow is told. */
  sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record Found(Optional<?> block) implements Command {}

  private record Own(Serving.Event event) implements Command {}

  private final FlowContext flow;
  private final Kind kind;
  private final Serving<Command> serving;

  @SuppressWarnings(
      "rawtypes") // An adapter knows its messages by class, and classes have no parameters.
  private final ActorRef<Optional> found;

  /** What is asked for: first those answered, then those being read, then those that are not. */
  private List<Hash> list = List.of();

  private int answered;
  private int asked;
  private final Map<Hash, Block> read = new HashMap<>();
  private int reading;

  /** Reads under way whose blocks are not wanted now. */
  private int stale;

  private boolean delivering;
  private int requestId;

  private BlockListFlow(
      ActorContext<Command> actor,
      TimerScheduler<Command> timers,
      FlowContext flow,
      Kind kind,
      TokenBucket tokens,
      Semaphore permits) {
    super(actor);
    this.flow = flow;
    this.kind = kind;
    this.found = actor.messageAdapter(Optional.class, Found::new);
    this.serving = new Serving<>(actor, timers, flow, Own::new, tokens, permits, new Work());
    flow.pull(REQUESTS);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var event) -> serving.run(this, () -> onRequest(event.message()));
      case Found(var block) -> serving.run(this, () -> onFound(block));
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
      goOn();
    }

    @Override
    public void delivered() {
      delivering = false;
      if (serving.hasPermit()) {
        goOn();
      } else {
        serving.admit(0);
      }
    }

    @Override
    public void parked() {
      read.clear();
      stale = reading;
      asked = answered;
    }
  }

  private void onRequest(KaspadMessage message) throws Breach, ConversionException {
    list = RequestedBlocks.of(kind.hashes.apply(message));
    answered = 0;
    asked = 0;
    requestId = message.getRequestId();
    serving.admit(list.size());
  }

  private void goOn() {
    readAhead();
    while (!delivering && deliverNext()) {
      readAhead();
    }
  }

  private void readAhead() {
    while (stale == 0 && reading + read.size() < READ_AHEAD && asked < list.size()) {
      reading++;
      serving.asked();
      flow.dag().tell(new Dag.GetBlock(list.get(asked++), found.unsafeUpcast()));
    }
  }

  /** Returns whether anything was done that another step may follow. */
  private boolean deliverNext() {
    if (answered == list.size()) {
      serving.release();
      flow.pull(REQUESTS);
      return false;
    }
    Hash next = list.get(answered);
    Block block = read.remove(next);
    if (block != null) {
      answered++;
      delivering = !serving.deliver(kind.answer.apply(block).setResponseId(requestId).build());
      return true;
    }
    if (reading == 0) {
      // All that was asked of the DAG is answered, and this one is not among it.
      answered++;
      flow.violation(ViolationCode.REQUEST_OF_UNKNOWN_BLOCK, "cannot find full block " + next);
      return true;
    }
    return false;
  }

  private void onFound(Optional<?> block) {
    serving.answered();
    reading--;
    if (stale > 0) {
      stale--;
    } else {
      block.map(Block.class::cast).ifPresent(present -> read.put(present.hash(), present));
    }
    if (serving.hasPermit()) {
      goOn();
    }
  }
}
