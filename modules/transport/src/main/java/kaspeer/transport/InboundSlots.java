package kaspeer.transport;

import java.net.InetAddress;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.LongSupplier;
import kaspeer.transport.AcceptPolicy.Decision;
import kaspeer.transport.AcceptPolicy.Load;
import kaspeer.wire.HostKey;
import org.jspecify.annotations.Nullable;

/**
 * Counts inbound connections by stage, address and prefix. A connection holds one permit from being
 * accepted to being closed; giving it back twice does nothing.
 */
final class InboundSlots {
  /**
   * How long a connection that has opened its stream is safe from making room for another of a
   * prefix that has about as many, in nanoseconds.
   */
  private static final long GRACE = 500_000_000L;

  /** Stages of a connection; it only moves forward. */
  private enum Stage {
    /** Accepted: no stream yet. */
    SILENT,
    /** Its stream is open, its handshake under way. */
    SHAKING,
    /** Through. */
    ESTABLISHED,
    /** Closed. */
    GONE;

    boolean pending() {
      return this == SILENT || this == SHAKING;
    }
  }

  /** Connections of one address. */
  private static final class Count {
    private int all;
    private int pending;
  }

  /** What a connection counts as. */
  final class Permit {
    private final long address;
    private final long prefix;
    private final Runnable displace;
    private final long since = clock.getAsLong();
    private Stage stage = Stage.SILENT;

    private Permit(long address, long prefix, Runnable displace) {
      this.address = address;
      this.prefix = prefix;
      this.displace = displace;
    }

    /** The stream is open. */
    void streamOpened() {
      move(this, Stage.SHAKING);
    }

    /** The handshake is done. */
    void established() {
      move(this, Stage.ESTABLISHED);
    }

    /** The connection is closed, or will be at once. */
    void release() {
      move(this, Stage.GONE);
    }
  }

  private final AcceptPolicy acceptPolicy;
  private final LongSupplier clock;
  private final Map<Long, Count> byAddress = new HashMap<>();
  private final Map<Long, Integer> byPrefix = new HashMap<>();
  private final LinkedHashSet<Permit> silent = new LinkedHashSet<>();
  private final LinkedHashSet<Permit> shaking = new LinkedHashSet<>();
  private final Map<Refusal, Long> refusals = new EnumMap<>(Refusal.class);
  private final AcceptRates rates;
  private int established;
  private boolean draining;

  InboundSlots(AcceptPolicy acceptPolicy) {
    this(acceptPolicy, System::nanoTime);
  }

  /**
   * @param clock as {@link System#nanoTime}
   */
  InboundSlots(AcceptPolicy acceptPolicy, LongSupplier clock) {
    this.acceptPolicy = acceptPolicy;
    this.clock = clock;
    this.rates = new AcceptRates(clock);
  }

  /**
   * Asks for a permit.
   *
   * @param displace ends the connection, should it have to make room for another; called without a
   *     lock held
   * @return none if it is refused
   */
  @Nullable Permit acquire(InetAddress address, Runnable displace) {
    long key = HostKey.of(address);
    long prefix = HostKey.ofSite(address);
    Permit victim = null;
    Permit permit;
    synchronized (this) {
      Decision decision =
          draining
              ? new Decision.Refuse(Refusal.DRAINING)
              : acceptPolicy.decide(address, load(key, prefix));
      if (decision instanceof Decision.AcceptForOlder) {
        victim = whoMakesRoomFor(prefix);
        decision = victim == null ? new Decision.Refuse(Refusal.PENDING_LIMIT) : decision;
      }
      if (decision instanceof Decision.Refuse refuse) {
        refusals.merge(refuse.refusal(), 1L, Long::sum);
        return null;
      }
      if (victim != null) {
        victim.release();
      }
      permit = new Permit(key, prefix, displace);
      silent.add(permit);
      Count count = byAddress.computeIfAbsent(key, k -> new Count());
      count.all++;
      count.pending++;
      byPrefix.merge(prefix, 1, Integer::sum);
      rates.accepted(prefix);
    }
    if (victim != null) {
      victim.displace.run();
    }
    return permit;
  }

  /** From now on every connection is refused. */
  synchronized void drain() {
    draining = true;
  }

  synchronized Map<Refusal, Long> refusals() {
    return Map.copyOf(refusals);
  }

  synchronized int established() {
    return established;
  }

  synchronized int pending() {
    return silent.size() + shaking.size();
  }

  /** Addresses and prefixes that are counted; none when there are no connections. */
  synchronized int keys() {
    return byAddress.size() + byPrefix.size();
  }

  private Load load(long key, long prefix) {
    Count count = byAddress.get(key);
    return new Load(
        established,
        silent.size() + shaking.size(),
        count == null ? 0 : count.all,
        count == null ? 0 : count.pending,
        byPrefix.getOrDefault(prefix, 0),
        rates.lately(prefix));
  }

  /**
   * Who makes room for a newcomer. Where one prefix has clearly more handshakes under way than the
   * newcomer's, one of its own, so that whoever dials again and again keeps out nobody else. A
   * prefix with several makes room for itself. Else the oldest that is silent, or that had time
   * enough for its handshake.
   */
  private @Nullable Permit whoMakesRoomFor(long prefix) {
    Map<Long, Integer> pending = new HashMap<>();
    silent.forEach(permit -> pending.merge(permit.prefix, 1, Integer::sum));
    shaking.forEach(permit -> pending.merge(permit.prefix, 1, Integer::sum));
    int own = pending.getOrDefault(prefix, 0);
    Map.Entry<Long, Integer> most =
        Collections.max(pending.entrySet(), Map.Entry.comparingByValue());
    if (most.getValue() >= own + 2) {
      Permit oldest = oldest(silent, most.getKey());
      return oldest != null ? oldest : oldest(shaking, most.getKey());
    }
    Long among = own > 1 ? prefix : null;
    Permit oldest = oldest(silent, among);
    if (oldest == null) {
      oldest = oldest(shaking, among);
      return oldest != null && clock.getAsLong() - oldest.since > GRACE ? oldest : null;
    }
    return oldest;
  }

  /** The oldest of a prefix, or of all. */
  private static @Nullable Permit oldest(SequencedSet<Permit> permits, @Nullable Long prefix) {
    for (Permit permit : permits) {
      if (prefix == null || permit.prefix == prefix) {
        return permit;
      }
    }
    return null;
  }

  private synchronized void move(Permit permit, Stage to) {
    Stage from = permit.stage;
    if (from.compareTo(to) >= 0) {
      return;
    }
    permit.stage = to;
    silent.remove(permit);
    shaking.remove(permit);
    if (to == Stage.SHAKING) {
      shaking.add(permit);
    }
    established += (to == Stage.ESTABLISHED ? 1 : 0) - (from == Stage.ESTABLISHED ? 1 : 0);
    byAddress.computeIfPresent(
        permit.address,
        (key, count) -> {
          count.pending -= from.pending() && !to.pending() ? 1 : 0;
          count.all -= to == Stage.GONE ? 1 : 0;
          return count.all == 0 ? null : count;
        });
    if (to == Stage.GONE) {
      byPrefix.computeIfPresent(permit.prefix, (key, n) -> n == 1 ? null : n - 1);
    }
  }
}
