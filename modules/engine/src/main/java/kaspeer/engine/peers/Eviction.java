package kaspeer.engine.peers;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import org.jspecify.annotations.Nullable;

/**
 * Which inbound peer makes room when all slots are taken. Peers are kept that have something which
 * is hard to forge: a short way to us, a record of having brought what we did not know, a long
 * stay. Of those that are left, the newest one goes of the network that has the most: whoever wants
 * all slots must hold addresses in as many networks as everybody else together.
 */
final class Eviction {
  /** One in so many is kept for its ping, and as many for what it brought. */
  private static final int SHARE = 8;

  /**
   * An inbound peer that could go.
   *
   * @param ping shortest round trip, or null before the first
   * @param useful blocks and transactions it was first to bring
   */
  record Candidate(
      long number, InetAddress address, Instant connectedAt, @Nullable Duration ping, long useful) {
    private IpRange group() {
      return NetGroup.of(address);
    }
  }

  private Eviction() {}

  /** The one to go; none if all are worth keeping. */
  static OptionalLong choose(List<Candidate> inbound) {
    List<Candidate> left = new ArrayList<>(inbound);
    int share = Math.max(1, inbound.size() / SHARE);
    protect(
        left,
        share,
        Comparator.comparing(Candidate::ping, Comparator.nullsLast(Comparator.naturalOrder())),
        candidate -> candidate.ping() != null);
    protect(
        left,
        share,
        Comparator.comparingLong(Candidate::useful).reversed(),
        candidate -> candidate.useful() > 0);
    protect(left, left.size() / 2, Comparator.comparing(Candidate::connectedAt), _ -> true);
    Map<IpRange, Integer> sizes = new HashMap<>();
    left.forEach(candidate -> sizes.merge(candidate.group(), 1, Integer::sum));
    return left.stream()
        .max(
            Comparator.comparingInt(
                    (Candidate candidate) -> sizes.getOrDefault(candidate.group(), 0))
                .thenComparing(Candidate::connectedAt)
                .thenComparingLong(Candidate::number))
        .map(candidate -> OptionalLong.of(candidate.number()))
        .orElse(OptionalLong.empty());
  }

  private static void protect(
      List<Candidate> left,
      int count,
      Comparator<Candidate> bestFirst,
      Predicate<Candidate> worthy) {
    left.removeAll(left.stream().filter(worthy).sorted(bestFirst).limit(count).toList());
  }
}
