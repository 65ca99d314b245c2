package kaspeer.engine.dag;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import kaspeer.consensus.DagReader;
import kaspeer.consensus.DagView;
import kaspeer.consensus.Rule;
import kaspeer.consensus.Verdict;
import kaspeer.engine.dag.BlocksInFlight.Family;
import kaspeer.engine.dag.BlocksInFlight.Item;
import kaspeer.engine.dag.OrphanPool.Orphan;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.flow.dag.Dag.OrphanReply;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/**
 * Blocks that come one by one, relayed by peers or submitted here: on their way to a verdict, or
 * waiting for ancestors (protocol reference 5.4, 5.6). State of the DAG actor.
 */
final class RelayedBlocks {
  /** What the actor does for it. */
  interface Host {
    /**
     * Hands a block to the consensus. {@link RelayedBlocks#onStored} is called if it is accepted,
     * then in any case {@link RelayedBlocks#onDecided}.
     */
    void decide(Block block);

    /** Calls {@link RelayedBlocks#resubmit} in a moment. */
    void retry(Hash orphan, Family family);
  }

  private final DagView view;
  private final DagPublisher publisher;
  private final Host host;
  private final DagListener listener;
  private final EngineMetrics metrics;
  private final BlocksInFlight inFlight;
  private final OrphanPool orphans;

  RelayedBlocks(
      DagView view,
      DagPublisher publisher,
      Host host,
      DagListener listener,
      EngineMetrics metrics,
      BlocksInFlight inFlight,
      OrphanPool orphans) {
    this.view = view;
    this.publisher = publisher;
    this.host = host;
    this.listener = listener;
    this.metrics = metrics;
    this.inFlight = inFlight;
    this.orphans = orphans;
  }

  void submit(Item item) {
    switch (inFlight.enter(item, System.nanoTime())) {
      case FIRST -> host.decide(item.block());
      case JOINED -> {}
      case REFUSED -> busy(item);
    }
  }

  private void busy(Item item) {
    metrics.submission(source(item), "busy");
    Family family = item.cause();
    if (item.replyTo() != null) {
      item.replyTo().tell(new BlockReply.Busy(item.hash()));
    } else if (family != null) {
      // Nobody else will bring an orphan again, so it waits in the pool, where it is counted.
      if (orphans.add(new Orphan(item.block(), item.origin(), item.bytes()))) {
        host.retry(item.hash(), family);
      } else {
        family.closed();
      }
    }
  }

  /** An orphan whose ancestors are all here, if the pool has not let go of it meanwhile. */
  void resubmit(Hash hash, Family family) {
    Orphan orphan = orphans.remove(hash);
    if (orphan == null) {
      family.closed();
    } else {
      submit(orphan, family);
    }
  }

  private void submit(Orphan orphan, Family family) {
    submit(new Item(orphan.block(), orphan.origin(), orphan.bytes(), null, family));
  }

  /**
   * A block is accepted. Others hear of it now, for it takes a while, mostly that of checking
   * scripts, until the virtual block is found and the verdict comes.
   */
  void onStored(Hash hash) {
    publisher.blockAdded(added(inFlight.first(hash)));
  }

  void onDecided(Verdict verdict) {
    BlocksInFlight.Decided decided = inFlight.leave(verdict.hash());
    metrics.blockTook((System.nanoTime() - decided.sinceNanos()) / 1e9);
    if (isFinal(verdict)) {
      listener.decided(verdict.hash());
    }
    switch (verdict) {
      case Verdict.Accepted _ -> accepted(decided);
      case Verdict.Known(var hash, var status) ->
          answerAll(decided, new BlockReply.Known(hash, status), "known");
      case Verdict.MissingParents(var hash, var parents, var badBody) -> {
        // The header may be new here all the same.
        publisher.stateChanged();
        if (badBody.isPresent() && decided.first().origin() > Dag.LOCAL) {
          // Garbage of a peer would take memory until its parents come, which may be never.
          invalid(decided, badBody.get());
        } else {
          answerAll(decided, new BlockReply.MissingParents(hash, parents), "missing-parents");
        }
      }
      case Verdict.Invalid invalid -> invalid(decided, invalid);
      case Verdict.Busy _ -> {
        busy(decided.first());
        decided.joined().forEach(this::busy);
      }
    }
  }

  /** Whether another copy of the block would fare no better. */
  private static boolean isFinal(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accepted _, Verdict.Known _ -> true;
      case Verdict.MissingParents(var _, var _, var badBody) ->
          badBody.isEmpty() || badBody.get().rule().remembered();
      case Verdict.Invalid(var _, var rule, var _) -> rule.remembered();
      case Verdict.Busy _ -> false;
    };
  }

  private void accepted(BlocksInFlight.Decided decided) {
    Item item = decided.first();
    Hash hash = item.hash();
    metrics.submission(source(item), "accepted");
    publisher.stateChanged();
    Family cause = item.cause();
    if (cause == null) {
      Family own = Family.of(item);
      bringIn(hash, own);
      own.tellIfDone();
    } else {
      cause.added(hash);
      bringIn(hash, cause);
      cause.closed();
    }
    decided
        .joined()
        .forEach(other -> answer(other, new BlockReply.Known(hash, BlockStatus.BODY), "known"));
  }

  private DagEvent.BlockAdded added(Item item) {
    Header header = item.block().header();
    BlueWork floor = view.state().mergeDepthRootWork();
    Family cause = item.cause();
    // What waited for a relayed block is announced wherever it stands (protocol reference 5.3).
    boolean announce = cause == null ? header.blueWork().compareTo(floor) > 0 : cause.isAnnounced();
    return new DagEvent.BlockAdded(
        header, item.block().transactions().size(), item.origin(), announce);
  }

  /** A sync brought the body of a block: submits the orphans that waited for it alone. */
  void onSynced(Hash added) {
    bringIn(added, Family.ofSync());
  }

  private void bringIn(Hash added, Family family) {
    for (Orphan orphan : orphans.takeReady(added, this::isInDag)) {
      family.opened();
      submit(orphan, family);
    }
  }

  private void invalid(BlocksInFlight.Decided decided, Verdict.Invalid invalid) {
    Item first = decided.first();
    BlockReply reply =
        new BlockReply.Invalid(invalid.hash(), invalid.rule().name(), invalid.detail());
    if (first.replyTo() == null && first.origin() > Dag.LOCAL) {
      String detail =
          "orphan " + invalid.hash() + " breaks " + invalid.rule() + ": " + invalid.detail();
      listener.badOrphan(first.origin(), detail);
    }
    if (invalid.rule() == Rule.TIME_TOO_FAR_INTO_THE_FUTURE && first.origin() > Dag.LOCAL) {
      metrics.blocksFromTheFuture().increment();
      listener.fromTheFuture(first.origin(), first.block().header().timestamp());
    }
    answer(first, reply, "invalid");
    if (invalid.rule().remembered()) {
      orphans.dropDescendants(invalid.hash());
      decided.joined().forEach(other -> answer(other, reply, "invalid"));
    } else {
      // The hash does not commit to what was wrong: the others may have brought it right.
      listener.spoilt(invalid.hash());
      decided.joined().forEach(this::submit);
    }
  }

  private void answerAll(BlocksInFlight.Decided decided, BlockReply reply, String result) {
    answer(decided.first(), reply, result);
    decided.joined().forEach(item -> answer(item, reply, result));
  }

  private void answer(Item item, BlockReply reply, String result) {
    metrics.submission(source(item), result);
    if (item.replyTo() != null) {
      item.replyTo().tell(reply);
    }
    if (item.cause() != null) {
      item.cause().closed();
    }
  }

  private static String source(Item item) {
    if (item.cause() != null) {
      return "orphan";
    }
    return item.origin() == Dag.LOCAL ? "local" : "relay";
  }

  OrphanReply keep(Block block, long origin, int bytes) {
    Hash hash = block.hash();
    if (block.header().directParents().stream().allMatch(this::isInDag)) {
      return new OrphanReply.Ready(hash);
    }
    return orphans.add(new Orphan(block, origin, bytes))
        ? new OrphanReply.Waiting(hash, missingRoots(List.of(block)).getFirst())
        : new OrphanReply.Absent(hash);
  }

  Dag.LookedUp lookUp(List<Hash> hashes) {
    List<Block> waiting = hashes.stream().map(orphans::block).filter(Objects::nonNull).toList();
    Iterator<List<Hash>> next = missingRoots(waiting).iterator();
    List<Dag.Sighting> sightings = new ArrayList<>(hashes.size());
    for (Hash hash : hashes) {
      Optional<List<Hash>> missing =
          orphans.contains(hash) ? Optional.of(next.next()) : Optional.empty();
      sightings.add(new Dag.Sighting(hash, view.status(hash), missing));
    }
    return new Dag.LookedUp(sightings);
  }

  /**
   * Ancestors that nobody is bringing yet, of each block those that were not said of one before.
   * What is on its way in will free what waits for it. Commits wait only while the few that the
   * pool lacks are looked up.
   */
  private List<List<Hash>> missingRoots(List<Block> blocks) {
    if (blocks.isEmpty()) {
      return List.of();
    }
    RootSearch search = new RootSearch(orphans);
    List<List<Hash>> candidates = blocks.stream().map(search::candidates).toList();
    return view.read(
        dag ->
            candidates.stream()
                .map(
                    some ->
                        search.missing(some, hash -> inFlight.contains(hash) || isInDag(dag, hash)))
                .toList());
  }

  private boolean isInDag(Hash hash) {
    return view.read(dag -> isInDag(dag, hash));
  }

  private static boolean isInDag(DagReader dag, Hash hash) {
    int id = dag.id(hash);
    return id != DagReader.NONE && dag.status(id).hasBody();
  }

  void peerLeft(long peer) {
    orphans.ownerLeft(peer);
  }
}
