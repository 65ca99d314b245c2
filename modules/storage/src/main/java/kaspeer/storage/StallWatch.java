package kaspeer.storage;

/**
 * A write that RocksDB has no room for in its buffers yet: how long to wait, and whether waiting is
 * of use. Of one write.
 *
 * <p>RocksDB counts failures of its background work and never takes one back, also when it went on
 * by itself: that there was one says nothing of now.
 */
final class StallWatch {
  /** How long a write waits while writing out fails, or while nothing is done after a failure. */
  static final long MAX_FAILING_NANOS = 2_000_000_000;

  private static final long FIRST_PAUSE_NANOS = 1_000_000;

  /**
   * Each refused try moves on the moment at which RocksDB's own limit of its rate would let a write
   * through, so that too many of them keep it out.
   */
  static final long MAX_PAUSE_NANOS = 50_000_000;

  private final long begun;
  private final long errorsBefore;
  private long idleSince;
  private long pause = FIRST_PAUSE_NANOS;

  /**
   * @param now in nanoseconds
   * @param errors failures of background work up to now
   */
  StallWatch(long now, long errors) {
    this.begun = now;
    this.idleSince = now;
    this.errorsBefore = errors;
  }

  /**
   * Whether buffers are not being written out: that failed meanwhile, or it failed some time ago
   * and nothing has been tried since, as RocksDB does on a full disk.
   *
   * @param working whether buffers or files are being written now
   */
  boolean isHopeless(long now, long errors, boolean working) {
    if (working) {
      idleSince = now;
    }
    if (now - begun <= MAX_FAILING_NANOS) {
      return false;
    }
    return errors > errorsBefore || (errors > 0 && now - idleSince > MAX_FAILING_NANOS);
  }

  /** How long to wait before the next try, in nanoseconds. */
  long nextPause() {
    long now = pause;
    pause = Math.min(MAX_PAUSE_NANOS, 2 * pause);
    return now;
  }
}
