package kaspeer.engine.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.peers.Sync;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The connected peers, what they say that they have, and what follows: whom to sync from, and
 * whether we are synced.
 */
final class SyncBook {
  /** Peers whose first words may come before their flow has joined. */
  private static final int MAX_EARLY = 256;

  /**
   * Whom to sync from.
   *
   * @param relayed the block it offered, if it did
   */
  record Lead(SyncPeer peer, Optional<Header> relayed) {}

  private final SyncSettings settings;
  private final Duration nearlySynced;
  private final Map<Long, SyncPeer> peers = new LinkedHashMap<>();
  private final Map<Long, List<Sync>> early =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<Sync>> eldest) {
          return size() > MAX_EARLY;
        }
      };

  /**
   * @param nearlySynced how old the sink may be for the node to count as nearly synced
   */
  SyncBook(SyncSettings settings, Duration nearlySynced) {
    this.settings = settings;
    this.nearlySynced = nearlySynced;
  }

  @Nullable SyncPeer peer(long number) {
    return peers.get(number);
  }

  Collection<SyncPeer> peers() {
    return List.copyOf(peers.values());
  }

  SyncPeer joined(PeerInfo info, ActorRef<Sync.Directive> flow) {
    SyncPeer peer = new SyncPeer(info, flow);
    peers.put(info.number(), peer);
    List<Sync> words = early.remove(info.number());
    if (words != null) {
      words.forEach(this::heard);
    }
    return peer;
  }

  void remove(SyncPeer peer) {
    peers.remove(peer.number(), peer);
  }

  void announced(Sync.Announced word) {
    heard(word);
  }

  void offered(Sync.Candidate word) {
    heard(word);
  }

  /**
   * Words of a peer that has not joined are few: the flows of a peer start together. The last two
   * are kept.
   */
  private void heard(Sync word) {
    switch (word) {
      case Sync.Announced(long number, Hash hash) -> {
        SyncPeer peer = peers.get(number);
        if (peer != null) {
          peer.claims(hash);
        } else {
          keepEarly(number, word);
        }
      }
      case Sync.Candidate(long number, Header header) -> {
        SyncPeer peer = peers.get(number);
        if (peer != null) {
          peer.offers(header);
        } else {
          keepEarly(number, word);
        }
      }
      default -> throw new IllegalArgumentException(word + " says nothing of a block");
    }
  }

  private void keepEarly(long number, Sync word) {
    List<Sync> words = early.computeIfAbsent(number, _ -> new ArrayList<>(2));
    if (words.size() >= 2) {
      words.removeFirst();
    }
    words.add(word);
  }

  /**
   * Whom to sync from, or nobody. First those that offered a block with more blue work than our
   * sink has, most work first; then those of which an announced block has been missing for long.
   * What follows the tip closely is fetched by relay and never gets here.
   */
  Optional<Lead> pick(Instant now, DagSnapshot snapshot) {
    Optional<Lead> offer = bestOffer(now, snapshot, peer -> peer.doubtedOffer() == null);
    return offer.isPresent()
        ? offer
        : first(now, peer -> peer.isAhead(now, settings.claimPatience()));
  }

  /** Who can take over from a leader: anybody else that says it has something we lack. */
  Optional<Lead> pickInstead(@Nullable SyncPeer leader, Instant now, DagSnapshot snapshot) {
    Optional<Lead> offer = bestOffer(now, snapshot, peer -> peer != leader);
    return offer.isPresent() ? offer : first(now, peer -> peer != leader && peer.hasMore(snapshot));
  }

  private Optional<Lead> bestOffer(Instant now, DagSnapshot snapshot, Predicate<SyncPeer> allowed) {
    Lead best = null;
    Header most = null;
    for (SyncPeer peer : peers.values()) {
      Header offer = peer.offer(snapshot);
      if (offer != null && allowed.test(peer) && !peer.isResting(now)) {
        if (most == null || most.blueWork().compareTo(offer.blueWork()) < 0) {
          most = offer;
          best = new Lead(peer, Optional.of(offer));
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private Optional<Lead> first(Instant now, Predicate<SyncPeer> condition) {
    return peers.values().stream()
        .filter(peer -> !peer.isResting(now) && condition.test(peer))
        .max(Comparator.comparingDouble(peer -> peer.meter().itemsPerSecond()))
        .map(peer -> new Lead(peer, Optional.empty()));
  }

  /** A peer said of its chain what it was asked for, be it too late for the session that asked. */
  void answered(long number, long lease) {
    SyncPeer peer = peers.get(number);
    if (peer != null) {
      peer.settlesVetting(lease);
    }
  }

  /**
   * A session has ended. What was offered before may be here by now, even if the sink does not say
   * so yet: it is looked up before another session is begun for it.
   */
  void doubtOffers() {
    peers.values().forEach(SyncPeer::doubtOffer);
  }

  /** Announced and offered blocks to look up in the DAG, at most one of each a peer. */
  List<Hash> probes(Instant now) {
    Set<Hash> probes = new LinkedHashSet<>();
    for (SyncPeer peer : peers.values()) {
      for (Hash hash : Arrays.asList(peer.probe(now), peer.doubtedOffer())) {
        if (hash != null) {
          probes.add(hash);
        }
      }
    }
    return List.copyOf(probes);
  }

  void probed(Dag.Statuses statuses) {
    for (int i = 0; i < statuses.hashes().size(); i++) {
      for (SyncPeer peer : peers.values()) {
        peer.probed(statuses.hashes().get(i), statuses.statuses().get(i));
      }
    }
  }

  /**
   * Whether nothing is known to be missing, and there is reason to believe that nothing is. Either
   * the sink is young (protocol reference 8.3) and no peer is ahead of us; or what the peers
   * announce is here. The second holds whatever the timestamps, so that a network at rest, such as
   * a test network whose blocks are old, counts as synced too. It takes one peer at least whose
   * announced block was found here with its body, and none whose was not; peers that announced
   * nothing say nothing, and neither do those whose announcement was followed up in vain.
   *
   * @param now by the clock that never goes back
   * @param clock what time it is, by which blocks are young
   */
  boolean isSynced(Instant now, Instant clock, DagSnapshot snapshot) {
    boolean matched = false;
    boolean unmatched = false;
    boolean ahead = false;
    for (SyncPeer peer : peers.values()) {
      boolean vain = peer.isResting(now) && !peer.isUnsuitable();
      matched |= peer.isMatched();
      ahead |= !vain && peer.isAhead(now, settings.claimPatience());
      unmatched |= peer.hasClaimed() && !peer.isMatched() && !vain;
    }
    boolean young = snapshot.isNearlySynced(clock, nearlySynced);
    return !ahead && (young || matched && !unmatched);
  }
}
