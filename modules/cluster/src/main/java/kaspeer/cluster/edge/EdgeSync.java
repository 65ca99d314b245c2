package kaspeer.cluster.edge;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.peers.Sync;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The sync of an edge: there is none. A peer that would be worth syncing from is named to the
 * cores, which dial it themselves, if it can be dialled.
 */
public final class EdgeSync {
  private static final int MAX_PEERS = 4096;

  private EdgeSync() {}

  /**
   * The actor.
   *
   * @param hints hears of peers that the cores may sync from
   */
  public static Behavior<Sync> create(Consumer<InetSocketAddress> hints) {
    return Behaviors.setup(
        _ -> {
          Map<Long, PeerInfo> peers = new LinkedHashMap<>();
          return Behaviors.receiveMessage(
              message -> {
                onMessage(message, peers, hints);
                return Behaviors.same();
              });
        });
  }

  private static void onMessage(
      Sync message, Map<Long, PeerInfo> peers, Consumer<InetSocketAddress> hints) {
    switch (message) {
      case Sync.GetSession(var replyTo) -> replyTo.tell(new Sync.Session(false, 0));
      case Sync.Joined(var info, var _) -> {
        if (info.isOutbound()) {
          peers.put(info.number(), info);
        }
        if (peers.size() > MAX_PEERS) {
          peers.remove(peers.keySet().iterator().next());
        }
      }
      case Sync.Candidate(var peer, var _) -> {
        PeerInfo info = peers.get(peer);
        if (info != null) {
          hints.accept(info.address());
        }
      }
      default -> {}
    }
  }
}
