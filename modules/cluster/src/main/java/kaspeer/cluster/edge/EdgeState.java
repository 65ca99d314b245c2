package kaspeer.cluster.edge;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.DagSnapshot;

/** What an edge knows of the DAG it uses, for everybody. Safe from any thread. */
public final class EdgeState {
  private static final SyncStatus SYNCED =
      new SyncStatus(SyncStatus.State.SYNCED, null, "", 1, 0, 0, 0);

  private final AtomicReference<DagSnapshot> snapshot;
  private volatile String core = "";
  private volatile boolean synced;
  private volatile boolean open;

  /**
   * @param genesis the DAG before anything is known of it
   */
  public EdgeState(DagSnapshot genesis) {
    this.snapshot = new AtomicReference<>(genesis);
  }

  public DagSnapshot snapshot() {
    return Objects.requireNonNull(snapshot.get());
  }

  /** The address of the core in use; empty if there is none. */
  public String core() {
    return core;
  }

  /** Whether peers are taken in: a core is in use, or was until lately. */
  public boolean isOpen() {
    return open;
  }

  public boolean isSynced() {
    return synced && !core.isEmpty();
  }

  /** As far as an edge can tell. */
  public SyncStatus syncStatus() {
    return isSynced() ? SYNCED : SyncStatus.WAITING;
  }

  void snapshot(DagSnapshot now) {
    snapshot.set(now);
  }

  void synced(boolean now) {
    synced = now;
  }

  void core(String now) {
    core = now;
  }

  void open(boolean now) {
    open = now;
  }
}
