package kaspeer.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.PruningPoint;
import kaspeer.consensus.utxo.UtxoChain;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Finds the virtual block anew when bodies came, and publishes a snapshot when that is stored. The
 * committer's.
 */
final class StatePublisher {
  /**
   * Tips that are published, of all and of those that violate finality. A healthy network has some
   * ten; what is told of them, to edges too, must not grow with what came too late to be merged.
   */
  static final int MAX_TIPS = 256;

  private final DagMemory memory;
  private final Dag dag;
  private final VirtualResolver resolver;
  private final @Nullable UtxoChain chain;
  private final PipelineMetrics metrics;
  private final Tips tips;
  private final PruningPoint pruningPoint;
  private final boolean tellChain;
  private long blockCount;
  private boolean bodiesCame = true;

  /** What was found and is not published yet, and what there is to tell of it. */
  private VirtualResolver.@Nullable Virtual found;

  private List<ConsensusEvent> news = List.of();
  private boolean published;

  /** The finality point for which tips were laid aside; NONE for those of a start. */
  private int asideOf = Blocks.NONE;

  /** Blocks that the chain was told to stop at. */
  private final Set<Integer> toldStops = new HashSet<>();

  /** Those of the tips that were told to violate finality. */
  private final Set<Integer> toldViolations = new HashSet<>();

  /**
   * @param chain null without UTXO validation
   * @param tips of the bodies in memory
   * @param blockCount blocks with bodies, without genesis
   * @param tellChain whether anybody hears of changes of the selected chain
   */
  StatePublisher(
      DagMemory memory,
      VirtualResolver resolver,
      @Nullable UtxoChain chain,
      PipelineMetrics metrics,
      Tips tips,
      long blockCount,
      boolean tellChain) {
    this.memory = memory;
    this.dag = memory.dag();
    this.resolver = resolver;
    this.chain = chain;
    this.metrics = metrics;
    this.tips = tips;
    this.blockCount = blockCount;
    this.tellChain = tellChain;
    this.pruningPoint = new PruningPoint(dag);
  }

  /** Notes that a block has its body now. */
  void bodyAdded(int id, int[] parents) {
    tips.add(id, parents);
    blockCount++;
    bodiesCame = true;
  }

  /** Has the virtual block found anew: the UTXO state was moved. */
  void utxoStateMoved() {
    bodiesCame = true;
  }

  /** Finds the virtual block if that may have changed; with it moves the UTXO state. */
  void resolve() {
    if (bodiesCame) {
      long start = System.nanoTime();
      found = resolver.resolve(considered());
      pruningPoint.follow(found.sink());
      bodiesCame = false;
      news = news(found);
      metrics.virtual(start);
    }
  }

  /**
   * The tips, without those that virtual can do nothing with: the sink has at least the finality
   * point's work, so that what has less and is not above it can neither be followed nor merged, nor
   * does it violate finality. Should the finality point go to another place than further up, all
   * are looked at again.
   */
  private int[] considered() {
    int point = resolver.finalityPoint();
    if (point != asideOf) {
      if (asideOf == Blocks.NONE || !dag.reachability().isDagAncestor(asideOf, point)) {
        tips.takeBack();
      }
      asideOf = point;
    }
    tips.layAside(
        tip ->
            dag.blocks().compareWork(tip, point) < 0
                && !dag.reachability().isDagAncestor(point, tip));
    return tips.toArray();
  }

  /** Whether {@link #resolve} has something to do. */
  boolean isToBeFound() {
    return bodiesCame;
  }

  /** What the selected chain had to contain when the virtual block was last found. */
  int finalityPoint() {
    return resolver.usedFinalityPoint();
  }

  /** What every new header must have in its past. */
  int pruningPoint() {
    return pruningPoint.id();
  }

  /** The virtual block if it was found anew since the last publication. */
  VirtualResolver.@Nullable Virtual found() {
    return found;
  }

  /**
   * Publishes the state as of now, which is stored.
   *
   * @param newHeaders how many headers came without bodies
   * @return what there is to tell of it
   */
  List<ConsensusEvent> publish(int newHeaders) {
    DagState before = memory.state();
    DagState.Tip headersTip = DagState.Tip.of(dag, dag.headersTip());
    VirtualResolver.Virtual virtual = found;
    found = null;
    List<ConsensusEvent> events = new ArrayList<>();
    if (newHeaders > 0) {
      events.add(new ConsensusEvent.HeadersAdded(newHeaders, headersTip));
    }
    DagState state;
    if (virtual == null) {
      state = withHeaders(before, headersTip);
    } else {
      state = of(virtual, headersTip);
      events.addAll(news);
      memory.change(
          () -> {
            memory.chain().moveTo(virtual.sink());
            return virtual;
          });
    }
    memory.publish(state);
    news = List.of();
    published = true;
    if (!state.sink().hash().equals(before.sink().hash())) {
      events.add(new ConsensusEvent.SinkChanged(before.sink(), state.sink()));
    }
    events.add(new ConsensusEvent.StateChanged(state));
    return events;
  }

  /** What there is to tell of the chain, before what is kept of it in memory is stored. */
  private List<ConsensusEvent> news(VirtualResolver.Virtual virtual) {
    List<ConsensusEvent> events = new ArrayList<>();
    if (published) { // nobody is here yet to hear what a start finds
      addViolations(events, virtual.sink());
    }
    if (chain != null) {
      addNews(events, chain, virtual);
    }
    return events;
  }

  private void addViolations(List<ConsensusEvent> events, int sink) {
    int[] tipIds = tips.toArray();
    toldViolations.retainAll(Arrays.stream(tipIds).boxed().toList());
    for (int tip : resolver.violatingFinality(tipIds, sink)) {
      if (toldViolations.add(tip)) {
        events.add(new ConsensusEvent.FinalityViolated(dag.blocks().hash(tip)));
      }
    }
  }

  private void addNews(
      List<ConsensusEvent> events, UtxoChain utxoChain, VirtualResolver.Virtual virtual) {
    int sink = virtual.sink();
    for (UtxoChain.Disqualification disqualified : utxoChain.takeDisqualified()) {
      events.add(
          new ConsensusEvent.BlockDisqualified(
              dag.blocks().hash(disqualified.block()), disqualified.rule(), disqualified.detail()));
    }
    UtxoChain.Disqualification stopped = virtual.stopped();
    if (stopped != null && published && toldStops.add(stopped.block())) {
      events.add(
          new ConsensusEvent.ChainStopped(dag.blocks().hash(stopped.block()), stopped.detail()));
    }
    int old = memory.chain().sink();
    // What a start finds was told before, or nobody was here to hear it.
    if (tellChain && published && sink != old) {
      events.add(chainChanged(utxoChain, old, sink));
    }
  }

  private ConsensusEvent.ChainChanged chainChanged(UtxoChain utxoChain, int old, int sink) {
    List<Hash> removed = new ArrayList<>();
    int split = old;
    while (!dag.reachability().isChainAncestor(split, sink)) {
      removed.add(dag.blocks().hash(split));
      split = dag.blocks().selectedParent(split);
    }
    int[] path = new int[dag.reachability().height(sink) - dag.reachability().height(split)];
    int next = sink;
    for (int i = path.length - 1; i >= 0; i--) {
      path[i] = next;
      next = dag.blocks().selectedParent(next);
    }
    List<BlockAcceptance> added =
        ChainChangeLimit.of(path, dag.blocks()::hash, utxoChain::acceptance, ChainChangeLimit.MAX);
    return new ConsensusEvent.ChainChanged(removed, added);
  }

  private DagState of(VirtualResolver.Virtual virtual, DagState.Tip headersTip) {
    int[] ids = tips.toArray();
    return new DagState(
        dag.blocks().count() - 1,
        blockCount,
        toldTips(ids),
        DagState.Tip.of(dag, virtual.sink()),
        headersTip,
        virtual.parents(),
        virtual.daaScore(),
        virtual.bits(),
        virtual.pastMedianTime(),
        dag.blocks().hash(pruningPoint.id()),
        virtual.mergeRootWork(),
        hashes(heaviest(resolver.violatingFinality(ids, virtual.sink()))),
        stop(virtual.stopped()));
  }

  /** Those of most work if there are many, then some of those laid aside, if there is room. */
  private List<Hash> toldTips(int[] ids) {
    List<Hash> told = hashes(heaviest(ids));
    told.addAll(hashes(tips.aside(MAX_TIPS - told.size())));
    return told;
  }

  private int[] heaviest(int[] ids) {
    if (ids.length <= MAX_TIPS) {
      return ids;
    }
    int[] sorted = ids.clone();
    dag.blocks().sortByWork(sorted, sorted.length);
    return Arrays.copyOfRange(sorted, sorted.length - MAX_TIPS, sorted.length);
  }

  private List<Hash> hashes(int[] ids) {
    List<Hash> hashes = new ArrayList<>(ids.length);
    for (int id : ids) {
      hashes.add(dag.blocks().hash(id));
    }
    return hashes;
  }

  private DagState.@Nullable Stop stop(UtxoChain.@Nullable Disqualification stopped) {
    return stopped == null
        ? null
        : new DagState.Stop(dag.blocks().hash(stopped.block()), stopped.detail());
  }

  private DagState withHeaders(DagState before, DagState.Tip headersTip) {
    return new DagState(
        dag.blocks().count() - 1,
        blockCount,
        before.tips(),
        before.sink(),
        headersTip,
        before.virtualParents(),
        before.virtualDaaScore(),
        before.virtualBits(),
        before.pastMedianTime(),
        before.pruningPoint(),
        before.mergeDepthRootWork(),
        before.violatingFinality(),
        before.stopped());
  }
}
