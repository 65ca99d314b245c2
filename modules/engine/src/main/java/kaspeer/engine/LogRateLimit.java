package kaspeer.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Lets so many log lines of a kind through in a time, and counts the others: of what peers bring
 * about nobody needs to read a million. Safe from any thread.
 */
public final class LogRateLimit {
  /** Kinds are names of ours; who makes more of them than this shares one. */
  private static final int MAX_KINDS = 256;

  private static final class Kind {
    private Instant since;
    private int passed;
    private long withheld;

    Kind(Instant since) {
      this.since = since;
    }
  }

  private final int lines;
  private final Duration window;
  private final InstantSource clock;
  private final Map<String, Kind> kinds = new HashMap<>();

  /**
   * @param lines of one kind within the window
   */
  public LogRateLimit(int lines, Duration window, InstantSource clock) {
    this.lines = lines;
    this.window = window;
    this.clock = clock;
  }

  /**
   * Writes a line, or counts it.
   *
   * @param line given what to end the line with: nothing, or how many of its kind were withheld
   */
  public synchronized void write(String kind, Line line) {
    Instant now = clock.instant();
    Kind known =
        kinds.computeIfAbsent(
            kinds.size() < MAX_KINDS || kinds.containsKey(kind) ? kind : "", _ -> new Kind(now));
    Duration age = Duration.between(known.since, now);
    // A clock that was set back begins a new window: it must not silence a kind for hours.
    if (age.isNegative() || age.compareTo(window) >= 0) {
      known.since = now;
      known.passed = 0;
    }
    if (known.passed >= lines) {
      known.withheld++;
      return;
    }
    known.passed++;
    String more = known.withheld == 0 ? "" : " (" + known.withheld + " more like this before)";
    known.withheld = 0;
    line.write(more);
  }

  /** Writes to the log. */
  public interface Line {
    void write(String more);
  }
}
