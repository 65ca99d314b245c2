package kaspeer.node.log;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Optional;
import kaspeer.admin.LogLevels;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Turns the process's log up and down. */
public final class LogControl implements LogLevels {
  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  @Override
  public List<Entry> list() {
    return context().getLoggerList().stream()
        .flatMap(logger -> own(logger).map(level -> new Entry(logger.getName(), level)).stream())
        .toList();
  }

  @Override
  public Outcome set(String name, Optional<Level> level) {
    Logger logger = find(name);
    if (logger == null) {
      return new Outcome.Refused(
          "nothing that logs is called " + name + ", nor has a name that begins so");
    }
    Optional<Level> before = own(logger);
    if (before.equals(level)) {
      return new Outcome.Refused(
          "the level of "
              + name
              + " is "
              + level.map(Level::text).orElse("its parent's")
              + " already");
    }
    if (level.isEmpty() && name.equals(org.slf4j.Logger.ROOT_LOGGER_NAME)) {
      return new Outcome.Refused("there is no parent of ROOT");
    }
    logger.setLevel(level.map(to -> ch.qos.logback.classic.Level.toLevel(to.name())).orElse(null));
    return new Outcome.Changed(name, before, level);
  }

  /** A name that nothing has would be a change without effect. */
  private static @Nullable Logger find(String name) {
    boolean known =
        context().getLoggerList().stream()
            .map(Logger::getName)
            .anyMatch(present -> present.equals(name) || present.startsWith(name + "."));
    return known ? context().getLogger(name) : null;
  }

  private static Optional<Level> own(Logger logger) {
    return Optional.ofNullable(logger.getLevel()).map(level -> Level.valueOf(level.toString()));
  }
}
