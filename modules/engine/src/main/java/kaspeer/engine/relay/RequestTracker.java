package kaspeer.engine.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Permits to fetch things of one kind: plain state, times in milliseconds handed in.
 *
 * <p>The first announcer of a hash gets the permit; others wait. A holder that is slower than the
 * fail-over time loses the exclusive right to the next one waiting, outbound peers first, for an
 * attacker can choose to dial us but not to be dialled. Something obtained leaves a trace for some
 * seconds, in which further announcements get no permit: the DAG or the mempool is still looking at
 * it. If it turns out bad in a way that does not condemn the hash, the next announcer is asked; so
 * where a verdict may take long, those who wait are kept until it is out.
 *
 * <p>Bounded in bytes, by peer and in all: whoever has more than its floor takes down nothing more
 * once all together have reached the bound, which is counted. Nor does one wait for a hash for
 * which enough others do.
 */
final class RequestTracker {
  /** Announcers that wait for one hash. */
  static final int MAX_WAITING = 8;

  /** How long something obtained is not fetched again. */
  static final Duration TRACE = Duration.ofSeconds(10);

  /** A holder that is silent for so long is forgotten altogether. */
  static final Duration LIFETIME = Duration.ofSeconds(150);

  private static final Duration SWEEP = Duration.ofSeconds(30);

  /** Heap of an entry: its hash, itself, its place in the map. Counts to its holder. */
  static final int ENTRY_BYTES = 152;

  /** Heap of a list of those who wait, counted to each of them. */
  static final int WAITING_BYTES = 80;

  /**
   * How much may be taken down.
   *
   * @param perPeer most bytes of one peer
   * @param floor bytes that every peer has whatever the others do
   * @param total bytes of all together beyond which nobody gets more than the floor
   */
  record Bounds(long perPeer, long floor, long total) {}

  /** Something that a peer is to fetch, or has fetched. */
  static final class Entry {
    final Hash hash;
    Peer holder;
    @Nullable List<Peer> waiting;
    @Nullable Entry before;
    @Nullable Entry after;
    @Nullable Entry heldBefore;
    @Nullable Entry heldAfter;
    boolean obtained;
    boolean decided;
    boolean inLine;
    long since;
    long at;

    Entry(Hash hash, Peer holder, long since) {
      this.hash = hash;
      this.holder = holder;
      this.since = since;
      holder.takes(this);
    }

    /** Another holds it now. */
    void passTo(Peer next) {
      holder.losesHold(this);
      holder = next;
      next.takes(this);
    }

    List<Peer> waiting() {
      return waiting == null ? List.of() : waiting;
    }
  }

  static final class Peer {
    final long number;
    final boolean preferred;
    long bytes;
    boolean connected = true;

    /**
     * The last of what it holds, which is linked so that its leaving costs what it had, not what
     * all have.
     */
    private @Nullable Entry held;

    Peer(long number, boolean preferred) {
      this.number = number;
      this.preferred = preferred;
    }

    void takes(Entry entry) {
      entry.heldBefore = held;
      if (held != null) {
        held.heldAfter = entry;
      }
      held = entry;
    }

    void losesHold(Entry entry) {
      if (entry.heldAfter == null) {
        held = entry.heldBefore;
      } else {
        entry.heldAfter.heldBefore = entry.heldBefore;
      }
      if (entry.heldBefore != null) {
        entry.heldBefore.heldAfter = entry.heldAfter;
      }
      entry.heldBefore = null;
      entry.heldAfter = null;
    }

    /** What it holds and nobody has decided on. */
    List<Entry> undecided() {
      List<Entry> some = new ArrayList<>();
      for (Entry entry = held; entry != null; entry = entry.heldBefore) {
        if (!entry.obtained || !entry.decided) {
          some.add(entry);
        }
      }
      return some;
    }
  }

  private final long failover;
  private final Bounds bounds;
  private final boolean awaitsVerdict;
  private final Map<Hash, Entry> entries = new HashMap<>();
  private final Map<Long, Peer> peers = new HashMap<>();

  /** Of entries whose holder has still time of its own. */
  private final DeadlineQueue failovers = new DeadlineQueue();

  /** Of entries that were obtained. */
  private final DeadlineQueue traces = new DeadlineQueue();

  private long bytes;
  private long nextSweep;
  private long ignored;

  /**
   * @param awaitsVerdict whether {@link #decided} or {@link #spoilt} is called, some time, of
   *     whatever was obtained
   */
  RequestTracker(Duration failover, Bounds bounds, boolean awaitsVerdict) {
    this.failover = failover.toMillis();
    this.bounds = bounds;
    this.awaitsVerdict = awaitsVerdict;
  }

  /** A peer is connected. @param preferred whether to ask it before others: we dialled it */
  void joined(long number, boolean preferred) {
    peers.putIfAbsent(number, new Peer(number, preferred));
  }

  /** Whether this peer is connected. */
  boolean knows(long number) {
    return peers.containsKey(number);
  }

  /** A peer has these, and we lack them. Returns those it is to fetch at once. */
  List<Hash> announced(List<Hash> hashes, long number, long now) {
    Peer peer = peers.get(number);
    if (peer == null) {
      return List.of();
    }
    List<Hash> granted = new ArrayList<>();
    for (Hash hash : hashes) {
      if (announced(hash, peer, now)) {
        granted.add(hash);
      }
    }
    return granted;
  }

  private boolean announced(Hash hash, Peer peer, long now) {
    Entry entry = entries.get(hash);
    if (entry != null && (entry.holder == peer || entry.waiting().contains(peer))) {
      return false;
    }
    if (!hasRoom(peer, entry == null ? ENTRY_BYTES : WAITING_BYTES)) {
      ignored++;
      return false;
    }
    if (entry == null) {
      charge(peer, ENTRY_BYTES);
      entry = new Entry(hash, peer, now);
      entries.put(hash, entry);
      schedule(entry);
      return true;
    }
    boolean holderLost = !entry.holder.connected || now - entry.since >= failover;
    if (!entry.obtained && holderLost && entry.waiting().isEmpty()) {
      charge(peer, ENTRY_BYTES);
      charge(entry.holder, -ENTRY_BYTES);
      hold(entry, peer, now);
      return true;
    }
    List<Peer> waiting = entry.waiting;
    if (waiting == null) {
      waiting = new ArrayList<>();
      entry.waiting = waiting;
    }
    if (waiting.size() < MAX_WAITING) {
      charge(peer, WAITING_BYTES);
      waiting.add(peer);
    }
    return false;
  }

  private boolean hasRoom(Peer peer, int more) {
    long own = peer.bytes + more;
    return own <= bounds.floor || own <= bounds.perPeer && bytes + more <= bounds.total;
  }

  private void charge(Peer peer, int more) {
    peer.bytes += more;
    bytes += more;
  }

  /**
   * Somebody got it. Whoever waits goes on waiting for {@link #TRACE}, or until the verdict if that
   * takes longer, in case it is no good.
   */
  void obtained(Hash hash, long now) {
    Entry entry = entries.get(hash);
    if (entry != null && !entry.obtained) {
      outOfLine(entry);
      entry.obtained = true;
      entry.decided = !awaitsVerdict;
      entry.since = now;
      traces.add(entry, now + TRACE.toMillis());
    }
  }

  /** What was obtained under this hash needs nobody else: nobody waits for it any more. */
  void decided(Hash hash) {
    Entry entry = entries.get(hash);
    if (entry != null && entry.obtained) {
      entry.decided = true;
      stopWaiting(entry);
    }
  }

  /**
   * Forgets what was obtained and decided: who decided on it is gone, and whoever takes its place
   * may not have it.
   */
  void forgetDecided() {
    entries.values().stream().filter(e -> e.obtained && e.decided).toList().forEach(this::remove);
  }

  /** The holder could not get it. Returns the peer to fetch it from now. */
  OptionalLong failed(Hash hash, long number, long now) {
    Entry entry = entries.get(hash);
    if (entry == null || entry.obtained || entry.holder.number != number) {
      return OptionalLong.empty();
    }
    return passOn(entry, now);
  }

  /**
   * What was obtained under this hash was bad, though the hash may be good. Returns the peer to
   * fetch it from now.
   */
  OptionalLong spoilt(Hash hash, long now) {
    Entry entry = entries.get(hash);
    return entry == null || !entry.obtained ? OptionalLong.empty() : passOn(entry, now);
  }

  /**
   * A peer is gone. Returns what is to be fetched from others now, by their numbers: also what it
   * brought and nobody has decided on, for that may have gone with it.
   */
  Map<Long, List<Hash>> left(long number, long now) {
    Peer peer = peers.remove(number);
    Map<Long, List<Hash>> granted = new LinkedHashMap<>();
    if (peer == null) {
      return granted;
    }
    peer.connected = false;
    peer.undecided()
        .forEach(entry -> passOn(entry, now).ifPresent(next -> add(granted, next, entry.hash)));
    return granted;
  }

  /**
   * Does what is due. Returns what is to be fetched now, by the numbers of the peers to fetch it
   * from.
   */
  Map<Long, List<Hash>> expire(long now) {
    Map<Long, List<Hash>> granted = new LinkedHashMap<>();
    for (Entry due = failovers.due(now); due != null; due = failovers.due(now)) {
      Peer next = nextWaiting(due);
      if (next != null) {
        charge(due.holder, -ENTRY_BYTES);
        hold(due, next, now);
        add(granted, next.number, due.hash);
      }
    }
    for (Entry due = traces.due(now); due != null; due = traces.due(now)) {
      boolean old = now - due.since >= LIFETIME.toMillis();
      if (due.decided || old || !anybodyWaits(due)) {
        remove(due);
      } else {
        traces.add(due, now + TRACE.toMillis());
      }
    }
    if (now >= nextSweep) {
      nextSweep = now + SWEEP.toMillis();
      List<Entry> stale =
          entries.values().stream().filter(e -> now - e.since >= LIFETIME.toMillis()).toList();
      stale.forEach(this::remove);
    }
    return granted;
  }

  /** When {@link #expire} has something to do next. */
  OptionalLong nextDeadline() {
    if (entries.isEmpty()) {
      return OptionalLong.empty();
    }
    long next = nextSweep;
    return OptionalLong.of(Math.min(next, Math.min(failovers.firstAt(), traces.firstAt())));
  }

  int size() {
    return entries.size();
  }

  /** About the heap that all this takes, in bytes. */
  long bytes() {
    return bytes;
  }

  /** Announcements not taken down for want of room. */
  long ignored() {
    return ignored;
  }

  private OptionalLong passOn(Entry entry, long now) {
    Peer next = nextWaiting(entry);
    if (next == null) {
      remove(entry);
      return OptionalLong.empty();
    }
    charge(entry.holder, -ENTRY_BYTES);
    hold(entry, next, now);
    return OptionalLong.of(next.number);
  }

  /** What the holder is charged for it is the caller's concern. */
  private void hold(Entry entry, Peer holder, long now) {
    outOfLine(entry);
    entry.obtained = false;
    entry.decided = false;
    entry.passTo(holder);
    entry.since = now;
    schedule(entry);
  }

  private void schedule(Entry entry) {
    failovers.add(entry, entry.since + failover);
  }

  private void outOfLine(Entry entry) {
    if (entry.inLine) {
      (entry.obtained ? traces : failovers).remove(entry);
    }
  }

  /**
   * Takes the best peer out of those that wait, and those out that are gone. It is charged as the
   * holder that it is about to be.
   */
  private @Nullable Peer nextWaiting(Entry entry) {
    List<Peer> waiting = entry.waiting;
    if (waiting == null) {
      return null;
    }
    waiting.removeIf(peer -> !peer.connected && forget(peer));
    Peer best = null;
    for (Peer peer : waiting) {
      if (best == null || (peer.preferred && !best.preferred)) {
        best = peer;
      }
    }
    if (best != null) {
      waiting.remove(best);
      charge(best, ENTRY_BYTES - WAITING_BYTES);
    }
    return best;
  }

  private boolean forget(Peer waiting) {
    charge(waiting, -WAITING_BYTES);
    return true;
  }

  private void remove(Entry entry) {
    outOfLine(entry);
    entries.remove(entry.hash);
    entry.holder.losesHold(entry);
    charge(entry.holder, -ENTRY_BYTES);
    stopWaiting(entry);
  }

  private void stopWaiting(Entry entry) {
    entry.waiting().forEach(this::forget);
    entry.waiting = null;
  }

  private static boolean anybodyWaits(Entry entry) {
    return entry.waiting().stream().anyMatch(peer -> peer.connected);
  }

  private static void add(Map<Long, List<Hash>> granted, long peer, Hash hash) {
    granted.computeIfAbsent(peer, ignored -> new ArrayList<>()).add(hash);
  }
}
