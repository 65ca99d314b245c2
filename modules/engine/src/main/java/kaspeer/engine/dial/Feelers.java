package kaspeer.engine.dial;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When an address is dialled only to see whether it answers. That is how the book has addresses it
 * can rely on before a peer is lost, and how it finds out who of its tried ones is gone: otherwise
 * it would learn of as many as we need peers, and gossip would be all it knows. At times that
 * nobody can foresee, and one after another. Plain state.
 */
final class Feelers {
  /** Between two of them, on average. */
  static final Duration INTERVAL = Duration.ofMinutes(2);

  /** In intervals; waits are distributed exponentially, which knows no end. */
  private static final double LONGEST = 5;

  private final RandomGenerator random;
  private final Set<InetSocketAddress> underWay = new HashSet<>();
  private @Nullable Instant next;

  Feelers(RandomGenerator random) {
    this.random = random;
  }

  /** Whether it is time for one; then not again for a while. */
  boolean isDue(Instant now) {
    if (next != null && now.isBefore(next)) {
      return false;
    }
    boolean first = next == null;
    double wait = Math.min(LONGEST, -Math.log(1 - random.nextDouble()));
    next = now.plusMillis(Math.round(INTERVAL.toMillis() * wait));
    return !first && underWay.isEmpty();
  }

  void began(InetSocketAddress address) {
    underWay.add(address);
  }

  void ended(InetSocketAddress address) {
    underWay.remove(address);
  }

  boolean contains(InetSocketAddress address) {
    return underWay.contains(address);
  }
}
