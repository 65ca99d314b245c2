package kaspeer.engine.sync;

import org.jspecify.annotations.Nullable;

/**
 * The sync at one moment.
 *
 * @param state what the node is doing
 * @param peer number of the leading peer's connection, or null
 * @param stage {@code negotiation}, {@code headers}, {@code bodies}, or empty when not syncing
 * @param progress 0 to 1 of the present stage, by DAA score
 * @param headersPerSecond over the last seconds
 * @param stalls times a peer was replaced since the start of the node
 * @param sinkStuck whether bodies keep coming and the sink does not move: the selected chain goes
 *     through a block that this node cannot judge, and the node is not synced whatever it has
 */
public record SyncStatus(
    State state,
    @Nullable Long peer,
    String stage,
    double progress,
    double headersPerSecond,
    double blocksPerSecond,
    long stalls,
    boolean sinkStuck) {
  /** What the node is doing. */
  public enum State {
    /**
     * Nobody to sync from, or nothing known to be missing and no reason to believe that nothing is.
     */
    WAITING,
    /** A sync is under way, and the node was not synced when it began. */
    SYNCING,
    /**
     * Nothing is known to be missing, and either the sink is young (protocol reference 8.3) or the
     * blocks that peers announced last are here with their bodies. The latter holds whatever the
     * timestamps, so that a network at rest counts as synced.
     */
    SYNCED
  }

  /** With a sink that is not stuck. */
  public SyncStatus(
      State state,
      @Nullable Long peer,
      String stage,
      double progress,
      double headersPerSecond,
      double blocksPerSecond,
      long stalls) {
    this(state, peer, stage, progress, headersPerSecond, blocksPerSecond, stalls, false);
  }

  public static final SyncStatus WAITING = new SyncStatus(State.WAITING, null, "", 0, 0, 0, 0);
}
