package kaspeer.engine.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import kaspeer.flow.dag.DagSnapshot;

/**
 * Rates over the last seconds and the progress of the present stage, all from the DAG's own counts.
 */
final class SyncProgress {
  /** Over which rates are taken. */
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private record Sample(Instant at, DagSnapshot snapshot) {}

  private final Deque<Sample> samples = new ArrayDeque<>();
  private Instant stageStarted = Instant.EPOCH;
  private long stageFrom;
  private long stageFromTime;
  private long stageTo;

  /** Takes the DAG's counts; about once a second. */
  void sample(Instant now, DagSnapshot snapshot) {
    samples.addLast(new Sample(now, snapshot));
    while (samples.size() > 2 && samples.getFirst().at.plus(WINDOW).isBefore(now)) {
      samples.removeFirst();
    }
  }

  double headersPerSecond() {
    return perSecond(
        samples.getLast().snapshot.headerCount() - samples.getFirst().snapshot.headerCount());
  }

  double blocksPerSecond() {
    return perSecond(
        samples.getLast().snapshot.blockCount() - samples.getFirst().snapshot.blockCount());
  }

  private double perSecond(long items) {
    long millis = Duration.between(samples.getFirst().at, samples.getLast().at).toMillis();
    return millis <= 0 ? 0 : Math.max(0, items * 1000.0 / millis);
  }

  /**
   * A stage begins.
   *
   * @param from what it starts from
   * @param toDaaScore of the block it leads to, or 0 if that is not known
   */
  void begin(Instant now, DagSnapshot.Tip from, long toDaaScore) {
    stageStarted = now;
    stageFrom = from.daaScore();
    stageFromTime = from.timestamp();
    stageTo = toDaaScore;
  }

  /** The end of the stage lies further than was known. */
  void raise(long toDaaScore) {
    stageTo = Math.max(stageTo, toDaaScore);
  }

  /**
   * 0 to 1: by DAA score or, where the end's is not known, by timestamps, the end then being now.
   *
   * @param at how far the stage has come
   */
  double fraction(Instant now, DagSnapshot.Tip at) {
    boolean byScore = stageTo > stageFrom;
    double whole = byScore ? stageTo - stageFrom : now.toEpochMilli() - stageFromTime;
    double done = byScore ? at.daaScore() - stageFrom : at.timestamp() - stageFromTime;
    return whole <= 0 ? 0 : Math.clamp(done / whole, 0, 1);
  }

  /** How long the stage will take from now on, if it goes on like this. */
  Optional<Duration> remaining(Instant now, double fraction) {
    Duration spent = Duration.between(stageStarted, now);
    if (fraction <= 0 || spent.compareTo(Duration.ofSeconds(1)) < 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(Math.round(spent.toMillis() * (1 - fraction) / fraction)));
  }
}
