package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import kaspeer.cluster.members.SharedMap;
import kaspeer.engine.Engine;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.PeerInfo;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all members have in common besides the DAG: bans, outbound connections, permanent peers. So
 * that a peer banned at one door finds the others closed too, and no peer is dialled by two
 * members. State of the agent.
 */
final class SharedState {
  /**
   * Parts of each map. A node keeps 65,536 bans at most, which is five hundred in each part, and
   * those that are over or lifted stay for a while; one with the longest subject and reason takes
   * 430 bytes, and a frame is half a mebibyte.
   */
  static final int BAN_PARTS = 128;

  static final int DIAL_PARTS = 16;
  private static final int PERMANENT_PARTS = 4;

  /** What another member was asked to hold, it gets time to connect to: then it is not dialled. */
  private static final Duration FIRST_TRY = Duration.ofSeconds(5);

  /** How often the maps are compared with what counts here. */
  private static final Duration REVIEW = Duration.ofSeconds(5);

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  private final Shared shared;
  private final String self;
  private final ActorContext<?> context;
  private final ActorRef<SharedMap.Command> dials;
  private final SharedDecisions bans;
  private final SharedDecisions permanent;

  /** Whether something came that was not taken over, for there was no engine. */
  private boolean early;

  /** Permanent peers that an earlier life of this member was about to hold. */
  private final Set<String> earlier = new HashSet<>();

  private boolean member;
  private long reviewedAt;

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
    ActorRef<SharedMap.Command> ofBans =
        context.spawn(SharedMap.create("bans", BAN_PARTS, onBans), "bans");
    this.dials = context.spawn(SharedMap.create("dials", DIAL_PARTS, onDials), "dials");
    ActorRef<SharedMap.Command> ofPermanent =
        context.spawn(SharedMap.create("permanent", PERMANENT_PARTS, onPermanent), "permanent");
    // Without one of them this member would go on alone: then the agent ends too, and all start
    // over.
    List.of(ofBans, dials, ofPermanent).forEach(context::watch);
    this.bans = new SharedDecisions("ban", shared.bans, ofBans::tell, this::onBan);
    this.permanent =
        new SharedDecisions("permanent peer", shared.permanent, ofPermanent::tell, this::onHeld);
    shared.permanent.forEach((address, _) -> earlier.add(address));
    shared.peers.values().forEach(this::connected);
  }

  void onEvent(NodeEvent event) {
    switch (event) {
      case NodeEvent.Banned(var subject, var _, var _) -> bans.share(subject);
      case NodeEvent.Unbanned(var subject, var _) -> bans.share(subject);
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
      dials.tell(new SharedMap.Put(NetAddress.of(peer.address()).toString(), self));
    }
  }

  /** Whether a connection is one that no other member is to have too. */
  private boolean isShared(PeerInfo peer) {
    return peer.isOutbound()
        && !shared.cores.contains(peer.address())
        && !shared.hints.contains(peer.address());
  }

  void onBans(Map<String, String> all) {
    bans.onChange(all);
    takeOver();
  }

  void onPermanent(Map<String, String> all) {
    permanent.onChange(all);
    takeOver();
  }

  private void takeOver() {
    early = shared.engine == null;
    if (!early) {
      bans.takeOver(System.currentTimeMillis());
      permanent.takeOver(System.currentTimeMillis());
    }
  }

  private void onBan(String subject, Decision ban, @Nullable Decision before) {
    Engine engine = shared.engine;
    if (engine == null) {
      return;
    }
    long left = ban.until() - System.currentTimeMillis();
    if (!ban.holds()) {
      this.<Boolean>order(
          engine,
          new NodeEvent.Unbanned(subject),
          replyTo -> new Sanctions.RemoveBan(subject, replyTo),
          lifted -> lifted);
    } else if (left > 0 && !(before != null && before.isLike(ban))) {
      Duration length = Duration.ofMillis(left);
      this.<Sanctions.BanReply>order(
          engine,
          new NodeEvent.Banned(subject, ban.reason(), length),
          replyTo ->
              new Sanctions.AddBan(
                  subject,
                  ban.reason(),
                  length,
                  "banned by another member of the cluster",
                  replyTo),
          reply -> reply instanceof Sanctions.BanReply.Banned);
    }
  }

  /** What happens in the engine upon this is no decision of its own. */
  private <R> void order(
      Engine engine, NodeEvent echo, Function<ActorRef<R>, Sanctions> order, Predicate<R> isDone) {
    shared.echoes.add(echo);
    AskPattern.ask(engine.sanctions(), order, ANSWER_LIMIT, context.getSystem().scheduler())
        .whenComplete(
            (reply, failure) -> {
              if (failure != null || !isDone.test(reply)) {
                shared.echoes.remove(echo);
              }
            });
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
              String owner = all.get(NetAddress.of(peer.address()).toString());
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
    if (early && shared.engine != null) {
      takeOver();
    }
    long now = System.nanoTime();
    if (!member) {
      // What the others know has to come here first.
      member = true;
      reviewedAt = now;
    }
    if (shared.engine != null && now - reviewedAt > REVIEW.toNanos()) {
      reviewedAt = now;
      bans.review(System.currentTimeMillis());
      permanent.review(System.currentTimeMillis());
      holdAgain();
    }
    Set<String> held = new HashSet<>();
    shared.peers.values().stream()
        .filter(this::isShared)
        .forEach(peer -> held.add(NetAddress.of(peer.address()).toString()));
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

  /** It was decided here whether this peer is a permanent one. */
  void permanent(String address) {
    permanent.share(address);
  }

  private void onHeld(String address, Decision now, @Nullable Decision before) {
    Optional<InetSocketAddress> peer = NetAddress.parse(address).map(NetAddress::toSocket);
    Engine engine = shared.engine;
    boolean held = before != null && before.holds();
    if (engine == null || peer.isEmpty() || held == now.holds()) {
      return;
    }
    if (now.holds()) {
      holdSoon(engine, address, peer.get());
    } else {
      engine.peers().tell(new Peers.Forget(peer.get()));
    }
  }

  private void holdAgain() {
    Engine engine = shared.engine;
    if (engine != null) {
      earlier.forEach(
          address ->
              NetAddress.parse(address)
                  .map(NetAddress::toSocket)
                  .ifPresent(peer -> holdSoon(engine, address, peer)));
      earlier.clear();
    }
  }

  /** Nobody may want it any more by then: the engine would take it for somebody's wish. */
  private void holdSoon(Engine engine, String address, InetSocketAddress peer) {
    ActorRef<Peers.DialReply> nobody = context.getSystem().ignoreRef();
    context
        .getSystem()
        .scheduler()
        .scheduleOnce(
            FIRST_TRY,
            () -> {
              if (shared.permanent.holds(address)) {
                shared.heldForOthers.add(address);
                engine.peers().tell(new Peers.Dial(peer, true, nobody));
              }
            },
            context.getExecutionContext());
  }
}
