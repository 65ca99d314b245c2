package kaspeer.primitives;

import java.util.ArrayList;
import java.util.List;

/**
 * A header's parents at each block level, run-length compressed as on the wire: neighbouring levels
 * with the same parents form one run (consensus reference 1.3).
 *
 * @param runs in order of level; the first holds the direct parents. Empty only for genesis
 */
public record ParentsByLevel(List<Run> runs) {
  /** Most levels a header can list. */
  public static final int MAX_LEVELS = 255;

  /** Most parents of all levels together, counted level by level. */
  public static final int MAX_EXPANDED = 255 * 2048;

  public static final ParentsByLevel NONE = new ParentsByLevel(List.of());

  /**
   * Levels from the end of the run before up to {@code endLevel} - 1 have these parents.
   *
   * @param endLevel 1 to 255
   */
  public record Run(int endLevel, List<Hash> parents) {
    public Run {
      parents = List.copyOf(parents);
    }
  }

  /**
   * @throws IllegalArgumentException if end levels do not rise from 1 on or pass 255, two
   *     neighbouring runs are equal, or all levels together have more than {@link #MAX_EXPANDED}
   *     parents
   */
  public ParentsByLevel {
    runs = List.copyOf(runs);
    int previous = 0;
    long expanded = 0;
    List<Hash> before = null;
    for (Run run : runs) {
      if (run.endLevel <= previous || run.endLevel > MAX_LEVELS) {
        throw new IllegalArgumentException(
            "level counts must rise from 1 to at most 255, got " + run.endLevel);
      }
      if (run.parents.equals(before)) {
        throw new IllegalArgumentException(
            "neighbouring levels with the same parents must share a run");
      }
      expanded += (long) (run.endLevel - previous) * run.parents.size();
      previous = run.endLevel;
      before = run.parents;
    }
    if (expanded > MAX_EXPANDED) {
      throw new IllegalArgumentException(
          expanded + " parents over all levels, at most " + MAX_EXPANDED);
    }
  }

  /** Compresses a list of levels, level 0 first. */
  public static ParentsByLevel ofLevels(List<List<Hash>> levels) {
    List<Run> runs = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      boolean last = level + 1 == levels.size() || !levels.get(level + 1).equals(levels.get(level));
      if (last) {
        runs.add(new Run(level + 1, levels.get(level)));
      }
    }
    return new ParentsByLevel(runs);
  }

  /** Number of levels listed. */
  public int levels() {
    return runs.isEmpty() ? 0 : runs.getLast().endLevel;
  }

  /** Parents at level 0; empty for genesis. */
  public List<Hash> direct() {
    return runs.isEmpty() ? List.of() : runs.getFirst().parents;
  }

  /**
   * Parents at a listed level.
   *
   * @param level 0 to {@link #levels()} - 1
   */
  public List<Hash> at(int level) {
    for (Run run : runs) {
      if (level < run.endLevel) {
        return run.parents;
      }
    }
    throw new IndexOutOfBoundsException(level);
  }

  /** All levels, level 0 first. */
  public List<List<Hash>> toLevels() {
    List<List<Hash>> levels = new ArrayList<>(levels());
    for (Run run : runs) {
      while (levels.size() < run.endLevel) {
        levels.add(run.parents);
      }
    }
    return levels;
  }
}
