package kaspeer.node.log;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long the present stage of a sync will take, if it goes on as it went since it was first seen.
 */
final class TimeLeft {
  /** Before so much of a stage was seen, nobody can tell. */
  private static final double ENOUGH = 0.01;

  private static final double ENOUGH_SECONDS = 3;
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private String stage = "";
  private double firstProgress;
  private long firstNanos;
  private double seconds = Double.NaN;

  /**
   * How far it is now.
   *
   * @param progress of the stage, 0 to 1
   * @param nanos of a clock that never goes back
   */
  void note(String stage, double progress, long nanos) {
    if (!stage.equals(this.stage) || progress < firstProgress) {
      this.stage = stage;
      firstProgress = progress;
      firstNanos = nanos;
    }
    double done = progress - firstProgress;
    double taken = (nanos - firstNanos) / NANOS;
    seconds = done < ENOUGH || taken < ENOUGH_SECONDS ? Double.NaN : (1 - progress) * taken / done;
  }

  /** In words; empty while nobody can tell. */
  String text() {
    if (Double.isNaN(seconds)) {
      return "";
    }
    if (seconds < 90) {
      return String.format(Locale.ROOT, "%.0f s left", seconds);
    }
    return seconds < TimeUnit.MINUTES.toSeconds(90)
        ? String.format(Locale.ROOT, "%.0f min left", seconds / TimeUnit.MINUTES.toSeconds(1))
        : String.format(Locale.ROOT, "%.1f h left", seconds / TimeUnit.HOURS.toSeconds(1));
  }
}
