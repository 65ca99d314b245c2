package kaspeer.engine.dial;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** When which DNS seeders are asked (protocol reference 7.1). Plain state. */
final class Seeding {
  /** Seeders are asked no more often than this. */
  static final Duration INTERVAL = Duration.ofSeconds(30);

  private final List<String> seeders;
  private final RandomGenerator random;
  private Instant lastAt = Instant.MIN;

  Seeding(List<String> seeders, RandomGenerator random) {
    this.seeders = seeders;
    this.random = random;
  }

  /**
   * Those to ask now: if few peers are missing, one, whichever; if many are, all of them.
   *
   * @param missing outbound peers that are not there
   * @param target outbound peers wanted
   */
  List<String> due(int missing, int target, Instant now) {
    if (missing <= 0 || seeders.isEmpty() || lastAt.plus(INTERVAL).isAfter(now)) {
      return List.of();
    }
    lastAt = now;
    return missing > target / 2 ? seeders : List.of(seeders.get(random.nextInt(seeders.size())));
  }
}
