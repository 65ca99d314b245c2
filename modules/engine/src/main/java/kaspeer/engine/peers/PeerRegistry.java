package kaspeer.engine.peers;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.IntSupplier;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import kaspeer.flow.HandshakeStep.Admission;
import kaspeer.flow.PeerInfo;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, and who may stay. Plain state.
 *
 * <p>A peer is known by its id and the address it comes from (protocol reference 1.5), and of two
 * connections of one peer the later one is refused. Where two nodes dial each other at the same
 * time, each may see another one first: then the one with the smaller id decides, by what it sees,
 * and the other waits with its second connection until the first one is ready, which means that it
 * was not refused over there, or gone. A peer that knows no such rule loses neither of both that
 * way: kaspad refuses one only when the other is ready.
 */
final class PeerRegistry {
  /** Connections in opposite directions made within this time count as made at once. */
  static final Duration CROSSING = Duration.ofSeconds(10);

  private record Key(UUID id, InetAddress address) {}

  /** What is known of one connection. */
  static final class Entry {
    private PeerInfo info;
    private @Nullable Key key;
    private boolean ready;
    private @Nullable Duration ping;
    private long useful;

    private Entry(PeerInfo info) {
      this.info = info;
    }

    PeerInfo info() {
      return info;
    }

    boolean isReady() {
      return ready;
    }

    /** Whether it is one of those whose number is limited. */
    private boolean takesSlot() {
      return !info.isOutbound() && !info.permanent();
    }

    @Nullable Duration ping() {
      return ping;
    }

    void measured(Duration roundTrip) {
      ping = ping == null || roundTrip.compareTo(ping) < 0 ? roundTrip : ping;
    }

    /** It was the first to bring something. */
    void broughtNews() {
      useful++;
    }
  }

  /**
   * What is decided of a peer that is through with its handshake.
   *
   * @param seated whether it has its slot
   * @param evicted the connection that made room for it
   */
  record Seating(boolean seated, OptionalLong evicted) {}

  private final IntSupplier maxInbound;
  private final Map<Long, Entry> entries = new LinkedHashMap<>();
  private final Map<Key, Entry> byKey = new HashMap<>();

  /**
   * @param maxInbound inbound peers at most at this moment
   */
  PeerRegistry(IntSupplier maxInbound) {
    this.maxInbound = maxInbound;
  }

  void connecting(PeerInfo info) {
    entries.put(info.number(), new Entry(info));
  }

  /**
   * A peer said who it is. It may stay if there is room, or if somebody could make room for it; who
   * does is decided when it is {@link #ready}, so that nobody loses its slot to a handshake that
   * comes to nothing.
   *
   * @param ours the id that it was told
   * @return empty if that depends on its other connection: to be asked again when one of the two is
   *     ready or gone
   */
  Optional<Admission> identify(long number, UUID id, UUID ours, InetAddress address) {
    Entry entry = entries.get(number);
    if (entry == null) {
      return Optional.of(Admission.FULL);
    }
    if (id.equals(ours)) {
      return Optional.of(Admission.LOOPBACK);
    }
    Key key = new Key(id, address);
    Entry other = byKey.get(key);
    if (other != null && other != entry) {
      return isForPeerToDecide(entry, other, id, ours)
          ? Optional.empty()
          : Optional.of(Admission.DUPLICATE);
    }
    if (entry.takesSlot()
        && slotsTaken() >= maxInbound.getAsInt()
        && Eviction.choose(evictable()).isEmpty()) {
      return Optional.of(Admission.FULL);
    }
    entry.key = key;
    byKey.put(key, entry);
    return Optional.of(Admission.ADMITTED);
  }

  /**
   * Whether the peer may be refusing the connection of its that we saw first. Not one that is
   * ready: then it has admitted it.
   */
  private static boolean isForPeerToDecide(Entry fresh, Entry present, UUID theirs, UUID ours) {
    Duration apart = Duration.between(present.info.connectedAt(), fresh.info.connectedAt()).abs();
    boolean crossing =
        fresh.info.direction() != present.info.direction() && apart.compareTo(CROSSING) <= 0;
    return !present.ready && crossing && compare(theirs, ours) < 0;
  }

  /** By the 16 bytes. */
  private static int compare(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }

  /** An evicted peer's slot is free at once, though its connection takes a moment to end. */
  private void release(long number) {
    Entry entry = entries.get(number);
    if (entry != null && entry.key != null) {
      byKey.remove(entry.key, entry);
      entry.key = null;
    }
  }

  void opened(PeerInfo info) {
    entry(info.number()).ifPresent(entry -> entry.info = info);
  }

  /** A peer is through with its handshake: it has its slot from now on, if one can be had. */
  Seating ready(long number) {
    Entry entry = entries.get(number);
    if (entry == null || entry.key == null) {
      return new Seating(false, OptionalLong.empty());
    }
    OptionalLong evicted = OptionalLong.empty();
    if (entry.takesSlot() && slotsTaken() >= maxInbound.getAsInt()) {
      evicted = Eviction.choose(evictable());
      if (evicted.isEmpty()) {
        return new Seating(false, evicted);
      }
      release(evicted.getAsLong());
    }
    entry.ready = true;
    return new Seating(true, evicted);
  }

  /**
   * Inbound peers above the limit, whose slots are free now. Fewer than there are where those that
   * are left are worth keeping.
   */
  List<Long> surplus() {
    List<Long> surplus = new ArrayList<>();
    while (slotsTaken() > maxInbound.getAsInt()) {
      OptionalLong next = Eviction.choose(evictable());
      if (next.isEmpty()) {
        break;
      }
      release(next.getAsLong());
      surplus.add(next.getAsLong());
    }
    return surplus;
  }

  /** Found outbound peers above this number of outbound peers, the youngest. */
  List<Long> surplusOutbound(int target) {
    List<PeerInfo> outbound =
        entries.values().stream()
            .filter(entry -> entry.ready && entry.info.isOutbound())
            .map(Entry::info)
            .toList();
    return outbound.stream()
        .filter(info -> !info.permanent())
        .sorted(Comparator.comparing(PeerInfo::connectedAt).reversed())
        .limit(Math.max(0, outbound.size() - target))
        .map(PeerInfo::number)
        .toList();
  }

  Optional<Entry> remove(long number) {
    release(number);
    return Optional.ofNullable(entries.remove(number));
  }

  Optional<Entry> entry(long number) {
    return Optional.ofNullable(entries.get(number));
  }

  Collection<Entry> all() {
    return entries.values();
  }

  /** Ready peers by the direction of their connections, {@code in} and {@code out}. */
  Map<String, Double> counts() {
    long ready = entries.values().stream().filter(Entry::isReady).count();
    long outbound =
        entries.values().stream().filter(e -> e.isReady() && e.info.isOutbound()).count();
    return Map.of("in", (double) (ready - outbound), "out", (double) outbound);
  }

  /** Networks that ready peers are in. */
  int groups() {
    return (int)
        entries.values().stream()
            .filter(Entry::isReady)
            .map(entry -> NetGroup.of(entry.info.address().getAddress()))
            .distinct()
            .count();
  }

  /**
   * Numbers of connections, ready or not, whose other end is in a range; permanent peers excepted.
   */
  List<Long> in(IpRange range) {
    List<Long> numbers = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (!entry.info.permanent() && range.contains(entry.info.address().getAddress())) {
        numbers.add(entry.info.number());
      }
    }
    return numbers;
  }

  private int slotsTaken() {
    return (int) byKey.values().stream().filter(e -> e.ready && e.takesSlot()).count();
  }

  private List<Eviction.Candidate> evictable() {
    List<Eviction.Candidate> candidates = new ArrayList<>();
    for (Entry entry : byKey.values()) {
      PeerInfo info = entry.info;
      if (entry.ready && entry.takesSlot() && !info.isLoopback()) {
        candidates.add(
            new Eviction.Candidate(
                info.number(),
                info.address().getAddress(),
                info.connectedAt(),
                entry.ping,
                entry.useful));
      }
    }
    return candidates;
  }
}
