package kaspeer.transport;

import java.net.InetAddress;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Decides on an inbound TCP connection before anything is allocated for it. Called on the thread
 * that accepts, one call at a time: must answer at once.
 */
@FunctionalInterface
public interface AcceptPolicy {
  /** What to do with a connection. */
  sealed interface Decision {
    /** Take it in. */
    record Accept() implements Decision {}

    /** Take it in if another one, further behind with its handshake, can make room for it. */
    record AcceptForOlder() implements Decision {}

    /** Close it. */
    record Refuse(Refusal refusal) implements Decision {}
  }

  /**
   * How many connections there are, from where.
   *
   * @param established through with their handshake
   * @param pending not yet
   * @param ofAddress of this address (IPv6: of its /64), both kinds
   * @param pendingOfAddress of this address, not yet through
   * @param ofPrefix of this prefix (IPv4 /24, IPv6 /48), both kinds
   * @param latelyOfPrefix of this prefix that were taken in lately, open or not: {@value
   *     AcceptRates#PER_SECOND} are forgotten each second
   */
  record Load(
      int established,
      int pending,
      int ofAddress,
      int pendingOfAddress,
      int ofPrefix,
      int latelyOfPrefix) {}

  /**
   * Bounds on inbound connections.
   *
   * @param maxInbound peers, not counting handshakes under way
   * @param maxPending handshakes under way
   * @param maxPerAddress links and handshakes of one address
   * @param maxPendingPerAddress handshakes of one address
   * @param maxPerPrefix links and handshakes of one prefix
   * @param maxLatelyPerPrefix connections of one prefix taken in within a moment; after that as
   *     many a second as are forgotten
   */
  record Limits(
      int maxInbound,
      int maxPending,
      int maxPerAddress,
      int maxPendingPerAddress,
      int maxPerPrefix,
      int maxLatelyPerPrefix) {
    /**
     * 128 peers, 8 of one address, 32 of one prefix; 128 handshakes, 4 of one address; 64 of one
     * prefix at once, and two a second.
     */
    public static final Limits DEFAULT = new Limits(128, 128, 8, 4, 32);

    /** These bounds with another number of peers. */
    public Limits withMaxInbound(int most) {
      return new Limits(
          most, maxPending, maxPerAddress, maxPendingPerAddress, maxPerPrefix, maxLatelyPerPrefix);
    }

    /** These bounds with another number of connections of one prefix within a moment. */
    public Limits withMaxLatelyPerPrefix(int most) {
      return new Limits(
          maxInbound, maxPending, maxPerAddress, maxPendingPerAddress, maxPerPrefix, most);
    }

    /** As many of one prefix within a moment as twice those that it may have. */
    public Limits(
        int maxInbound,
        int maxPending,
        int maxPerAddress,
        int maxPendingPerAddress,
        int maxPerPrefix) {
      this(
          maxInbound,
          maxPending,
          maxPerAddress,
          maxPendingPerAddress,
          maxPerPrefix,
          (int) Math.min(Integer.MAX_VALUE, 2L * maxPerPrefix));
    }

    /**
     * @throws IllegalArgumentException if a bound is negative, or there is no room for a handshake
     */
    public Limits {
      if (maxInbound < 0
          || maxPending < 1
          || maxPerAddress < 1
          || maxPendingPerAddress < 1
          || maxPerPrefix < 1
          || maxLatelyPerPrefix < 1) {
        throw new IllegalArgumentException("bounds must be positive");
      }
    }
  }

  Decision decide(InetAddress address, Load load);

  /**
   * The checks before anything is allocated, cheapest first: ban, address, prefix and its rate,
   * inbound limit, handshakes.
   *
   * @param limits asked at every connection, so that they can change
   * @param banned whether an address is banned
   * @param exempt addresses that caps per address and prefix do not count, loopback by contract
   */
  static AcceptPolicy standard(
      Supplier<Limits> limits, Predicate<InetAddress> banned, Predicate<InetAddress> exempt) {
    return (address, load) -> {
      if (banned.test(address)) {
        return new Decision.Refuse(Refusal.BANNED);
      }
      Limits bounds = limits.get();
      if (!exempt.test(address)) {
        if (load.ofAddress() >= bounds.maxPerAddress()) {
          return new Decision.Refuse(Refusal.ADDRESS_LIMIT);
        }
        if (load.pendingOfAddress() >= bounds.maxPendingPerAddress()) {
          return new Decision.Refuse(Refusal.ADDRESS_PENDING_LIMIT);
        }
        if (load.ofPrefix() >= bounds.maxPerPrefix()) {
          return new Decision.Refuse(Refusal.PREFIX_LIMIT);
        }
        if (load.latelyOfPrefix() >= bounds.maxLatelyPerPrefix()) {
          return new Decision.Refuse(Refusal.PREFIX_RATE);
        }
      }
      if (load.established() >= bounds.maxInbound()) {
        return new Decision.Refuse(Refusal.INBOUND_LIMIT);
      }
      return load.pending() >= bounds.maxPending()
          ? new Decision.AcceptForOlder()
          : new Decision.Accept();
    };
  }

  /**
   * As above with {@link Limits#DEFAULT} or others that do not change, nobody banned and loopback
   * exempt.
   */
  static AcceptPolicy standard(Limits limits) {
    return standard(() -> limits, address -> false, InetAddress::isLoopbackAddress);
  }
}
