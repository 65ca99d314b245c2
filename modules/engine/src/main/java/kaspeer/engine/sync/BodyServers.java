package kaspeer.engine.sync;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kaspeer.engine.sync.SyncPeer.Vetting;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.peers.Sync.Directive;
import kaspeer.primitives.Hash;

/**
 * Finds out who can serve which bodies. A peer must not be asked for what it may not have: it would
 * leave. The leader has the past of its sink. The chain of any other is negotiated first, which
 * also tells whether it has pruned what is needed. It then serves all of a target's past if its
 * chain, or a block that it announced, lies above the target; else the past of the highest block of
 * its chain that is known here.
 */
final class BodyServers {
  private final SyncSession.Host host;
  private final BodyStage stage;
  private final SyncSettings settings;
  private final SyncBook book;
  private final SyncPeer leader;

  /** Peers that have more of a block's past than was listed. */
  private final Map<SyncPeer, Hash> parts = new LinkedHashMap<>();

  BodyServers(
      SyncSession.Host host,
      BodyStage stage,
      SyncSettings settings,
      SyncBook book,
      SyncPeer leader) {
    this.host = host;
    this.stage = stage;
    this.settings = settings;
    this.book = book;
    this.leader = leader;
  }

  /**
   * A target was begun: only the leader is known to have it. Who owes an answer is not asked again,
   * for what it says of its chain will do for this target too.
   */
  void restart() {
    parts.clear();
    for (SyncPeer peer : book.peers()) {
      if (peer.vetting() != Vetting.ASKED) {
        peer.vetting(Vetting.NOT_ASKED);
      }
    }
    if (book.peer(leader.number()) == leader) {
      serve(leader, _ -> true);
    }
  }

  private void serve(SyncPeer peer, Predicate<Hash> canServe) {
    peer.vetting(Vetting.SERVES);
    stage.add(peer.number(), canServe, peer.meter());
  }

  /**
   * Asks peers that were not asked yet, and say that they have something, for their chains.
   *
   * @param atOnce whether only if there is work for them now, and not yet to have somebody in
   *     reserve
   */
  void vetNewcomers(boolean atOnce) {
    for (SyncPeer peer : book.peers()) {
      if (peer.vetting() == Vetting.NOT_ASKED && peer.hasClaimed() && stage.wantsServers(atOnce)) {
        long lease = host.nextNumber();
        peer.vet(lease);
        peer.flow().tell(new Directive.Negotiate(lease));
      }
    }
  }

  private boolean isStale(SyncPeer peer, Hash target) {
    return !stage.isAt(target)
        || peer.vetting() != Vetting.WEIGHED
        || book.peer(peer.number()) != peer;
  }

  /** The chain of a peer that was asked for it is negotiated. */
  void onNegotiated(SyncPeer peer, Sync.Negotiated found) {
    if (stage.isOver()) {
      return;
    }
    peer.vetting(Vetting.WEIGHED);
    List<Hash> tops = new ArrayList<>(peer.claims());
    tops.addFirst(found.known());
    vet(peer, stage.target(), tops, found.known());
  }

  /** If the target is in the past of any of these, the peer has all of its past. */
  private void vet(SyncPeer peer, Hash target, List<Hash> tops, Hash known) {
    if (tops.isEmpty()) {
      vetByChain(peer, target, known);
      return;
    }
    host.dag()
        .isAncestor(
            target,
            tops.getFirst(),
            above -> {
              if (isStale(peer, target)) {
                return;
              }
              if (above) {
                serve(peer, _ -> true);
              } else {
                vet(peer, target, tops.subList(1, tops.size()), known);
              }
            });
  }

  /**
   * The peer has the past of a block of its chain. What of that is missing here is listed a part at
   * a time, further ahead than there is work; {@link #extend} lists the next.
   */
  private void vetByChain(SyncPeer peer, Hash target, Hash known) {
    listPart(
        known,
        hashes -> {
          if (isStale(peer, target)) {
            return;
          }
          if (hashes.isEmpty()) {
            peer.vetting(Vetting.UNFIT);
          } else {
            servePart(peer, known, hashes);
          }
        });
  }

  private void listPart(Hash known, Consumer<List<Hash>> then) {
    host.dag()
        .missingBodies(
            known,
            settings.workLimit() * 2,
            reply ->
                then.accept(
                    reply instanceof Dag.HashesReply.Found(var hashes) ? hashes : List.of()));
  }

  private void servePart(SyncPeer peer, Hash known, List<Hash> hashes) {
    Set<Hash> part = new HashSet<>(hashes);
    boolean more = !hashes.getLast().equals(known);
    if (more) {
      parts.put(peer, known);
    }
    serve(peer, part::contains);
  }

  /**
   * Work was listed or done: for peers of which only a part of what they have was listed, the next
   * part is listed, from where the DAG has got.
   *
   * @param idleOnly whether only for those that have nothing to do
   */
  void extend(boolean idleOnly) {
    for (Map.Entry<SyncPeer, Hash> part : List.copyOf(parts.entrySet())) {
      SyncPeer peer = part.getKey();
      if (!idleOnly || stage.isIdle(peer.number())) {
        parts.remove(peer);
        extend(peer, stage.target(), part.getValue());
      }
    }
  }

  private void extend(SyncPeer peer, Hash target, Hash known) {
    listPart(
        known,
        hashes -> {
          boolean serves = peer.vetting() == Vetting.SERVES && book.peer(peer.number()) == peer;
          if (serves && stage.isAt(target) && !hashes.isEmpty()) {
            servePart(peer, known, hashes);
          }
        });
  }

  /** A peer that was asked cannot be synced from, and so cannot serve. */
  void onUnsuitable(SyncPeer peer) {
    peer.vetting(Vetting.UNFIT);
  }
}
