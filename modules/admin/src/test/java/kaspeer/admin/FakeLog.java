package kaspeer.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A log of which only the levels are there. */
public final class FakeLog implements LogLevels {
  private final Map<String, Level> levels =
      new ConcurrentSkipListMap<>(Map.of("ROOT", Level.WARN, "kaspeer", Level.INFO));

  @Override
  public List<Entry> list() {
    return levels.entrySet().stream()
        .map(entry -> new Entry(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public Outcome set(String logger, Optional<Level> level) {
    Optional<Level> before = Optional.ofNullable(levels.get(logger));
    if (before.equals(level)) {
      return new Outcome.Refused(logger + " has this level already");
    }
    level.ifPresentOrElse(to -> levels.put(logger, to), () -> levels.remove(logger));
    return new Outcome.Changed(logger, before, level);
  }
}
