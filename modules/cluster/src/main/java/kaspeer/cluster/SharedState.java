package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import kaspeer.cluster.members.SharedMap;
import kaspeer.engine.Engine;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.PeerInfo;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What all members have in common besides the DAG: bans, outbound connections, permanent peers. So
 * that a peer banned at one door finds the others closed too, and no peer is dialled by two
 * members. State of the agent.
 */
final class SharedState {
  /** Clocks of members may differ by so much, in milliseconds. */
  private static final long SAME_TIME = 10_000;

  private final Shared shared;
  private final String self;
  private final ActorContext<?> context;
  private final ActorRef<SharedMap.Command> bans;
  private final ActorRef<SharedMap.Command> dials;
  private final ActorRef<SharedMap.Command> permanent;
  private Map<String, String> earlyBans = Map.of();
  private Map<String, String> earlyPermanent = Map.of();
  private Set<String> sharedBans = Set.of();
  private Set<String> sharedPermanent = Set.of();

  SharedState(
      Shared shared,
      String self,
      ActorContext<?> context,
      Consumer<Map<String, String>> onBans,
      Consumer<Map<String, String>> onDials,
      Consumer<Map<String, String>> onPermanent) {
    this.shared = shared;
    this.self = self;
    this.context = context;
    this.bans = context.spawn(SharedMap.create("bans", onBans), "bans");
    this.dials = context.spawn(SharedMap.create("dials", onDials), "dials");
    this.permanent = context.spawn(SharedMap.create("permanent", onPermanent), "permanent");
    // Of an earlier life of this member.
    shared.bans.forEach(
        (subject, until) -> bans.tell(new SharedMap.Put(subject, ban(until, "kept"))));
    shared.peers.values().forEach(this::connected);
    shared.permanent.forEach(peer -> permanent.tell(new SharedMap.Put(peer, "")));
  }

  private static String ban(long until, String reason) {
    return until + " " + reason;
  }

  void onEvent(NodeEvent event) {
    switch (event) {
      case NodeEvent.Banned(var subject, var reason, var length) -> {
        long until = System.currentTimeMillis() + length.toMillis();
        Long known = shared.bans.put(subject, until);
        if (known == null || Math.abs(known - until) > SAME_TIME) {
          bans.tell(new SharedMap.Put(subject, ban(until, reason)));
        }
      }
      case NodeEvent.Unbanned(var subject) -> {
        if (shared.bans.remove(subject) != null) {
          bans.tell(new SharedMap.Remove(subject));
        }
      }
      case NodeEvent.PeerConnected(var peer) -> connected(peer);
      case NodeEvent.PeerDisconnected(var peer, var _, var _) -> {
        String address = ClusterOptions.show(peer.address());
        if (peer.isOutbound() && self.equals(shared.dials.get(address))) {
          dials.tell(new SharedMap.Remove(address));
        }
      }
      case NodeEvent.SyncChanged _, NodeEvent.Dag _, NodeEvent.FlowReported _ -> {}
    }
  }

  private void connected(PeerInfo peer) {
    if (peer.isOutbound() && !shared.cores.contains(peer.address())) {
      dials.tell(new SharedMap.Put(ClusterOptions.show(peer.address()), self));
    }
  }

  void onBans(Map<String, String> all) {
    Engine engine = shared.engine;
    if (engine == null) {
      earlyBans = all;
      return;
    }
    long now = System.currentTimeMillis();
    all.forEach(
        (subject, value) -> {
          int space = value.indexOf(' ');
          long until = Long.parseLong(value.substring(0, space));
          Long known = shared.bans.get(subject);
          if (until > now && (known == null || Math.abs(known - until) > SAME_TIME)) {
            shared.bans.put(subject, until);
            engine
                .sanctions()
                .tell(
                    new Sanctions.AddBan(
                        subject,
                        value.substring(space + 1),
                        Duration.ofMillis(until - now),
                        "banned by another member of the cluster",
                        context.getSystem().ignoreRef()));
          }
        });
    for (String subject : gone(sharedBans, all)) {
      if (shared.bans.remove(subject) != null) {
        engine.sanctions().tell(new Sanctions.RemoveBan(subject, context.getSystem().ignoreRef()));
      }
    }
    sharedBans = all.keySet();
  }

  /** What all had and have no more; what is on its way to the others is not among it. */
  private static Set<String> gone(Set<String> before, Map<String, String> now) {
    Set<String> gone = new HashSet<>(before);
    gone.removeAll(now.keySet());
    return gone;
  }

  /** Of two members that dialled one peer at a time, the one that was noted last keeps it. */
  void onDials(Map<String, String> all) {
    shared.dials = all;
    Engine engine = shared.engine;
    if (engine == null) {
      return;
    }
    shared
        .peers
        .values()
        .forEach(
            peer -> {
              String owner = all.get(ClusterOptions.show(peer.address()));
              if (peer.isOutbound()
                  && !peer.permanent()
                  && !shared.cores.contains(peer.address())
                  && owner != null
                  && !owner.equals(self)
                  && shared.members.contains(owner)) {
                engine
                    .peers()
                    .tell(
                        new Peers.Disconnect(
                            peer.number(),
                            "another member holds this peer",
                            context.getSystem().ignoreRef()));
              }
            });
  }

  /** Applies what came before the engine, and forgets connections of members that are gone. */
  void tidy(Set<String> members) {
    if (shared.engine != null && !earlyBans.isEmpty()) {
      onBans(earlyBans);
      earlyBans = Map.of();
    }
    if (shared.engine != null && !earlyPermanent.isEmpty()) {
      onPermanent(earlyPermanent);
      earlyPermanent = Map.of();
    }
    new HashMap<>(shared.dials)
        .forEach(
            (address, owner) -> {
              if (!members.contains(owner)) {
                dials.tell(new SharedMap.Remove(address));
              }
            });
  }

  void permanent(InetSocketAddress peer, boolean held) {
    String address = ClusterOptions.show(peer);
    if (held && !shared.cores.contains(peer)) {
      if (shared.permanent.add(address)) {
        permanent.tell(new SharedMap.Put(address, ""));
      }
    } else if (!held && shared.permanent.remove(address)) {
      permanent.tell(new SharedMap.Remove(address));
    }
  }

  void onPermanent(Map<String, String> all) {
    Engine engine = shared.engine;
    if (engine == null) {
      earlyPermanent = all;
      return;
    }
    all.keySet()
        .forEach(
            address -> {
              if (shared.permanent.add(address)) {
                Roster.parse(address)
                    .ifPresent(
                        peer ->
                            engine
                                .peers()
                                .tell(new Peers.Dial(peer, true, context.getSystem().ignoreRef())));
              }
            });
    for (String address : gone(sharedPermanent, all)) {
      if (shared.permanent.remove(address)) {
        Roster.parse(address).ifPresent(peer -> engine.peers().tell(new Peers.Forget(peer)));
      }
    }
    sharedPermanent = all.keySet();
  }
}
