package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.dag.Dag;
import kaspeer.primitives.Hash;

/**
 * Makes a new snapshot after each commit. The virtual block is found anew only when bodies came.
 * The committer's.
 */
final class StatePublisher {
  private final DagMemory memory;
  private final Dag dag;
  private final VirtualResolver resolver;
  private final PipelineMetrics metrics;
  private final Tips tips;
  private long blockCount;
  private boolean bodiesCame = true;

  /**
   * @param tips of the bodies in memory
   * @param blockCount blocks with bodies, without genesis
   */
  StatePublisher(
      DagMemory memory,
      VirtualResolver resolver,
      PipelineMetrics metrics,
      Tips tips,
      long blockCount) {
    this.memory = memory;
    this.dag = memory.dag();
    this.resolver = resolver;
    this.metrics = metrics;
    this.tips = tips;
    this.blockCount = blockCount;
  }

  /** Notes that a block has its body now. */
  void bodyAdded(int id, int[] parents) {
    tips.add(id, parents);
    blockCount++;
    bodiesCame = true;
  }

  /**
   * Publishes the state as of now.
   *
   * @param newHeaders how many headers came without bodies
   * @return what there is to tell of it
   */
  List<DagEvent> publish(int newHeaders) {
    DagState before = memory.state();
    DagState.Tip headersTip = DagState.Tip.of(dag, dag.headersTip());
    DagState state = bodiesCame ? resolve(headersTip) : withHeaders(before, headersTip);
    bodiesCame = false;
    memory.publish(state);
    List<DagEvent> events = new ArrayList<>(3);
    if (newHeaders > 0) {
      events.add(new DagEvent.HeadersAdded(newHeaders, headersTip));
    }
    if (!state.sink().hash().equals(before.sink().hash())) {
      events.add(new DagEvent.SinkChanged(before.sink(), state.sink()));
    }
    events.add(new DagEvent.StateChanged(state));
    return events;
  }

  private DagState resolve(DagState.Tip headersTip) {
    long start = System.nanoTime();
    int[] ids = tips.toArray();
    VirtualResolver.Virtual virtual = resolver.resolve(ids);
    memory.change(
        () -> {
          memory.chain().moveTo(virtual.sink());
          return virtual;
        });
    List<Hash> tipHashes = new ArrayList<>(ids.length);
    for (int id : ids) {
      tipHashes.add(dag.blocks().hash(id));
    }
    metrics.virtual(start);
    return new DagState(
        dag.blocks().count() - 1,
        blockCount,
        tipHashes,
        DagState.Tip.of(dag, virtual.sink()),
        headersTip,
        virtual.parents(),
        virtual.daaScore(),
        virtual.bits(),
        virtual.pastMedianTime(),
        dag.blocks().hash(0),
        virtual.mergeRootWork());
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
        before.mergeDepthRootWork());
  }
}
