package kaspeer.engine.addresses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import kaspeer.wire.NetAddress;

/**
 * Chooses whom to dial. Each network counts as much as any other however many addresses it has in
 * the book; within one, and between them, addresses that answered before are preferred and those
 * that failed put back (protocol reference 7.2 has the weights, by which one failure counts 64
 * times).
 */
final class DialCandidates {
  private static final double FAILURE_FACTOR = 64;
  private static final int MAX_EXPONENT = 4;

  /** An address that was never reached counts as one with this many failures. */
  private static final double UNTRIED_PENALTY = 8;

  private record Drawn(KnownAddress known, double ticket) {}

  private DialCandidates() {}

  /**
   * At most {@code count} addresses that pass, best first.
   *
   * @param diverse whether they must be from different networks
   */
  static List<NetAddress> choose(
      Collection<KnownAddress> book,
      int count,
      Predicate<KnownAddress> allowed,
      boolean diverse,
      RandomGenerator random) {
    List<KnownAddress> eligible = book.stream().filter(allowed).toList();
    Map<IpRange, Integer> sizes = new HashMap<>();
    eligible.forEach(known -> sizes.merge(group(known), 1, Integer::sum));
    List<Drawn> drawn = new ArrayList<>(eligible.size());
    for (KnownAddress known : eligible) {
      int size = sizes.getOrDefault(group(known), 1);
      drawn.add(new Drawn(known, ticket(weight(known) / size, random)));
    }
    drawn.sort(Comparator.comparingDouble(Drawn::ticket));
    List<NetAddress> chosen = new ArrayList<>();
    Set<IpRange> groups = new HashSet<>();
    for (Drawn next : drawn) {
      if (chosen.size() == count) {
        break;
      }
      if (groups.add(group(next.known)) || !diverse) {
        chosen.add(next.known.address());
      }
    }
    return chosen;
  }

  /** Sampling by weight without replacement: the waiting time of a process with this rate. */
  private static double ticket(double weight, RandomGenerator random) {
    return -Math.log(1 - random.nextDouble()) / weight;
  }

  private static double weight(KnownAddress known) {
    double weight =
        Math.pow(FAILURE_FACTOR, MAX_EXPONENT - Math.min(known.failures(), MAX_EXPONENT));
    return known.isTried() ? weight : weight / UNTRIED_PENALTY;
  }

  private static IpRange group(KnownAddress known) {
    return NetGroup.of(known.address().ip());
  }
}
