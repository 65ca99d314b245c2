package kaspeer.engine.sanctions;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;

/**
 * When peers from many different networks fail at once, the fault is more likely ours: our line,
 * our clock, our disk, what we know of the DAG. Counts by network, so that one attacker with many
 * connections does not look like many peers. Those who failed first were punished before that
 * showed: what they suffered is taken back.
 *
 * <p>What a peer's own words prove is beside that: no state of ours could have made it innocent,
 * and whoever offends from many networks at once must not get away with it.
 */
final class SelfSuspicion {
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final int MIN_GROUPS = 4;

  private record Failure(IpRange group, Instant at) {}

  /** Most punishments that can be taken back. */
  private static final int MAX_PUNISHMENTS = 4096;

  private record Punishment(Runnable takeBack, Instant at) {}

  private final Deque<Failure> failures = new ArrayDeque<>();
  private final Deque<Punishment> punishments = new ArrayDeque<>();

  /**
   * Notes a failure and says whether to blame ourselves.
   *
   * @param connectedGroups networks that peers are connected from, the failing ones included
   */
  boolean suspects(InetAddress peer, int connectedGroups, Instant now) {
    failures.removeIf(failure -> failure.at().plus(WINDOW).isBefore(now));
    IpRange group = NetGroup.of(peer);
    if (failures.stream().noneMatch(failure -> failure.group().equals(group))) {
      failures.add(new Failure(group, now));
    }
    Set<IpRange> groups = new HashSet<>();
    failures.forEach(failure -> groups.add(failure.group()));
    return groups.size() >= Math.max(MIN_GROUPS, (connectedGroups + 1) / 2);
  }

  /**
   * A failure was punished that no suspicion fell on us for.
   *
   * @param takeBack undoes that
   */
  void punished(Runnable takeBack, Instant now) {
    if (punishments.size() >= MAX_PUNISHMENTS) {
      punishments.remove();
    }
    punishments.add(new Punishment(takeBack, now));
  }

  /** Takes back what followed from the failures of the last moment. Returns how much that was. */
  int pardon(Instant now) {
    punishments.removeIf(punishment -> punishment.at().plus(WINDOW).isBefore(now));
    int pardoned = punishments.size();
    punishments.forEach(punishment -> punishment.takeBack().run());
    punishments.clear();
    return pardoned;
  }
}
