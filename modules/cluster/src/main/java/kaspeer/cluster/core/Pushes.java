package kaspeer.cluster.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import kaspeer.cluster.edge.Cores;
import kaspeer.cluster.proto.BlockPush;
import kaspeer.cluster.proto.BlockTaken;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.Wire;
import kaspeer.engine.Engine;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes each block that is new in the DAG here to the other cores, with all that is in it, and
 * takes theirs. Blocks go in the order in which they were added. Nothing waits for a core that is
 * slow, and nothing is sent twice: every block comes by the cores' ordinary connections too, and
 * what comes a second time is known.
 */
public final class Pushes extends AbstractMatchingBehavior<Pushes.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(Pushes.class);

  /** Blocks that wait to be read; beyond, the oldest go. */
  static final int MAX_WAITING = 64;

  /** Hashes of what others pushed, which is not pushed on. */
  private static final int MAX_HEARD = 4096;

  /** What a message has besides its block, at most. */
  private static final int ENVELOPE = 512;

  private static final Duration READ_LIMIT = Duration.ofSeconds(5);
  private static final Duration VERDICT_LIMIT = Duration.ofSeconds(60);

  /** What the actor takes. */
  public sealed interface Command {}

  /** A block was added here, and peers hear of it. */
  public record Added(Hash block) implements Command {}

  /** The other cores. */
  public record CoresSeen(List<Cores.Seen> cores) implements Command {}

  /** Another core pushes a block. */
  public record Pushed(BlockPush push) implements Command {}

  /** Another core has taken one. */
  public record Taken(BlockTaken taken) implements Command {}

  private record BlockRead(Optional<Block> block) implements Command {}

  private record Judged(BlockPush push, Block block, @Nullable BlockReply reply)
      implements Command {}

  private record Kept(Block block, int bytes, @Nullable OrphanReply reply) implements Command {}

  /**
   * What the actor works on.
   *
   * @param self by which the cluster knows this core
   * @param engine the engine, once there is one
   */
  public record Setup(String self, Supplier<@Nullable Engine> engine, PushMetrics metrics) {}

  private final Setup setup;
  private final Map<String, PushWindow> windows = new HashMap<>();
  private final Deque<Hash> waiting = new ArrayDeque<>();
  private final Set<Hash> heard = new LinkedHashSet<>();
  private List<Cores.Seen> cores = List.of();
  private boolean reading;
  private long number;

  private Pushes(ActorContext<Command> context, Setup setup) {
    super(context);
    this.setup = setup;
  }

  public static Behavior<Command> create(Setup setup) {
    return Behaviors.setup(context -> new Pushes(context, setup));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Added(var hash) -> onAdded(hash);
      case CoresSeen(var seen) -> {
        cores = seen;
        setup.metrics.targets(seen.size());
        windows.keySet().retainAll(seen.stream().map(Cores.Seen::address).toList());
      }
      case Pushed(var push) -> onPushed(push);
      case Taken(var taken) -> {
        PushWindow window = windows.get(taken.getBy());
        if (window != null) {
          window.taken(taken.getNumber());
        }
      }
      case BlockRead(var block) -> {
        reading = false;
        block.ifPresentOrElse(this::push, () -> setup.metrics.count(PushMetrics.Sent.UNREAD));
        read();
      }
      case Judged(var push, var block, var reply) -> onJudged(push, block, reply);
      case Kept(var block, var bytes, OrphanReply.Ready _) -> submit(block, bytes);
      case Kept _ -> {}
    }
    return this;
  }

  private void onAdded(Hash hash) {
    if (cores.isEmpty() || heard.contains(hash)) {
      return;
    }
    waiting.add(hash);
    if (waiting.size() > MAX_WAITING) {
      waiting.remove();
      setup.metrics.count(PushMetrics.Sent.DROPPED);
    }
    read();
  }

  /** One at a time, so that none overtakes its parents. */
  private void read() {
    Engine engine = setup.engine.get();
    if (reading || waiting.isEmpty() || engine == null) {
      return;
    }
    Hash next = waiting.remove();
    reading = true;
    CompletionStage<Optional<Block>> block =
        AskPattern.ask(
            engine.dag(),
            (ActorRef<Optional<Block>> to) -> new Dag.GetBlock(next, to),
            READ_LIMIT,
            getContext().getSystem().scheduler());
    getContext()
        .pipeToSelf(
            block, (found, failure) -> new BlockRead(failure == null ? found : Optional.empty()));
  }

  private void push(Block block) {
    ByteString bytes = Wire.bytes(block);
    if (bytes.size() + ENVELOPE > ClusterSerializer.MAX_BYTES) {
      setup.metrics.count(PushMetrics.Sent.LARGE);
      return;
    }
    BlockPush push =
        BlockPush.newBuilder().setFrom(setup.self).setNumber(++number).setBlock(bytes).build();
    long now = System.nanoTime();
    for (Cores.Seen core : cores) {
      PushWindow window = windows.computeIfAbsent(core.address(), _ -> new PushWindow());
      if (window.hasRoom(bytes.size(), now)) {
        window.sent(push.getNumber(), bytes.size(), now);
        core.agent().tell(push);
        setup.metrics.count(PushMetrics.Sent.SENT);
      } else {
        setup.metrics.count(PushMetrics.Sent.FULL);
      }
    }
  }

  private void onPushed(BlockPush push) {
    Engine engine = setup.engine.get();
    if (engine == null) {
      taken(push, PushMetrics.Received.BUSY);
      return;
    }
    Block block;
    try {
      block = Wire.block(push.getBlock());
    } catch (MalformedMessageException malformed) {
      LOG.warn("A block of the core {} makes no sense here", push.getFrom(), malformed);
      taken(push, PushMetrics.Received.MALFORMED);
      return;
    }
    if (heard.add(block.hash()) && heard.size() > MAX_HEARD) {
      Iterator<Hash> oldest = heard.iterator();
      oldest.next();
      oldest.remove();
    }
    CompletionStage<BlockReply> reply =
        AskPattern.ask(
            engine.dag(),
            (ActorRef<BlockReply> to) ->
                new Dag.SubmitBlock(block, Origins.PUSHED, push.getBlock().size(), to),
            VERDICT_LIMIT,
            getContext().getSystem().scheduler());
    getContext()
        .pipeToSelf(
            reply, (said, failure) -> new Judged(push, block, failure == null ? said : null));
  }

  private void onJudged(BlockPush push, Block block, @Nullable BlockReply reply) {
    taken(
        push,
        switch (reply) {
          case null -> PushMetrics.Received.BUSY;
          case BlockReply.Accepted _ -> PushMetrics.Received.ACCEPTED;
          case BlockReply.Known _ -> PushMetrics.Received.KNOWN;
          case BlockReply.MissingParents _ -> {
            keep(block, push.getBlock().size());
            yield PushMetrics.Received.ORPHAN;
          }
          case BlockReply.Invalid(var hash, var rule, var detail) -> {
            LOG.warn(
                "The core {} pushed block {}, which breaks {}: {}",
                push.getFrom(),
                hash,
                rule,
                detail);
            yield PushMetrics.Received.INVALID;
          }
          case BlockReply.Busy _ -> PushMetrics.Received.BUSY;
        });
  }

  /** Its parents come by another push, or by a connection; they may be here by now. */
  private void keep(Block block, int bytes) {
    Engine engine = setup.engine.get();
    if (engine == null) {
      return;
    }
    CompletionStage<OrphanReply> kept =
        AskPattern.ask(
            engine.dag(),
            (ActorRef<OrphanReply> to) -> new Dag.KeepOrphan(block, Origins.PUSHED, bytes, to),
            VERDICT_LIMIT,
            getContext().getSystem().scheduler());
    getContext()
        .pipeToSelf(kept, (said, failure) -> new Kept(block, bytes, failure == null ? said : null));
  }

  private void submit(Block block, int bytes) {
    Engine engine = setup.engine.get();
    if (engine != null) {
      engine
          .dag()
          .tell(
              new Dag.SubmitBlock(
                  block, Origins.PUSHED, bytes, getContext().getSystem().ignoreRef()));
    }
  }

  private void taken(BlockPush push, PushMetrics.Received result) {
    setup.metrics.count(result);
    BlockTaken taken =
        BlockTaken.newBuilder().setBy(setup.self).setNumber(push.getNumber()).build();
    for (Cores.Seen core : cores) {
      if (core.address().equals(push.getFrom())) {
        ActorRef<MessageLite> agent = core.agent();
        agent.tell(taken);
      }
    }
  }
}
