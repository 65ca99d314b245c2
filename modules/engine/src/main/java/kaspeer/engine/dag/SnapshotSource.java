package kaspeer.engine.dag;

import java.util.function.Supplier;
import kaspeer.consensus.DagState;
import kaspeer.consensus.DagView;
import kaspeer.flow.dag.DagSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The DAG's latest state for those who may not import the consensus. Converted once for each state,
 * when asked for.
 */
public final class SnapshotSource implements Supplier<DagSnapshot> {
  private record Converted(DagState state, DagSnapshot snapshot) {}

  private final DagView view;
  private volatile @Nullable Converted latest;

  public SnapshotSource(DagView view) {
    this.view = view;
  }

  @Override
  @SuppressWarnings(
      "ReferenceEquality") // A state is published once: another one is another object, and to
  // compare all of it costs more.
  public DagSnapshot get() {
    DagState state = view.state();
    Converted known = latest;
    if (known != null && known.state == state) {
      return known.snapshot;
    }
    DagSnapshot snapshot = convert(state);
    latest = new Converted(state, snapshot);
    return snapshot;
  }

  private static DagSnapshot convert(DagState state) {
    return new DagSnapshot(
        state.headerCount(),
        state.blockCount(),
        state.tips(),
        convert(state.sink()),
        convert(state.headersTip()),
        state.virtualParents(),
        state.virtualDaaScore(),
        state.virtualBits(),
        state.pastMedianTime(),
        state.pruningPoint(),
        state.mergeDepthRootWork());
  }

  private static DagSnapshot.Tip convert(DagState.Tip tip) {
    return new DagSnapshot.Tip(
        tip.hash(), tip.blueScore(), tip.blueWork(), tip.daaScore(), tip.timestamp());
  }
}
