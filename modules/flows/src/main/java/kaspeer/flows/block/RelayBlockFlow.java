package kaspeer.flows.block;

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
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.InvRelayBlockMessage;
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
 * Takes the blocks a peer announces into the DAG (protocol reference 5.4 to 5.6), and tells it our
 * sink when it connects.
 *
 * <p>A block passes: announced → unknown to the DAG and not waiting as an orphan → permitted by the
 * relay (so that one peer at a time is asked for it) → asked for by number, a few at once → the
 * right one, with a body, not below the merge depth → submitted. If its parents are missing it is
 * kept as an orphan when it is near to what we have, and its missing roots are fetched the same
 * way; otherwise the sync hears of it. The DAG itself announces what it accepts.
 *
 * <p>While the node is far behind, blocks are asked for too, so that the sync learns what is worth
 * syncing to, but with a pause after each that was far ahead. Announcements are taken from the
 * inbox only as fast as they pass, so what a peer can pile up is the inbox and the bounds of {@link
 * InvPipeline}.
 */
public final class RelayBlockFlow extends AbstractMatchingBehavior<RelayBlockFlow.Command> {
  static final String ANNOUNCEMENTS = "announcements";
  static final String ANSWERS = "answers";

  /** Blocks on their way to being asked for, beyond which no more announcements are taken. */
  private static final int MAX_IN_WORK = 64;

  /** Announcements taken ahead. */
  private static final int MAX_PULLS = 16;

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "relay-block",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              // 256 seconds of the network's blocks (protocol reference 0.3).
              new Inbox(
                  ANNOUNCEMENTS,
                  Set.of(PayloadCase.INV_RELAY_BLOCK),
                  false,
                  2560,
                  256 << 10,
                  Overflow.DROP),
              new Inbox(
                  ANSWERS,
                  Set.of(PayloadCase.BLOCK, PayloadCase.BLOCK_LOCATOR),
                  true,
                  BlockFetches.MAX,
                  4 << 20,
                  Overflow.BACKPRESSURE)),
          Set.of(
              PayloadCase.INV_RELAY_BLOCK,
              PayloadCase.REQUEST_RELAY_BLOCKS,
              PayloadCase.REQUEST_BLOCK_LOCATOR),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record LookedUp(Dag.LookedUp reply) implements Command {}

  private record StatusesKnown(Dag.Statuses reply) implements Command {}

  private record OrphanKnown(OrphanReply reply) implements Command {}

  private record BlockJudged(BlockReply reply) implements Command {}

  private record SessionKnown(Sync.Session session) implements Command {}

  private record Permitted(Relay.Permit permit) implements Command {}

  private record AnswerLate(Fetch fetch) implements Command {}

  private record RetryDue(Fetch fetch) implements Command {}

  private record HeldLong(Fetch fetch) implements Command {}

  private enum Tick implements Command {
    LOOK
  }

  private final FlowContext flow;
  private final BlockFetches.Replies replies;
  private final ActorRef<Relay.Permit> permits;
  private final LocalQuestions local = new LocalQuestions();
  private final InvPipeline invs = new InvPipeline();
  private final BlockFetches fetches;
  private final long peer;

  private @Nullable Hash firstAnnounced;
  private boolean anyAnnounced;
  private int pulls;

  private RelayBlockFlow(
      ActorContext<Command> actor, TimerScheduler<Command> timers, FlowContext flow) {
    super(actor);
    this.flow = flow;
    this.peer = flow.peer().number();
    this.replies =
        new BlockFetches.Replies(
            actor.messageAdapter(Dag.LookedUp.class, LookedUp::new),
            actor.messageAdapter(Dag.Statuses.class, StatusesKnown::new),
            actor.messageAdapter(OrphanReply.class, OrphanKnown::new),
            actor.messageAdapter(BlockReply.class, BlockJudged::new),
            actor.messageAdapter(Sync.Session.class, SessionKnown::new));
    this.permits = actor.messageAdapter(Relay.Permit.class, Permitted::new);
    this.fetches =
        new BlockFetches(
            flow,
            new BlockFetches.Alarms<>(timers, AnswerLate::new, RetryDue::new, HeldLong::new),
            replies,
            local,
            this::wantAll);
    timers.startTimerWithFixedDelay(Tick.LOOK, LocalQuestions.LOOK_INTERVAL);
    announceSink();
    goOn();
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(DESCRIPTOR, Received::new, RelayBlockFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    try {
      switch (command) {
        case Received(var event) when event.inbox().equals(ANNOUNCEMENTS) -> onInv(event.message());
        case Received(var event) -> fetches.onAnswer(event.message(), event.bytes());
        case LookedUp(var reply) -> onLookedUp(reply);
        case StatusesKnown(var reply) -> {
          local.answer();
          fetches.onStatuses(reply);
        }
        case OrphanKnown(var reply) -> {
          local.answer();
          fetches.onOrphanReply(reply);
        }
        case BlockJudged(var reply) -> {
          local.answer();
          fetches.onVerdict(reply);
        }
        case SessionKnown(var session) -> {
          local.answer();
          fetches.onSession(session);
        }
        case Permitted(var permit) -> onPermit(permit);
        case RetryDue(var fetch) -> fetches.retry(fetch);
        case HeldLong(var fetch) -> fetches.letGo(fetch);
        case AnswerLate(var fetch) -> {
          if (fetches.isLate(fetch)) {
            return end(
                new FlowOutcome.Unresponsive(
                    fetches.awaited(fetch), flow.settings().answerTimeout()));
          }
        }
        case Tick.LOOK -> {
          if (local.areStalled()) {
            return end(new FlowOutcome.LocalFault("the DAG or the sync does not answer"));
          }
        }
      }
      goOn();
      return this;
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, String.valueOf(e.getMessage()));
    }
    return Behaviors.stopped();
  }

  private Behavior<Command> end(FlowOutcome outcome) {
    flow.finish(outcome);
    return Behaviors.stopped();
  }

  /** Moves on whatever can be: look-ups, requests, announcements from the inbox. */
  private void goOn() {
    List<Hash> query = invs.nextQuery();
    if (query != null) {
      local.ask();
      flow.dag().tell(new Dag.LookUp(query, replies.lookedUp()));
    }
    while (fetches.hasRoom()) {
      Inv inv = invs.takePermitted();
      if (inv == null) {
        break;
      }
      fetches.request(inv);
    }
    while (pulls < MAX_PULLS && pulls + invs.size() < MAX_IN_WORK) {
      flow.pull(ANNOUNCEMENTS);
      pulls++;
    }
  }

  /** So each side learns at once whether the other is ahead (protocol reference 5.3). */
  private void announceSink() {
    DagSnapshot.Tip sink = flow.dagSnapshot().sink();
    if (sink.blueScore() != 0) {
      InvRelayBlockMessage inv =
          InvRelayBlockMessage.newBuilder().setHash(Hashes.toWire(sink.hash())).build();
      flow.outbox().send(KaspadMessage.newBuilder().setInvRelayBlock(inv).build());
    }
  }

  private boolean isNearlySynced() {
    return flow.dagSnapshot()
        .isNearlySynced(flow.clock().instant(), flow.settings().nearlySynced());
  }

  private void onInv(KaspadMessage message) throws ConversionException {
    pulls--;
    Hash hash = Hashes.fromWire(message.getInvRelayBlock().getHash());
    if (!anyAnnounced) {
      anyAnnounced = true;
      firstAnnounced = hash;
    }
    if (!isNearlySynced()) {
      flow.sync().tell(new Sync.Announced(peer, hash));
    }
    wantAll(List.of(Inv.announced(hash)));
  }

  /** What there is no room for is counted by one word to the peer's supervisor, not by many. */
  private void wantAll(List<Inv> some) {
    countDropped(want(some));
  }

  /** Returns how many there was no room for. */
  private int want(List<Inv> some) {
    int dropped = 0;
    for (Inv inv : some) {
      if (!fetches.contains(inv.hash()) && !invs.add(inv)) {
        dropped++;
      }
    }
    return dropped;
  }

  private void countDropped(int dropped) {
    if (dropped > 0) {
      flow.dropped(dropped);
    }
  }

  private void onLookedUp(Dag.LookedUp reply) throws Breach {
    local.answer();
    invs.endQuery();
    boolean paused = fetches.arePaused() && !isNearlySynced();
    int dropped = 0;
    for (Dag.Sighting sighting : reply.sightings()) {
      Hash hash = sighting.hash();
      BlockStatus status = sighting.status();
      if (status == BlockStatus.INVALID) {
        throw new Breach(ViolationCode.INV_OF_INVALID_BLOCK, "block " + hash + " is invalid");
      }
      if (isNearlySynced() && isOfUseToSync(hash, status)) {
        flow.sync().tell(new Sync.Announced(peer, hash));
      }
      firstAnnounced = isFirst(hash) ? null : firstAnnounced;
      Inv inv = invs.takeLookedUp(hash);
      if (inv != null && !status.hasBody() && !paused && !fetches.contains(hash)) {
        if (sighting.missingRoots().isPresent()) {
          // Of an orphan that waits, the missing roots are to be had first.
          dropped += want(Inv.missingRoots(sighting.missingRoots().get(), inv.withinRange()));
        } else {
          announce(inv);
        }
      }
    }
    countDropped(dropped);
  }

  private void announce(Inv inv) {
    invs.announce(inv);
    flow.relay().tell(new Relay.Announced(Relay.Kind.BLOCK, List.of(inv.hash()), peer, permits));
  }

  /**
   * Near the tip most announcements are of no interest to the sync: relay fetches what they name.
   * But the first is the peer's sink, and after minutes without peers it may be out of reach for
   * relay, which asks only one of those who announce it: the arbiter must know of the others. And
   * where a sync is fetching the body, it may want one more peer that has it.
   */
  private boolean isOfUseToSync(Hash hash, BlockStatus status) {
    return status == BlockStatus.HEADER_ONLY || status == BlockStatus.UNKNOWN && isFirst(hash);
  }

  private boolean isFirst(Hash hash) {
    return firstAnnounced != null && firstAnnounced.equals(hash);
  }

  private void onPermit(Relay.Permit permit) {
    for (Hash hash : permit.hashes()) {
      if (!fetches.contains(hash)) {
        invs.permit(hash);
      }
    }
  }
}
