package kaspeer.flows.block;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import kaspeer.flow.FlowContext;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.block.Fetch.Got;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.Lately;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.flows.common.Patience;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.BlockLocatorMessage;
import kaspeer.wire.proto.BlockMessage;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestBlockLocatorMessage;
import kaspeer.wire.proto.RequestRelayBlocksMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The blocks that are being fetched from a peer and given to the DAG, from the request to the DAG's
 * last word. Belongs to its flow's actor.
 */
final class BlockFetches {
  /** Blocks of one peer that are under way or being added. */
  static final int MAX = 8;

  /**
   * While syncing, no block is asked for within this time after one that turned out to be far
   * ahead.
   */
  static final Duration SYNC_PAUSE = Duration.ofSeconds(2);

  /**
   * Blocks that wait for the peer to say how far away they are, and their bytes on the wire: nobody
   * else counts them, and they take several times that when they are objects.
   */
  static final int MAX_HELD = 2;

  static final int MAX_HELD_BYTES = 1 << 20;

  /** How long one waits so. The peer may take its time, but not with our memory. */
  static final Duration HOLD = Duration.ofSeconds(15);

  /** Parents of all levels, far more than any header of the network has. */
  private static final int MAX_PARENTS = 4096;

  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final int MAX_DOUBLINGS = 5;

  /**
   * Size of the reference's orphan pool, in terms of which its range during a sync is defined
   * (protocol reference 5.6).
   */
  private static final int ORPHAN_POOL = 1024;

  /** Where replies of the DAG and of the sync go. */
  record Replies(
      ActorRef<Dag.LookedUp> lookedUp,
      ActorRef<Dag.Statuses> statuses,
      ActorRef<OrphanReply> orphans,
      ActorRef<BlockReply> verdicts,
      ActorRef<Sync.Session> sessions) {}

  /** What the flow's timers tell of a fetch. */
  record Alarms<C>(
      TimerScheduler<C> timers,
      Function<Fetch, C> answerLate,
      Function<Fetch, C> retryDue,
      Function<Fetch, C> heldLong) {
    void ifLate(Fetch fetch, Duration delay) {
      timers.startSingleTimer(fetch, answerLate.apply(fetch), delay);
    }

    void retryIn(Fetch fetch, Duration delay) {
      timers.startSingleTimer(fetch, retryDue.apply(fetch), delay);
    }

    void whenHeldLong(Fetch fetch, Duration delay) {
      timers.startSingleTimer(fetch.holdTimer, heldLong.apply(fetch), delay);
    }

    void cancel(Fetch fetch) {
      timers.cancel(fetch);
      timers.cancel(fetch.holdTimer);
    }
  }

  private final FlowContext flow;
  private final Alarms<?> alarms;
  private final Replies replies;
  private final LocalQuestions local;
  private final Consumer<List<Inv>> wanted;
  private final long peer;
  private final Map<Hash, Fetch> byHash = new HashMap<>();
  private final Map<Integer, Fetch> byQuestion = new HashMap<>();

  /** When a block turned out to be far ahead, if none was added since. */
  private @Nullable Instant farAheadAt;

  /**
   * @param wanted takes missing roots of orphans
   */
  BlockFetches(
      FlowContext flow,
      Alarms<?> alarms,
      Replies replies,
      LocalQuestions local,
      Consumer<List<Inv>> wanted) {
    this.flow = flow;
    this.alarms = alarms;
    this.replies = replies;
    this.local = local;
    this.wanted = wanted;
    this.peer = flow.peer().number();
  }

  boolean hasRoom() {
    return byHash.size() < MAX;
  }

  boolean contains(Hash hash) {
    return byHash.containsKey(hash);
  }

  /** Whether a block turned out to be far ahead a moment ago. */
  boolean arePaused() {
    Instant since = farAheadAt;
    return since != null && Lately.was(since, SYNC_PAUSE, flow.clock().instant());
  }

  void request(Inv inv) {
    KaspadMessage.Builder request =
        KaspadMessage.newBuilder()
            .setRequestRelayBlocks(
                RequestRelayBlocksMessage.newBuilder().addHashes(Hashes.toWire(inv.hash())));
    int question = flow.ask(request, Set.of(PayloadCase.BLOCK), true);
    Fetch fetch = new Fetch(inv, new Fetch.Asked(), new Patience(flow));
    byHash.put(inv.hash(), fetch);
    awaitAnswer(fetch, question);
  }

  private void awaitAnswer(Fetch fetch, int question) {
    byQuestion.put(question, fetch);
    flow.pull(RelayBlockFlow.ANSWERS);
    fetch.patience.begin();
    alarms.ifLate(fetch, flow.settings().answerTimeout());
  }

  /** An answer of the peer. */
  void onAnswer(KaspadMessage message, int bytes) throws Breach, ConversionException {
    PayloadCase payload = message.getPayloadCase();
    Fetch fetch = byQuestion.remove(message.getResponseId());
    if (fetch == null) {
      throw new Breach(ViolationCode.UNSOLICITED_ANSWER, payload + " that was not asked for");
    }
    flow.settle(message.getResponseId());
    alarms.cancel(fetch);
    if (fetch.stage instanceof Fetch.LocatorAsked(var header, var got)) {
      onLocator(fetch, header, got, message.getBlockLocator());
    } else {
      onBlock(fetch, message.getBlock(), bytes);
    }
  }

  private void onBlock(Fetch fetch, BlockMessage message, int bytes)
      throws Breach, ConversionException {
    Block block = Blocks.fromWire(message);
    if (!block.hash().equals(fetch.hash())) {
      throw new Breach(ViolationCode.WRONG_BLOCK, "got " + block.hash() + " for " + fetch.hash());
    }
    if (block.transactions().isEmpty()) {
      throw new Breach(
          ViolationCode.HEADER_ONLY_BLOCK, "block " + fetch.hash() + " without transactions");
    }
    flow.relay().tell(new Relay.Obtained(Relay.Kind.BLOCK, List.of(fetch.hash()), peer));
    boolean useless =
        block.header().blueWork().compareTo(flow.dagSnapshot().mergeDepthRootWork()) <= 0;
    if (fetch.inv.direct() && useless) {
      byHash.remove(fetch.hash());
    } else {
      submit(fetch, new Got(block, bytes), false);
    }
  }

  /** An answer did not come within its limit. Returns whether the peer is late, or waits on. */
  boolean isLate(Fetch fetch) {
    Duration more = fetch.patience.more();
    if (more.isPositive()) {
      alarms.ifLate(fetch, more);
    }
    return !more.isPositive();
  }

  /** What the peer owes for a fetch. */
  PayloadCase awaited(Fetch fetch) {
    return fetch.stage instanceof Fetch.LocatorAsked
        ? PayloadCase.BLOCK_LOCATOR
        : PayloadCase.BLOCK;
  }

  private void submit(Fetch fetch, Got got, boolean again) {
    fetch.stage = new Fetch.Submitted(got, again);
    local.ask();
    flow.dag().tell(new Dag.SubmitBlock(got.block(), peer, got.bytes(), replies.verdicts));
  }

  /** The DAG's word on a submitted block. */
  void onVerdict(BlockReply reply) throws Breach {
    Fetch fetch = byHash.get(reply.hash());
    if (fetch == null || !(fetch.stage instanceof Fetch.Submitted(var got, var again))) {
      return;
    }
    switch (reply) {
      case BlockReply.Accepted(var hash, var _) -> {
        farAheadAt = null;
        byHash.remove(hash);
      }
      case BlockReply.Known(var hash, var status) -> {
        if (status == BlockStatus.INVALID) {
          throw new Breach(
              ViolationCode.INVALID_BLOCK, "block " + hash + " is known to be invalid");
        }
        byHash.remove(hash);
      }
      case BlockReply.MissingParents(var hash, var _) when again -> byHash.remove(hash);
      case BlockReply.MissingParents _ -> onOrphan(fetch, got);
      case BlockReply.Invalid(var hash, var rule, var detail) ->
          throw new Breach(
              ViolationCode.INVALID_BLOCK, "block " + hash + " breaks " + rule + ": " + detail);
      case BlockReply.Busy _ -> {
        fetch.stage = new Fetch.Waiting(got, again);
        alarms.retryIn(
            fetch, FIRST_RETRY.multipliedBy(1L << Math.min(fetch.attempts, MAX_DOUBLINGS)));
        fetch.attempts++;
      }
    }
  }

  /** The time to submit a block again has come. */
  void retry(Fetch fetch) {
    if (fetch.stage instanceof Fetch.Waiting(var got, var again)) {
      submit(fetch, got, again);
    }
  }

  private void onOrphan(Fetch fetch, Got got) {
    if (fetch.inv.withinRange()) {
      keep(fetch, got, true);
    } else {
      fetch.stage = new Fetch.SessionAsked(got);
      local.ask();
      flow.sync().tell(new Sync.GetSession(replies.sessions));
    }
  }

  /**
   * What the sync is about: orphans near its end are kept, of the others the peer is asked how far
   * away they are.
   */
  void onSession(Sync.Session session) {
    for (Fetch fetch : List.copyOf(byHash.values())) {
      if (fetch.stage instanceof Fetch.SessionAsked(var got)) {
        if (isNearEndOf(session, got.block().header().daaScore())) {
          keep(fetch, got, false);
        } else {
          askLocator(fetch, got);
        }
      }
    }
  }

  private static boolean isNearEndOf(Sync.Session session, long daaScore) {
    long end = session.targetDaaScore();
    return session.running()
        && end != 0
        && Long.compareUnsigned(daaScore + ORPHAN_POOL / 10, end) > 0
        && Long.compareUnsigned(daaScore, end + ORPHAN_POOL / 2) < 0;
  }

  private void askLocator(Fetch fetch, Got got) {
    Header header = got.block().header();
    if (header.parents().runs().stream().mapToInt(run -> run.parents().size()).sum()
        > MAX_PARENTS) {
      byHash.remove(fetch.hash());
      return;
    }
    KaspadMessage.Builder request =
        KaspadMessage.newBuilder()
            .setRequestBlockLocator(
                RequestBlockLocatorMessage.newBuilder()
                    .setHighHash(Hashes.toWire(fetch.hash()))
                    .setLimit(flow.settings().orphanResolutionRange()));
    boolean holds = hasRoomToHold(got);
    fetch.stage = new Fetch.LocatorAsked(header, holds ? got : null);
    awaitAnswer(fetch, flow.ask(request, Set.of(PayloadCase.BLOCK_LOCATOR), true));
    if (holds) {
      alarms.whenHeldLong(fetch, HOLD);
    }
  }

  private boolean hasRoomToHold(Got more) {
    int blocks = 1;
    long bytes = more.bytes();
    for (Fetch fetch : byHash.values()) {
      Got held = fetch.held();
      if (held != null) {
        blocks++;
        bytes += held.bytes();
      }
    }
    return blocks <= MAX_HELD && bytes <= MAX_HELD_BYTES;
  }

  /** The peer has owed a locator for some time: the block does not wait for it any longer. */
  void letGo(Fetch fetch) {
    if (fetch.stage instanceof Fetch.LocatorAsked(var header, var _)) {
      fetch.stage = new Fetch.LocatorAsked(header, null);
    }
  }

  private void onLocator(Fetch fetch, Header header, @Nullable Got got, BlockLocatorMessage message)
      throws Breach, ConversionException {
    int limit = flow.settings().orphanResolutionRange();
    if (message.getHashesCount() > limit) {
      throw new Breach(
          ViolationCode.BAD_LOCATOR,
          message.getHashesCount() + " hashes where at most " + limit + " were asked for");
    }
    List<Hash> locator = Hashes.fromWire(message.getHashesList());
    fetch.stage = new Fetch.LocatorChecked(header, got, locator);
    local.ask();
    flow.dag().tell(new Dag.GetStatuses(locator, replies.statuses));
  }

  /** What the DAG has of the blocks of an orphan's locator. */
  void onStatuses(Dag.Statuses reply) {
    for (Fetch fetch : List.copyOf(byHash.values())) {
      if (fetch.stage instanceof Fetch.LocatorChecked(var header, var got, var locator)
          && locator.equals(reply.hashes())) {
        if (reply.statuses().stream().noneMatch(BlockStatus::hasBody)) {
          byHash.remove(fetch.hash());
          farAheadAt = flow.clock().instant();
          flow.sync().tell(new Sync.Candidate(peer, header));
        } else if (got != null) {
          keep(fetch, got, true);
        } else {
          request(new Inv(fetch.hash(), fetch.inv.direct(), true));
        }
        return;
      }
    }
  }

  private void keep(Fetch fetch, Got got, boolean withinRange) {
    fetch.stage = new Fetch.Kept(got, withinRange);
    local.ask();
    flow.dag().tell(new Dag.KeepOrphan(got.block(), peer, got.bytes(), replies.orphans));
  }

  /** What the orphan pool says of a block that it was given. */
  void onOrphanReply(OrphanReply reply) {
    Fetch fetch = byHash.get(reply.hash());
    if (fetch == null || !(fetch.stage instanceof Fetch.Kept(var got, var withinRange))) {
      return;
    }
    switch (reply) {
      case OrphanReply.Waiting(var hash, var roots) -> {
        byHash.remove(hash);
        wanted.accept(Inv.missingRoots(roots, withinRange));
      }
      case OrphanReply.Ready _ -> submit(fetch, got, true);
      // No room in this peer's share: its descendants will bring it up again.
      case OrphanReply.Absent(var hash) -> byHash.remove(hash);
    }
  }
}
