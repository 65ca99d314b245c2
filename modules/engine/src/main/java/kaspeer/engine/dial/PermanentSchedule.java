package kaspeer.engine.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import kaspeer.engine.peers.Peers;
import org.jspecify.annotations.Nullable;

/**
 * When permanent peers are dialled next. The pause after a failure doubles to eight minutes as in
 * protocol reference 7.1, but begins at five seconds instead of thirty: whoever starts two nodes at
 * once waits for the second one no longer than it needs. Plain state.
 */
final class PermanentSchedule {
  static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(8);

  /** After a connection that lived so long, the next attempt comes soon. */
  private static final Duration GOOD_LIFE = Duration.ofSeconds(30);

  private static final Duration SOON = Duration.ofSeconds(1);

  /**
   * @param address where it was last found, null before that
   */
  private record Entry(@Nullable InetSocketAddress address, int failures, Instant next) {
    Entry at(@Nullable InetSocketAddress found) {
      return new Entry(found, failures, next);
    }
  }

  private final Map<DialTarget, Entry> entries = new LinkedHashMap<>();

  /** Adds a peer, or forgives one that failed: it is due at once. */
  void add(DialTarget target, Instant now) {
    Entry known = entries.get(target);
    entries.put(target, new Entry(known == null ? target.literal() : known.address, 0, now));
  }

  void remove(DialTarget target) {
    entries.remove(target);
  }

  /** The peer that was named so, or else was last found there; null if there is none. */
  @Nullable DialTarget find(DialTarget named) {
    if (entries.containsKey(named)) {
      return named;
    }
    InetSocketAddress place = named.literal();
    return entries.entrySet().stream()
        .filter(entry -> place != null && place.equals(entry.getValue().address))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  List<Peers.Permanent> list(Predicate<InetSocketAddress> connected) {
    List<Peers.Permanent> list = new ArrayList<>();
    entries.forEach(
        (target, entry) ->
            list.add(
                new Peers.Permanent(
                    target,
                    entry.address,
                    entry.address != null && connected.test(entry.address),
                    entry.failures)));
    return list;
  }

  void remove(InetSocketAddress address) {
    entries.values().removeIf(entry -> address.equals(entry.address));
  }

  boolean contains(InetSocketAddress address) {
    return entries.values().stream().anyMatch(entry -> address.equals(entry.address));
  }

  List<DialTarget> due(Instant now) {
    List<DialTarget> due = new ArrayList<>();
    entries.forEach(
        (target, entry) -> {
          if (!now.isBefore(entry.next)) {
            due.add(target);
          }
        });
    return due;
  }

  /** Where a peer was last found, or null. */
  @Nullable InetSocketAddress address(DialTarget target) {
    Entry entry = entries.get(target);
    return entry == null ? null : entry.address;
  }

  /**
   * A name was looked up: of its addresses another one is taken after each failure.
   *
   * @return where to dial; null if nowhere, or if the peer is not wanted any more
   */
  @Nullable InetSocketAddress found(DialTarget target, List<InetAddress> addresses, Instant now) {
    Entry entry = entries.get(target);
    if (entry == null) {
      return null;
    }
    if (addresses.isEmpty()) {
      entries.put(target, failed(entry, now));
      return null;
    }
    InetAddress next = addresses.get(entry.failures % addresses.size());
    InetSocketAddress address = new InetSocketAddress(next, target.port());
    entries.put(target, entry.at(address));
    return address;
  }

  void failed(InetSocketAddress address, Instant now) {
    change(address, entry -> failed(entry, now));
  }

  private Entry failed(Entry entry, Instant now) {
    return new Entry(entry.address, entry.failures + 1, now.plus(pause(entry.failures)));
  }

  private static Duration pause(int failures) {
    Duration pause = FIRST_PAUSE;
    for (int i = 0; i < failures && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  void connected(InetSocketAddress address, Instant now) {
    change(address, entry -> new Entry(entry.address, 0, now));
  }

  /** A connection ended. @param lived how long it was up */
  void lost(InetSocketAddress address, Duration lived, Instant now) {
    if (lived.compareTo(GOOD_LIFE) >= 0) {
      change(address, entry -> new Entry(entry.address, 0, now.plus(SOON)));
    } else {
      failed(address, now);
    }
  }

  private void change(InetSocketAddress address, UnaryOperator<Entry> change) {
    entries.replaceAll((_, entry) -> address.equals(entry.address) ? change.apply(entry) : entry);
  }
}
