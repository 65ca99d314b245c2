package kaspeer.engine.relay;

import java.time.Duration;
import java.util.ArrayDeque;
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
 * <p>Bounded: each peer may stand in so many entries, and each entry lists so many peers.
 */
final class Permits {
  /** Announcers that wait for one hash. */
  static final int MAX_WAITING = 8;

  /** How long something obtained is not fetched again. */
  static final Duration TRACE = Duration.ofSeconds(10);

  /** A holder that is silent for so long is forgotten altogether. */
  static final Duration LIFETIME = Duration.ofSeconds(150);

  private static final Duration SWEEP = Duration.ofSeconds(30);

  private enum State {
    GRANTED,
    OBTAINED,
    GONE
  }

  private static final class Entry {
    final Hash hash;
    final List<Peer> waiting = new ArrayList<>(0);
    State state = State.GRANTED;
    boolean decided;
    Peer holder;
    long since;

    Entry(Hash hash, Peer holder, long since) {
      this.hash = hash;
      this.holder = holder;
      this.since = since;
    }
  }

  private static final class Peer {
    final long number;
    final boolean preferred;
    int entries;
    boolean connected = true;

    Peer(long number, boolean preferred) {
      this.number = number;
      this.preferred = preferred;
    }
  }

  /** An entry as it was when this deadline was set; void if the entry changed since. */
  private record Deadline(Entry entry, State state, long since, long at) {}

  private final long failover;
  private final int maxEntriesPerPeer;
  private final boolean awaitsVerdict;
  private final Map<Hash, Entry> entries = new HashMap<>();
  private final Map<Long, Peer> peers = new HashMap<>();

  /** Each queue is in order of time, for all its deadlines are equally far ahead. */
  private final ArrayDeque<Deadline> failovers = new ArrayDeque<>();

  private final ArrayDeque<Deadline> traces = new ArrayDeque<>();
  private long nextSweep;
  private long ignored;

  /**
   * @param maxEntriesPerPeer hashes one peer may hold permits for or wait for
   * @param awaitsVerdict whether {@link #decided} or {@link #spoilt} is called, some time, of
   *     whatever was obtained
   */
  Permits(Duration failover, int maxEntriesPerPeer, boolean awaitsVerdict) {
    this.failover = failover.toMillis();
    this.maxEntriesPerPeer = maxEntriesPerPeer;
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
    if (peer.entries >= maxEntriesPerPeer) {
      ignored++;
      return false;
    }
    if (entry == null) {
      peer.entries++;
      entry = new Entry(hash, peer, now);
      entries.put(hash, entry);
      schedule(entry);
      return true;
    }
    if (entry.holder == peer || entry.waiting.contains(peer)) {
      return false;
    }
    boolean holderLost = !entry.holder.connected || now - entry.since >= failover;
    if (entry.state == State.GRANTED && holderLost && entry.waiting.isEmpty()) {
      peer.entries++;
      entry.holder.entries--;
      hold(entry, peer, now);
      return true;
    }
    if (entry.waiting.size() < MAX_WAITING) {
      peer.entries++;
      entry.waiting.add(peer);
    }
    return false;
  }

  /**
   * Somebody got it. Whoever waits goes on waiting for {@link #TRACE}, or until the verdict if that
   * takes longer, in case it is no good.
   */
  void obtained(Hash hash, long now) {
    Entry entry = entries.get(hash);
    if (entry != null && entry.state == State.GRANTED) {
      entry.state = State.OBTAINED;
      entry.decided = !awaitsVerdict;
      entry.since = now;
      trace(entry, now);
    }
  }

  private void trace(Entry entry, long now) {
    traces.add(new Deadline(entry, State.OBTAINED, entry.since, now + TRACE.toMillis()));
  }

  /** What was obtained under this hash needs nobody else: nobody waits for it any more. */
  void decided(Hash hash) {
    Entry entry = entries.get(hash);
    if (entry != null && entry.state == State.OBTAINED) {
      entry.decided = true;
      stopWaiting(entry);
    }
  }

  /** The holder could not get it. Returns the peer to fetch it from now. */
  OptionalLong failed(Hash hash, long number, long now) {
    Entry entry = entries.get(hash);
    if (entry == null || entry.state != State.GRANTED || entry.holder.number != number) {
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
    return entry == null || entry.state != State.OBTAINED
        ? OptionalLong.empty()
        : passOn(entry, now);
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
    if (peer.entries > 0) {
      List<Entry> held =
          entries.values().stream()
              .filter(e -> e.holder == peer && (e.state == State.GRANTED || !e.decided))
              .toList();
      held.forEach(entry -> passOn(entry, now).ifPresent(next -> add(granted, next, entry.hash)));
    }
    return granted;
  }

  /**
   * Does what is due. Returns what is to be fetched now, by the numbers of the peers to fetch it
   * from.
   */
  Map<Long, List<Hash>> expire(long now) {
    Map<Long, List<Hash>> granted = new LinkedHashMap<>();
    for (Deadline due = due(failovers, now); due != null; due = due(failovers, now)) {
      Peer next = nextWaiting(due.entry);
      if (next != null) {
        due.entry.holder.entries--;
        hold(due.entry, next, now);
        add(granted, next.number, due.entry.hash);
      }
    }
    for (Deadline due = due(traces, now); due != null; due = due(traces, now)) {
      boolean old = now - due.since >= LIFETIME.toMillis();
      if (due.entry.decided || old || !anybodyWaits(due.entry)) {
        remove(due.entry);
      } else {
        trace(due.entry, now);
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
    if (entries.isEmpty() && failovers.isEmpty() && traces.isEmpty()) {
      return OptionalLong.empty();
    }
    long next = nextSweep;
    for (ArrayDeque<Deadline> queue : List.of(failovers, traces)) {
      Deadline first = queue.peek();
      next = first == null ? next : Math.min(next, first.at);
    }
    return OptionalLong.of(next);
  }

  int size() {
    return entries.size();
  }

  /** Announcements not taken down because their peer stands in too many entries. */
  long ignored() {
    return ignored;
  }

  private OptionalLong passOn(Entry entry, long now) {
    Peer next = nextWaiting(entry);
    if (next == null) {
      remove(entry);
      return OptionalLong.empty();
    }
    entry.holder.entries--;
    entry.state = State.GRANTED;
    entry.decided = false;
    hold(entry, next, now);
    return OptionalLong.of(next.number);
  }

  private void hold(Entry entry, Peer holder, long now) {
    entry.holder = holder;
    entry.since = now;
    schedule(entry);
  }

  private void schedule(Entry entry) {
    failovers.add(new Deadline(entry, State.GRANTED, entry.since, entry.since + failover));
  }

  /** Takes the best peer out of those that wait, and those out that are gone. */
  private static @Nullable Peer nextWaiting(Entry entry) {
    entry.waiting.removeIf(peer -> !peer.connected);
    Peer best = null;
    for (Peer peer : entry.waiting) {
      if (best == null || (peer.preferred && !best.preferred)) {
        best = peer;
      }
    }
    if (best != null) {
      entry.waiting.remove(best);
    }
    return best;
  }

  private void remove(Entry entry) {
    entries.remove(entry.hash);
    entry.state = State.GONE;
    entry.holder.entries--;
    stopWaiting(entry);
  }

  private static void stopWaiting(Entry entry) {
    entry.waiting.forEach(peer -> peer.entries--);
    entry.waiting.clear();
  }

  private static boolean anybodyWaits(Entry entry) {
    return entry.waiting.stream().anyMatch(peer -> peer.connected);
  }

  private static @Nullable Deadline due(ArrayDeque<Deadline> queue, long now) {
    for (Deadline first = queue.peek(); first != null && first.at <= now; first = queue.peek()) {
      queue.remove();
      if (first.entry.state == first.state && first.entry.since == first.since) {
        return first;
      }
    }
    return null;
  }

  private static void add(Map<Long, List<Hash>> granted, long peer, Hash hash) {
    granted.computeIfAbsent(peer, ignored -> new ArrayList<>()).add(hash);
  }
}
