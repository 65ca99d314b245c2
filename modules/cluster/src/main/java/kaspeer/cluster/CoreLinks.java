package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import kaspeer.engine.Engine;
import kaspeer.engine.peers.Peers;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Connections that a core has because it is one. Cores hold each other as any peer is held: by
 * these connections one that was away catches up, and blocks and transactions cross. And a core
 * dials peers that edges name, to sync from them. State of the agent.
 */
final class CoreLinks {
  private final Shared shared;
  private final ActorRef<Peers.DialReply> nobody;

  CoreLinks(Shared shared, ActorRef<Peers.DialReply> nobody) {
    this.shared = shared;
    this.nobody = nobody;
  }

  /** Holds the cores that there are, and no others. */
  void look() {
    Engine engine = shared.engine;
    if (engine == null || !shared.options.isCore()) {
      return;
    }
    Set<InetSocketAddress> former = new HashSet<>(shared.heldCores);
    former.removeAll(shared.cores);
    for (InetSocketAddress core : former) {
      // An operator may have asked for it besides.
      if (!shared.permanent.holds(NetAddress.of(core).toString())) {
        engine.peers().tell(new Peers.Forget(core));
      }
      shared.heldCores.remove(core);
    }
    for (InetSocketAddress core : shared.cores) {
      shared.heldCores.add(core);
      engine.peers().tell(new Peers.Dial(core, true, nobody));
    }
    Set<InetSocketAddress> outbound = new HashSet<>();
    shared.peers.values().stream()
        .filter(peer -> peer.isOutbound())
        .forEach(peer -> outbound.add(peer.address()));
    shared.hints.tidy(outbound, System.nanoTime());
  }

  /** A peer of an edge may be synced from. */
  void hint(InetSocketAddress peer) {
    Engine engine = shared.engine;
    if (engine != null && shared.options.isCore() && shared.hints.take(peer, System.nanoTime())) {
      engine.peers().tell(new Peers.Dial(peer, false, nobody));
    }
  }
}
