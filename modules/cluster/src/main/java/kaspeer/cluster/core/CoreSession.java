package kaspeer.cluster.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.Attached;
import kaspeer.cluster.proto.Detach;
import kaspeer.cluster.proto.Dropped;
import kaspeer.cluster.proto.HashList;
import kaspeer.cluster.proto.More;
import kaspeer.cluster.proto.News;
import kaspeer.cluster.proto.PeerLeft;
import kaspeer.cluster.proto.Piece;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.proto.Resync;
import kaspeer.cluster.wire.Incoming;
import kaspeer.cluster.wire.NewsCodec;
import kaspeer.cluster.wire.Outgoing;
import kaspeer.cluster.wire.Wire;
import kaspeer.engine.Engine;
import kaspeer.engine.Facades;
import kaspeer.engine.dag.DagActor;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One edge that uses the DAG here. Ends when the edge says so or is no member any more, and then
 * gives back all that its peers held.
 */
public final class CoreSession extends AbstractMatchingBehavior<CoreSession.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(CoreSession.class);

  private static final int MAX_PEERS = 16_384;
  private static final int MAX_ASKED = 4_096;
  private static final int MAX_TIPS = 256;
  private static final Duration TICK = Duration.ofMillis(500);

  /** What the actor takes, besides what an edge sends. */
  public sealed interface Command {}

  private record Received(MessageLite message) implements Command {}

  /** Something happened in the DAG here. */
  public record Happened(DagEvent event) implements Command {}

  /**
   * Peers are told of these transactions.
   *
   * @param again whether also those are that have heard of them
   */
  public record Announced(List<Hash> transactions, boolean again) implements Command {}

  private record Answered(long id, @Nullable Answer answer) implements Command {}

  private record TipFound(@Nullable Block block) implements Command {}

  private enum Edge implements Command {
    GONE
  }

  private enum Tick implements Command {
    LOOK
  }

  /**
   * For whom, and with what.
   *
   * @param number tells this session from all others here; at least 1
   */
  public record Setup(
      ActorRef<MessageLite> edge,
      String edgeAddress,
      long session,
      int number,
      Engine engine,
      RemoteHosts hosts) {}

  private final Setup setup;
  private final Answering answering;
  private final Outgoing out;
  private final Incoming in;
  private final Set<Long> peers = new LinkedHashSet<>();
  private final Deque<Hash> tipsToTell = new ArrayDeque<>();
  private boolean tellingTips;
  private boolean toldSynced;
  private long sequence;
  private int asked;

  private CoreSession(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
    super(context);
    this.setup = setup;
    this.answering =
        new Answering(
            setup.engine.dag(),
            setup.engine.mempool(),
            context.getSystem().scheduler(),
            new OfEdge());
    this.out = new Outgoing(setup.session, Outgoing.MAX_BYTES, setup.edge::tell);
    this.in = new Incoming(Incoming.MAX_BYTES, new Asker());
    context.watchWith(setup.edge, Edge.GONE);
    LOG.info("The edge {} uses the DAG here", setup.edgeAddress);
    String name =
        ActorRefResolver.get(context.getSystem())
            .toSerializationFormat(Facades.as(MessageLite.class, context.getSelf()));
    toldSynced = isSynced();
    setup.edge.tell(
        Attached.newBuilder()
            .setSession(setup.session)
            .setCore(name)
            .setState(NewsCodec.toWire(setup.engine.dagSnapshot()))
            .setSynced(toldSynced)
            .build());
    timers.startTimerWithFixedDelay(Tick.LOOK, TICK);
    tellTips();
  }

  /** Takes messages of an edge too. */
  public static Behavior<Command> create(Setup setup) {
    Behavior<Command> behavior =
        Behaviors.setup(
            context -> Behaviors.withTimers(timers -> new CoreSession(context, timers, setup)));
    return Facades.accepting(behavior, new Facades.Foreign<>(MessageLite.class, Received::new));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var message) -> onMessage(message);
      case Happened(DagEvent.ChainChanged changed) -> {
        NewsParts.of(changed).forEach(part -> news(NewsCodec.toWire(part, this::peer)));
        yield this;
      }
      case Happened(var event) -> {
        news(NewsCodec.toWire(event, this::peer));
        yield this;
      }
      case Announced(var ids, var again) -> {
        NewsParts.of(ids)
            .forEach(
                part ->
                    news(
                        News.newBuilder()
                            .setAnnounced(HashList.newBuilder().addAllHashes(Wire.bytes(part)))
                            .setAgain(again)));
        yield this;
      }
      case Answered(var id, var answer) -> {
        asked--;
        answer(id, answer == null ? Answer.getDefaultInstance() : answer);
        yield this;
      }
      case TipFound(var block) -> {
        if (block != null) {
          news(NewsCodec.toWire(added(block), this::peer));
        }
        tellNextTip();
        yield this;
      }
      case Tick.LOOK -> {
        // A DAG at rest becomes synced, or ceases to be: by its peers, or by the clock.
        if (isSynced() != toldSynced) {
          tellState();
        }
        yield this;
      }
      case Edge.GONE -> Behaviors.stopped();
    };
  }

  private Behavior<Command> onMessage(MessageLite message) {
    switch (message) {
      case Piece piece when piece.getSession() == setup.session -> {
        ByteString whole = in.take(piece);
        if (whole != null) {
          onQuestion(piece.getId(), whole);
        }
      }
      case More more when more.getSession() == setup.session -> out.more(more.getId());
      case Dropped dropped when dropped.getSession() == setup.session ->
          out.forget(dropped.getId());
      case PeerLeft left when left.getSession() == setup.session -> {
        if (peers.remove(left.getPeer())) {
          left(left.getPeer());
        }
      }
      case Resync resync when resync.getSession() == setup.session -> {
        tellState();
        tellTips();
      }
      case Detach detach when detach.getSession() == setup.session -> {
        LOG.info("The edge {} leaves: {}", setup.edgeAddress, detach.getReason());
        return Behaviors.stopped();
      }
      default -> {}
    }
    return this;
  }

  private void onQuestion(long id, ByteString bytes) {
    if (asked >= MAX_ASKED) {
      answer(id, Answer.getDefaultInstance());
      return;
    }
    try {
      CompletionStage<Answer> answer = answering.answer(Question.parseFrom(bytes));
      asked++;
      getContext()
          .pipeToSelf(answer, (done, failure) -> new Answered(id, failure == null ? done : null));
    } catch (InvalidProtocolBufferException | RuntimeException unreadable) {
      LOG.warn("A question of {} makes no sense", setup.edgeAddress, unreadable);
      answer(id, cannot("no such question is known here: " + unreadable.getMessage()));
    }
  }

  private void answer(long id, Answer answer) {
    ByteString bytes = answer.toByteString();
    if (bytes.size() > Incoming.MAX_MESSAGE) {
      LOG.warn("An answer for {} has {} bytes", setup.edgeAddress, bytes.size());
      out.send(id, cannot("an answer of " + bytes.size() + " bytes").toByteString());
    } else if (!out.send(id, bytes)) {
      out.send(id, Answer.getDefaultInstance().toByteString());
    }
  }

  /** An answer upon which the edge does not ask again. */
  private static Answer cannot(String why) {
    return Answer.newBuilder().setCannot(why).build();
  }

  /** So that the edge's peers hear of what happened while it had no core. */
  private void tellTips() {
    List<Hash> tips = setup.engine.dagSnapshot().tips();
    tipsToTell.clear();
    tipsToTell.addAll(tips.subList(0, Math.min(tips.size(), MAX_TIPS)));
    if (!tellingTips) {
      tellNextTip();
    }
  }

  /** One after the other: there may be many, and large ones. */
  private void tellNextTip() {
    Hash tip = tipsToTell.poll();
    tellingTips = tip != null;
    if (tip == null) {
      return;
    }
    CompletionStage<Optional<Block>> block =
        AskPattern.ask(
            setup.engine.dag(),
            (ActorRef<Optional<Block>> to) -> new Dag.GetBlock(tip, to),
            Duration.ofSeconds(10),
            getContext().getSystem().scheduler());
    getContext()
        .pipeToSelf(block, (found, _) -> new TipFound(found == null ? null : found.orElse(null)));
  }

  private static DagEvent.BlockAdded added(Block tip) {
    return new DagEvent.BlockAdded(tip.header(), tip.transactions().size(), Dag.LOCAL, true);
  }

  private void tellState() {
    news(NewsCodec.toWire(new DagEvent.StateChanged(setup.engine.dagSnapshot()), this::peer));
  }

  /** None are larger than a message: what may be goes in {@linkplain NewsParts parts}. */
  private void news(News.Builder news) {
    sequence++;
    toldSynced = isSynced();
    setup.edge.tell(
        news.setSession(setup.session).setSequence(sequence).setSynced(toldSynced).build());
  }

  private boolean isSynced() {
    return setup.engine.syncStatus().state() == SyncStatus.State.SYNCED;
  }

  /** What a peer of the edge is called here. */
  private long origin(long peer) {
    if (peers.add(peer) && peers.size() > MAX_PEERS) {
      long oldest = peers.iterator().next();
      peers.remove(oldest);
      left(oldest);
    }
    return named(peer);
  }

  private long named(long peer) {
    return Origins.of(setup.number, peer);
  }

  /** What the edge calls an origin; 0 if it is none of its peers. */
  private long peer(long origin) {
    return Origins.peerOf(setup.number, origin);
  }

  private final class Asker implements Incoming.Sender {
    @Override
    public void more(long id) {
      setup.edge.tell(More.newBuilder().setSession(setup.session).setId(id).build());
    }

    @Override
    public void dropped(long id) {
      setup.edge.tell(Dropped.newBuilder().setSession(setup.session).setId(id).build());
    }
  }

  private final class OfEdge implements Answering.Origins {
    @Override
    public long of(long peer) {
      return origin(peer);
    }

    @Override
    public long of(long peer, String host) {
      long origin = origin(peer);
      setup.hosts.brought(origin, host);
      return origin;
    }
  }

  private void left(long peer) {
    setup.hosts.left(named(peer));
    Facades.as(DagActor.Command.class, setup.engine.dag()).tell(new DagActor.PeerLeft(named(peer)));
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      peers.forEach(this::left);
      setup.edge.tell(
          Detach.newBuilder().setSession(setup.session).setReason("the session ended").build());
    }
    return this;
  }
}
