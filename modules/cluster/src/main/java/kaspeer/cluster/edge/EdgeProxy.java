package kaspeer.cluster.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import kaspeer.cluster.ClusterOptions;
import kaspeer.cluster.proto.Attach;
import kaspeer.cluster.proto.Attached;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.More;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.PeerLeft;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Resync;
import kaspeer.cluster.wire.Ask;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.cluster.wire.DagAsks;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.MempoolAsks;
import kaspeer.cluster.wire.NewsCodec;
import kaspeer.cluster.wire.Wire;
import kaspeer.engine.DagHome;
import kaspeer.engine.Facades;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BatchReply;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.DagEvent;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DAG and the mempool of an edge: speaks their protocols, and puts every question to a core.
 * When the core is silent, slow or about to leave, another one takes its place and is asked again
 * what is unanswered; the peers notice a pause. Without any core questions wait, submissions are
 * answered with busy, and after a while the peers are sent away without blame.
 */
public final class EdgeProxy extends AbstractMatchingBehavior<EdgeProxy.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeProxy.class);

  private static final Duration TICK = Duration.ofMillis(100);
  private static final int KNOWN_BLOCKS = 4096;
  private static final long KEPT_BYTES = 8 << 20;

  /** What an empty block has on the wire, about. */
  private static final int LEAST_BLOCK = 1024;

  private static final Duration AGAIN = Duration.ofMillis(200);
  private static final int MAX_ATTEMPTS = 100;

  /** What the actor takes, besides {@link Dag} and {@link Mempool}. */
  public sealed interface Command {}

  private record AskedDag(Dag request) implements Command {}

  private record AskedMempool(Mempool request) implements Command {}

  private record FromDagActor(DagActor.Command command) implements Command {}

  /**
   * @param bytes of the block on the wire
   */
  private record BlockCame(BlockAsk ask, Optional<Block> block, int bytes) implements Command {}

  private record AskAgain(BlockAsk ask) implements Command {}

  /**
   * @param attempts how often a core had it not
   */
  private record BlockAsk(Hash hash, ActorRef<Optional<Block>> replyTo, int attempts) {}

  /** The engine's actors are there. */
  public record Connected(DagHome.Listeners listeners) implements Command {}

  /**
   * The cores as they are.
   *
   * @param own name of the actor to which cores send what is for this one
   */
  public record CoresSeen(List<Cores.Seen> cores, String own) implements Command {}

  /** A core sent this. */
  public record FromCore(MessageLite message) implements Command {}

  private enum Tick implements Command {
    LOOK
  }

  /** Makes a reference out of what another member calls an actor of its own. */
  public interface Resolver {
    ActorRef<MessageLite> resolve(String name);
  }

  /**
   * What the actor works on.
   *
   * @param hosts what the host of a peer is called; empty if that is not known
   */
  public record Setup(
      ClusterOptions options,
      EdgeState state,
      Resolver resolver,
      LongFunction<String> hosts,
      EdgeMetrics metrics) {}

  private final ClusterOptions options;
  private final EdgeState state;
  private final Setup setup;
  private final Pending pending;
  private final CoreChoice choice;
  private final Verdicts verdicts = new Verdicts();
  private final Set<ActorRef<DagEvent>> subscribers = new LinkedHashSet<>();
  private final Set<Hash> told = new LinkedHashSet<>();
  private final RecentBlocks blocks = new RecentBlocks(KEPT_BYTES);
  private DagHome.@Nullable Listeners listeners;
  private List<Cores.Seen> cores = List.of();
  private String own = "";
  private @Nullable Session session;
  private boolean hadCore;
  private long aloneSince = System.nanoTime();

  private EdgeProxy(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
    super(context);
    this.options = setup.options;
    this.state = setup.state;
    this.setup = setup;
    this.pending = new Pending(setup.metrics);
    this.choice = new CoreChoice(options);
    timers.startTimerWithFixedDelay(Tick.LOOK, TICK);
  }

  /** Takes {@link Dag}, {@link Mempool} and {@link DagActor.PeerLeft} too. */
  public static Behavior<Command> create(Setup setup) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new EdgeProxy(context, timers, setup)));
    return Facades.accepting(
        Facades.accepting(
            behavior, new Facades.Foreign<>(DagActor.Command.class, FromDagActor::new)),
        new Facades.Foreign<>(Dag.class, AskedDag::new),
        new Facades.Foreign<>(Mempool.class, AskedMempool::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case AskedDag(var request) -> onDag(request);
      case AskedMempool(var request) -> ask(MempoolAsks.of(request, setup.hosts, verdicts::spoilt));
      case FromDagActor(DagActor.PeerLeft(var peer)) ->
          tell(number -> PeerLeft.newBuilder().setSession(number).setPeer(peer).build());
      case FromDagActor _ -> {}
      case BlockCame(var ask, var block, var bytes) -> onBlock(ask, block, bytes);
      case AskAgain(var ask) -> askBlock(ask);
      case Connected(var there) -> {
        listeners = there;
        verdicts.connected(there);
      }
      case CoresSeen(var seen, var name) -> {
        cores = seen;
        own = name;
        look();
      }
      case FromCore(var message) -> {
        try {
          onMessage(message);
        } catch (MalformedMessageException | IllegalArgumentException unreadable) {
          LOG.warn("A message of the core makes no sense here: {}", unreadable.getMessage());
        }
      }
      case Tick.LOOK -> look();
    }
    return this;
  }

  private void onDag(Dag request) {
    switch (request) {
      case Dag.Subscribe(var subscriber) -> subscribers.add(subscriber);
      // The sync runs at the cores.
      case Dag.SubmitHeaders(var _, var replyTo) -> replyTo.tell(new BatchReply.Busy());
      case Dag.SubmitBodies(var _, var replyTo) -> replyTo.tell(new BatchReply.Busy());
      case Dag.GetBlock(var hash, var replyTo) -> {
        Block kept = blocks.get(hash);
        if (kept != null) {
          replyTo.tell(Optional.of(kept));
        } else {
          askBlock(new BlockAsk(hash, replyTo, 0));
        }
      }
      case Dag.SubmitBlock submit ->
          ask(DagAsks.of(submit, reply -> decided(reply, submit.block(), submit.bytes())));
      default -> ask(DagAsks.of(request, verdicts::decided));
    }
  }

  private void askBlock(BlockAsk asked) {
    ask(
        DagAsks.ofBlock(
            asked.hash,
            (block, bytes) -> getContext().getSelf().tell(new BlockCame(asked, block, bytes))));
  }

  /**
   * A block that was announced here is somewhere in the cluster: the core in use has it in a
   * moment, and the peer that asks for it is not to hear that there is none.
   */
  private void onBlock(BlockAsk asked, Optional<Block> block, int bytes) {
    if (block.isEmpty() && told.contains(asked.hash) && asked.attempts < MAX_ATTEMPTS) {
      getContext()
          .scheduleOnce(
              AGAIN,
              getContext().getSelf(),
              new AskAgain(new BlockAsk(asked.hash, asked.replyTo, asked.attempts + 1)));
    } else {
      block.ifPresent(found -> blocks.put(found, bytes));
      asked.replyTo.tell(block);
    }
  }

  private void ask(Ask ask) {
    pending.add(ask);
    send();
  }

  private void send() {
    if (session != null) {
      session.send(pending);
    }
  }

  /** A block is kept once a core has it: until then nobody knows that it is what it says it is. */
  private void decided(BlockReply reply, Block block, int bytes) {
    if (reply instanceof BlockReply.Accepted) {
      blocks.put(block, Math.max(LEAST_BLOCK, bytes));
    }
    verdicts.decided(reply);
  }

  private void tell(LongFunction<MessageLite> message) {
    if (session != null) {
      session.tell(message);
    }
  }

  private void onMessage(MessageLite message) {
    switch (message) {
      case Attached attached when isCurrent(attached.getSession()) -> onAttached(attached);
      // The answer came so late that another core was asked: this one is not to serve us for ever.
      case Attached late ->
          setup.resolver.resolve(late.getCore()).tell(Farewell.NO_ANSWER.to(late.getSession()));
      case Detach detach when isCurrent(detach.getSession()) -> {
        LOG.info("The core says: {}", detach.getReason());
        if (session != null) {
          choice.sentAway(session);
        }
        leave(Farewell.ENDED);
      }
      case Piece piece when isCurrent(piece.getSession()) -> onPiece(piece);
      case More more when isCurrent(more.getSession()) -> {
        if (session != null) {
          session.more(more.getId());
        }
      }
      case Dropped dropped when isCurrent(dropped.getSession()) -> {
        if (session != null) {
          session.forget(dropped.getId());
          pending.dropped(dropped.getId());
        }
      }
      case News news when isCurrent(news.getSession()) -> onNews(news);
      default -> {}
    }
  }

  private boolean isCurrent(long number) {
    return session != null && session.number() == number;
  }

  private void onAttached(Attached attached) {
    Session now = session;
    if (now == null || now.isAttached()) {
      return;
    }
    // Before anything is taken for granted: it may make no sense.
    DagEvent.StateChanged changed =
        new DagEvent.StateChanged(NewsCodec.fromWire(attached.getState()));
    now.attached(setup.resolver.resolve(attached.getCore()), pending::dropped);
    LOG.info("Using the DAG of {}", now.core().address());
    state.core(now.core().address());
    state.synced(attached.getSynced());
    choice.takenIn();
    if (hadCore) {
      // Before what is unanswered is asked again: the last core may have died with blocks that this
      // one is about to miss.
      verdicts.moved();
    }
    hadCore = true;
    state.snapshot(changed.snapshot());
    state.open(true);
    publish(changed);
    pending.forgetSent();
    send();
  }

  private void onPiece(Piece piece) {
    ByteString whole = session == null ? null : session.take(piece);
    if (whole != null) {
      pending.answer(piece.getId(), whole);
    }
  }

  private void onNews(News news) {
    if (session == null) {
      return;
    }
    if (session.missed(news.getSequence())) {
      LOG.info("Missed news of {}", session.core().address());
      tell(number -> Resync.newBuilder().setSession(number).build());
    }
    state.synced(news.getSynced());
    if (news.hasAnnounced()) {
      if (listeners != null) {
        listeners
            .peers()
            .tell(
                new PeersCommand.Announce(
                    Wire.hashes(news.getAnnounced().getHashesList()), news.getAgain()));
      }
      return;
    }
    DagEvent event = NewsCodec.fromWire(news);
    switch (event) {
      case DagEvent.BlockAdded added -> {
        if (!told.add(added.header().hash())) {
          return;
        }
        if (told.size() > KNOWN_BLOCKS) {
          told.remove(told.iterator().next());
        }
      }
      case DagEvent.StateChanged(var snapshot) -> state.snapshot(snapshot);
      case DagEvent.BlockSettled _,
          DagEvent.ChainChanged _,
          DagEvent.BlockDisqualified _,
          DagEvent.ChainStopped _,
          DagEvent.FinalityViolated _ -> {}
    }
    publish(event);
  }

  private void publish(DagEvent event) {
    subscribers.forEach(subscriber -> subscriber.tell(event));
    getContext()
        .getSystem()
        .eventStream()
        .tell(new EventStream.Publish<>(new NodeEvent.Dag(event)));
  }

  private void look() {
    pending.expire();
    if (session != null) {
      Farewell why = session.reasonToLeave(cores, options, pending.oldest());
      if (why != null) {
        leave(why);
      }
    }
    if (session == null) {
      choose();
    }
    send();
    if (session != null && session.isAlive()) {
      aloneSince = System.nanoTime();
    } else if (state.isOpen()
        && System.nanoTime() - aloneSince > options.times().grace().toNanos()) {
      state.open(false);
      leave(Farewell.SILENT);
      LOG.warn("No core for {}: peers are sent away", options.times().grace());
      if (listeners != null) {
        listeners.peers().tell(new PeersCommand.SendAway("unavailable", "no core can be reached"));
      }
    }
  }

  private void leave(Farewell why) {
    Session old = session;
    if (old == null) {
      return;
    }
    LOG.info("Leaving the DAG of {}: {}", old.core().address(), why.text());
    setup.metrics.left(why);
    tell(why::to);
    choice.left(old);
    session = null;
    state.core("");
    pending.forgetSent();
  }

  private void choose() {
    choice
        .next(cores)
        .ifPresent(
            core -> {
              Session next = new Session(core);
              session = next;
              core.agent()
                  .tell(
                      Attach.newBuilder()
                          .setEdge(own)
                          .setSession(next.number())
                          .setVersion(ClusterSerializer.SESSION_VERSION)
                          .build());
            });
  }
}
