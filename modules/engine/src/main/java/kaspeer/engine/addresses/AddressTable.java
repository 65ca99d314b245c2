package kaspeer.engine.addresses;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;
import kaspeer.wire.NetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The address book's memory: addresses we were told of (new) and addresses that answered (tried),
 * each in a table of buckets with few places. Plain state.
 *
 * <p>Where an address may stand is fixed by a secret: by its own network and that of whoever told
 * us, so that one source reaches only a few of the buckets however much it says, and cannot aim at
 * the place of another. A new address gives its place up only after it failed, a tried one only to
 * another that answered, and when it does not answer any more. Together that bounds what gossip can
 * do to the book, and leaves alone what we found out ourselves.
 */
final class AddressTable {
  static final int NEW_BUCKETS = 128;
  static final int TRIED_BUCKETS = 32;
  static final int PLACES = 32;

  /** Most addresses kept. */
  static final int CAPACITY = (NEW_BUCKETS + TRIED_BUCKETS) * PLACES;

  /** New buckets that addresses from one network of sources can get into. */
  private static final int BUCKETS_PER_SOURCE_GROUP = 8;

  /** Tried buckets that addresses of one network can get into. */
  private static final int BUCKETS_PER_GROUP = 4;

  /**
   * An address never reached is dropped at this many failures in a row, one that answered before at
   * more.
   */
  private static final int MAX_FAILURES_NEW = 3;

  private static final int MAX_FAILURES_TRIED = 10;

  /** A tried address that answered so lately keeps its place. */
  private static final Duration FRESH = Duration.ofHours(12);

  private final long secret;
  private final Map<NetAddress, KnownAddress> byAddress = new HashMap<>();
  private final @Nullable KnownAddress[] fresh = new KnownAddress[NEW_BUCKETS * PLACES];
  private final @Nullable KnownAddress[] tried = new KnownAddress[TRIED_BUCKETS * PLACES];

  /**
   * Tried addresses that have not answered for long, and who answered last of those that would have
   * their places.
   */
  private final Map<NetAddress, NetAddress> contested = new LinkedHashMap<>();

  private final Consumer<NetAddress> removed;

  /**
   * @param removed hears of addresses that are dropped
   */
  AddressTable(long secret, Consumer<NetAddress> removed) {
    this.secret = secret;
    this.removed = removed;
  }

  /** Adds an address somebody told us of. Returns it if it is new here and found a place. */
  Optional<KnownAddress> add(NetAddress address, AddressSource source, Instant now) {
    if (byAddress.containsKey(address)) {
      return Optional.empty();
    }
    return place(KnownAddress.heardOf(address, source, now));
  }

  /**
   * Adds an address that answered though nobody told us of it: it gets a place among the tried
   * ones, as the new ones' may be full of what was only heard of. Nothing happens if it is known.
   */
  void addTried(NetAddress address, AddressSource source, Instant now) {
    if (!byAddress.containsKey(address)) {
      place(KnownAddress.heardOf(address, source, now).succeeded(now));
    }
  }

  /** Puts back an address of an earlier run, or drops it if it finds no place any more. */
  void restore(KnownAddress known) {
    if (!byAddress.containsKey(known.address())) {
      placeOrDrop(known);
    }
  }

  /** Where it is known to others by its being here, they are to hear that it is not. */
  private void placeOrDrop(KnownAddress known) {
    if (place(known).isEmpty()) {
      removed.accept(known.address());
    }
  }

  private Optional<KnownAddress> place(KnownAddress known) {
    if (known.isTried()) {
      int slot = triedSlot(known.address());
      KnownAddress holder = tried[slot];
      if (holder == null) {
        tried[slot] = known;
        byAddress.put(known.address(), known);
        return Optional.of(known);
      }
    }
    int slot = newSlot(known);
    KnownAddress holder = fresh[slot];
    if (holder != null && holder.failures() <= known.failures()) {
      return Optional.empty();
    }
    if (holder != null) {
      drop(holder.address());
    }
    fresh[slot] = known;
    byAddress.put(known.address(), known);
    return Optional.of(known);
  }

  /**
   * A handshake with it succeeded: it moves to the tried ones, unless another stands in its place
   * there. That one gives way when it does not answer, see {@link #contested}.
   */
  Optional<KnownAddress> succeeded(NetAddress address, Instant now) {
    KnownAddress known = byAddress.get(address);
    if (known == null) {
      return Optional.empty();
    }
    contested.remove(address);
    KnownAddress better = known.succeeded(now);
    int slot = triedSlot(address);
    KnownAddress holder = tried[slot];
    if (holder == null || holder.address().equals(address)) {
      take(known);
      set(tried, slot, better);
    } else {
      replace(known, better);
      if (holder.failures() > 0 || holder.isOlderThan(now.minus(FRESH))) {
        contested.put(holder.address(), address);
      }
    }
    return Optional.of(better);
  }

  /**
   * One that passes of the addresses that are to be dialled because others wait for their places.
   */
  Optional<NetAddress> contested(Predicate<KnownAddress> allowed) {
    return contested.keySet().stream()
        .filter(address -> allowed.test(Objects.requireNonNull(byAddress.get(address))))
        .findFirst();
  }

  /**
   * It could not be reached, or refused us. Returns it as it is now, or nothing if it was dropped
   * or nothing changed.
   *
   * @param certain whether the fault is surely not ours: otherwise it is not dropped for it
   */
  Optional<KnownAddress> failed(NetAddress address, boolean certain) {
    KnownAddress known = byAddress.get(address);
    if (known == null) {
      return Optional.empty();
    }
    KnownAddress worse = known.failed();
    if (worse.failures() < (worse.isTried() ? MAX_FAILURES_TRIED : MAX_FAILURES_NEW)) {
      replace(known, worse);
      if (certain) {
        giveWay(worse);
      }
      return Optional.ofNullable(byAddress.get(address));
    }
    if (certain) {
      drop(address);
    }
    return Optional.empty();
  }

  /** An address did not answer: who waits for its place has it now. */
  private void giveWay(KnownAddress holder) {
    NetAddress next = contested.remove(holder.address());
    KnownAddress newcomer = next == null ? null : byAddress.get(next);
    if (newcomer != null && newcomer.isTried()) {
      take(newcomer);
      take(holder);
      set(tried, triedSlot(newcomer.address()), newcomer);
      placeOrDrop(holder);
    }
  }

  /** Drops all addresses in a range: it is banned. */
  void removeAll(IpRange range) {
    List<NetAddress> banned =
        byAddress.keySet().stream().filter(a -> range.contains(a.ip())).toList();
    banned.forEach(this::drop);
  }

  Collection<KnownAddress> all() {
    return byAddress.values();
  }

  int size() {
    return byAddress.size();
  }

  /** A random choice of addresses worth telling others of. */
  List<NetAddress> sample(int max, RandomGenerator random) {
    List<NetAddress> good = new ArrayList<>();
    for (KnownAddress known : byAddress.values()) {
      if (known.failures() < MAX_FAILURES_NEW - 1 || known.isTried()) {
        good.add(known.address());
      }
    }
    for (int i = 0; i < Math.min(max, good.size()); i++) {
      int j = i + random.nextInt(good.size() - i);
      NetAddress other = good.get(j);
      good.set(j, good.get(i));
      good.set(i, other);
    }
    return List.copyOf(good.subList(0, Math.min(max, good.size())));
  }

  private void drop(NetAddress address) {
    KnownAddress known = byAddress.get(address);
    if (known != null) {
      take(known);
      removed.accept(address);
    }
  }

  private void take(KnownAddress known) {
    byAddress.remove(known.address());
    contested.remove(known.address());
    int inTried = triedSlot(known.address());
    if (known.equals(tried[inTried])) {
      tried[inTried] = null;
    }
    int inNew = newSlot(known);
    if (known.equals(fresh[inNew])) {
      fresh[inNew] = null;
    }
  }

  private void replace(KnownAddress known, KnownAddress changed) {
    int inTried = triedSlot(known.address());
    if (known.equals(tried[inTried])) {
      set(tried, inTried, changed);
    } else {
      set(fresh, newSlot(known), changed);
    }
  }

  private void set(@Nullable KnownAddress[] table, int slot, KnownAddress known) {
    table[slot] = known;
    byAddress.put(known.address(), known);
  }

  private int triedSlot(NetAddress address) {
    long group = hash(1, NetGroup.of(address.ip()).hashCode());
    long own = hash(2, address.hashCode());
    int bucket = index(hash(group, Long.remainderUnsigned(own, BUCKETS_PER_GROUP)), TRIED_BUCKETS);
    return bucket * PLACES + index(hash(own, bucket), PLACES);
  }

  private int newSlot(KnownAddress known) {
    long source = hash(3, known.source().group().hashCode());
    long group = hash(4, NetGroup.of(known.address().ip()).hashCode());
    int bucket =
        index(hash(source, Long.remainderUnsigned(group, BUCKETS_PER_SOURCE_GROUP)), NEW_BUCKETS);
    return bucket * PLACES + index(hash(hash(5, known.address().hashCode()), bucket), PLACES);
  }

  private static int index(long hash, int size) {
    return (int) Long.remainderUnsigned(hash, size);
  }

  /** Mixes with the secret, so that nobody outside can tell which addresses share a place. */
  private long hash(long a, long b) {
    long x = secret ^ a * 0x9E3779B97F4A7C15L;
    x = mix(x) ^ b * 0xC2B2AE3D27D4EB4FL;
    return mix(x ^ Long.rotateLeft(secret, 32));
  }

  private static long mix(long value) {
    long x = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return x ^ x >>> 31;
  }
}
