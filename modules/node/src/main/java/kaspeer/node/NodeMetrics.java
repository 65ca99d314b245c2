package kaspeer.node;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusMetrics;
import kaspeer.consensus.DagState;
import kaspeer.engine.RunningEngine;
import kaspeer.engine.metrics.Metrics;
import kaspeer.engine.sync.SyncStatus;

/** Metrics of the DAG, the sync and the build, read when they are scraped. */
final class NodeMetrics {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private NodeMetrics() {}

  /** What every node has, also one without a DAG of its own. */
  static void register(Metrics metrics) {
    metrics.gauges(
        "kaspeer_build_info",
        "The version that runs.",
        () -> Map.of(Version.current(), 1.0),
        "version");
  }

  static void register(
      Metrics metrics, Consensus consensus, RunningEngine engine, InstantSource clock) {
    metrics.gauge(
        "kaspeer_dag_headers", "Headers, without genesis.", () -> consensus.state().headerCount());
    metrics.gauge(
        "kaspeer_dag_blocks",
        "Blocks with bodies, without genesis.",
        () -> consensus.state().blockCount());
    metrics.gauge(
        "kaspeer_dag_tips",
        "Blocks that no other block has as a parent; at most 256.",
        () -> consensus.state().tips().size());
    metrics.gauge(
        "kaspeer_dag_sink_blue_score",
        "Blue score of the sink.",
        () -> consensus.state().sink().blueScore());
    metrics.gauge(
        "kaspeer_dag_virtual_daa_score",
        "DAA score of a block made now.",
        () -> consensus.state().virtualDaaScore());
    metrics.gauge(
        "kaspeer_dag_sink_lag_seconds", "Age of the sink.", () -> lag(consensus.state(), clock));
    metrics.gauge(
        "kaspeer_dag_chain_stopped",
        "1 if the selected chain ends below a block that this version cannot judge.",
        () -> consensus.state().stopped() == null ? 0 : 1);
    metrics.gauge(
        "kaspeer_dag_memory_bytes",
        "Memory that the DAG takes.",
        () -> consensus.metrics().memoryBytes());
    metrics.gauges(
        "kaspeer_dag_stage_seconds",
        "Time spent in each stage of the pipeline since the start.",
        () -> stages(consensus.metrics()),
        "stage");
    metrics.gauge(
        "kaspeer_ibd_active",
        "Whether a sync is under way.",
        () -> engine.syncStatus().state() == SyncStatus.State.SYNCING ? 1 : 0);
    metrics.gauge(
        "kaspeer_ibd_progress",
        "Of the present stage, 0 to 1.",
        () -> engine.syncStatus().progress());
    metrics.gauge(
        "kaspeer_ibd_stalls",
        "Peers replaced in syncs since the start.",
        () -> engine.syncStatus().stalls());
  }

  private static double lag(DagState state, InstantSource clock) {
    return (clock.millis() - state.sink().timestamp()) / MILLIS;
  }

  private static Map<String, Double> stages(ConsensusMetrics metrics) {
    Map<String, Double> stages = new LinkedHashMap<>();
    stages.put("isolation", metrics.isolationNanos() / NANOS);
    stages.put("ghostdag", metrics.ghostdagNanos() / NANOS);
    stages.put("windows", metrics.windowNanos() / NANOS);
    stages.put("levels", metrics.levelNanos() / NANOS);
    stages.put("insertion", metrics.insertionNanos() / NANOS);
    stages.put("body_context", metrics.bodyContextNanos() / NANOS);
    stages.put("virtual", metrics.virtualNanos() / NANOS);
    stages.put("store", metrics.storeNanos() / NANOS);
    return stages;
  }
}
