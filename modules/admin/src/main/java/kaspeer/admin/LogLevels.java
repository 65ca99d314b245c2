package kaspeer.admin;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The node's log, as far as an operator may turn it up and down. Safe from any thread. */
public interface LogLevels {
  /** From the fewest words to the most. */
  enum Level {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /** Its name on the outside. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A logger with a level of its own.
   *
   * @param logger its name; {@code ROOT} is above all others
   */
  record Entry(String logger, Level level) {}

  /** What became of a change. */
  sealed interface Outcome {
    /**
     * @param before its own level, empty if it had its parent's
     * @param after likewise
     */
    record Changed(String logger, Optional<Level> before, Optional<Level> after)
        implements Outcome {}

    /** Everything is as it was. */
    record Refused(String why) implements Outcome {}
  }

  /** Loggers with levels of their own. */
  List<Entry> list();

  /**
   * Changes a level.
   *
   * @param level empty to let the logger have its parent's
   */
  Outcome set(String logger, Optional<Level> level);
}
