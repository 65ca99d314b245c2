package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import kaspeer.cluster.members.SharedMap;
import kaspeer.engine.Engine;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.PeerInfo;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all members have in common besides the DAG: bans, outbound connections, permanent peers. So
 * that a peer banned at one door finds the others closed too, and no peer is dialled by two
 * members. State of the agent.
 */
final class SharedState {
  private static final Logger LOG = LoggerFactory.getLogger(SharedState.class);

  /** Clocks of members may differ by so much, in milliseconds. */
  private static final long SAME_TIME = 10_000;

  /** Longest reason of a ban that others are told. */
  private static final int REASON = 64;

  /**
   * Parts of each map. A node keeps 65,536 bans at most, which is a thousand in each part; one with
   * the longest subject and reason takes 400 bytes, and a frame is half a mebibyte.
   */
  static final int BAN_PARTS = 64;

  static final int DIAL_PARTS = 16;
  private static final int PERMANENT_PARTS = 4;

  /** What another member was asked to hold, it gets time to connect to: then it is not dialled. */
  private static final Duration FIRST_TRY = Duration.ofSeconds(5);

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
  private final Map<String, Cancellable> heldSoon = new HashMap<>();

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
    this.bans = context.spawn(SharedMap.create("bans", BAN_PARTS, onBans), "bans");
    this.dials = context.spawn(SharedMap.create("dials", DIAL_PARTS, onDials), "dials");
    this.permanent =
        context.spawn(SharedMap.create("permanent", PERMANENT_PARTS, onPermanent), "permanent");
    // Without one of them this member would go on alone: then the agent ends too, and all start
    // over.
    List.of(bans, dials, permanent).forEach(context::watch);
    // Of an earlier life of this member.
    shared.bans.forEach(
        (subject, until) -> bans.tell(new SharedMap.Put(subject, ban(until, "kept"))));
    shared.peers.values().forEach(this::connected);
    shared.permanent.forEach(peer -> permanent.tell(new SharedMap.Put(peer, "")));
  }

  private static String ban(long until, String reason) {
    return until + " " + reason.substring(0, Math.min(reason.length(), REASON));
  }

  /**
   * A ban as members tell it.
   *
   * @param until milliseconds since 1970
   */
  private record Told(long until, String reason) {
    static Optional<Told> parse(String text) {
      int space = text.indexOf(' ');
      try {
        return Optional.of(
            new Told(
                Long.parseLong(space < 0 ? text : text.substring(0, space)),
                text.substring(space + 1)));
      } catch (NumberFormatException malformed) {
        return Optional.empty();
      }
    }
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
      // What is held no more is found by the next look: the map may not show it yet.
      case NodeEvent.PeerDisconnected _,
          NodeEvent.SyncChanged _,
          NodeEvent.Dag _,
          NodeEvent.FlowReported _ -> {}
    }
  }

  private void connected(PeerInfo peer) {
    if (isShared(peer)) {
      dials.tell(new SharedMap.Put(ClusterOptions.show(peer.address()), self));
    }
  }

  /** Whether a connection is one that no other member is to have too. */
  private boolean isShared(PeerInfo peer) {
    return peer.isOutbound()
        && !shared.cores.contains(peer.address())
        && !shared.hints.contains(peer.address());
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
          Optional<Told> told = Told.parse(value);
          if (told.isPresent()) {
            apply(subject, told.get(), now, engine);
          } else if (!sharedBans.contains(subject)) {
            LOG.warn("A shared ban of {} makes no sense here: {}", subject, value);
          }
        });
    for (String subject : gone(sharedBans, all)) {
      if (shared.bans.remove(subject) != null) {
        engine.sanctions().tell(new Sanctions.RemoveBan(subject, context.getSystem().ignoreRef()));
      }
    }
    sharedBans = all.keySet();
  }

  private void apply(String subject, Told ban, long now, Engine engine) {
    Long known = shared.bans.get(subject);
    if (ban.until > now && (known == null || Math.abs(known - ban.until) > SAME_TIME)) {
      shared.bans.put(subject, ban.until);
      engine
          .sanctions()
          .tell(
              new Sanctions.AddBan(
                  subject,
                  ban.reason,
                  Duration.ofMillis(ban.until - now),
                  "banned by another member of the cluster",
                  context.getSystem().ignoreRef()));
    }
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
              if (isShared(peer)
                  && !peer.permanent()
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

  /**
   * Applies what came before the engine, and sets right which connections are held by whom: those
   * of members that are gone are free, and of its own a member knows best.
   */
  void tidy(Set<String> members) {
    if (shared.engine != null && !earlyBans.isEmpty()) {
      onBans(earlyBans);
      earlyBans = Map.of();
    }
    if (shared.engine != null && !earlyPermanent.isEmpty()) {
      onPermanent(earlyPermanent);
      earlyPermanent = Map.of();
    }
    Set<String> held = new HashSet<>();
    shared.peers.values().stream()
        .filter(this::isShared)
        .forEach(peer -> held.add(ClusterOptions.show(peer.address())));
    shared.dials.forEach(
        (address, owner) -> {
          boolean stale = owner.equals(self) ? !held.contains(address) : !members.contains(owner);
          if (stale) {
            dials.tell(new SharedMap.Remove(address));
          }
        });
    held.stream()
        .filter(address -> !shared.dials.containsKey(address))
        .forEach(address -> dials.tell(new SharedMap.Put(address, self)));
  }

  void permanent(InetSocketAddress peer, boolean held) {
    String address = ClusterOptions.show(peer);
    if (held && !shared.cores.contains(peer) && !shared.heldCores.contains(peer)) {
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
                Roster.parse(address).ifPresent(peer -> holdSoon(engine, address, peer));
              }
            });
    for (String address : gone(sharedPermanent, all)) {
      if (shared.permanent.remove(address)) {
        Cancellable soon = heldSoon.remove(address);
        if (soon != null) {
          soon.cancel();
        }
        Roster.parse(address).ifPresent(peer -> engine.peers().tell(new Peers.Forget(peer)));
      }
    }
    sharedPermanent = all.keySet();
  }

  private void holdSoon(Engine engine, String address, InetSocketAddress peer) {
    heldSoon.put(
        address,
        context.scheduleOnce(
            FIRST_TRY,
            engine.peers(),
            new Peers.Dial(peer, true, context.getSystem().ignoreRef())));
  }
}
