package kaspeer.engine.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.engine.SteadyClock;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.PeerInfo;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Permanent peers: finds out where they are, and has them dialled when they are due. Part of the
 * dialler, and called by it alone.
 */
final class PermanentDials {
  private static final Logger LOG = LoggerFactory.getLogger(PermanentDials.class);

  /** What the dialler does for it. */
  interface Dials {
    void dial(InetSocketAddress address);

    /** Those who wait for the dial that is under way there; null if there is none. */
    @Nullable List<ActorRef<Peers.DialReply>> waiters(InetSocketAddress address);

    Collection<PeerInfo> connected();

    /** Looks a name up, and hands what it stands for to {@link #found}. */
    void resolve(DialTarget target);

    void disconnect(PeerInfo info, String why);
  }

  private final Dials dials;
  private final PermanentPeers addresses;
  private final BanTable bans;
  private final InstantSource clock;
  private final SteadyClock steady;
  private final PermanentSchedule schedule = new PermanentSchedule();
  private final HoldOrders orders = new HoldOrders();
  private final Set<DialTarget> resolving = new HashSet<>();

  /** Those whose names cannot be looked up for now, which was logged. */
  private final Set<DialTarget> nameless = new HashSet<>();

  /**
   * @param addresses kept at where the peers are
   * @param clock what bans go by; pauses go by the steady one
   */
  PermanentDials(
      Dials dials,
      PermanentPeers addresses,
      BanTable bans,
      InstantSource clock,
      SteadyClock steady) {
    this.dials = dials;
    this.addresses = addresses;
    this.bans = bans;
    this.clock = clock;
    this.steady = steady;
  }

  /** A peer is to be held from now on; it is due at once. */
  void hold(DialTarget target) {
    schedule.add(target, steady.instant());
    InetSocketAddress address = schedule.address(target);
    if (address != null) {
      addresses.add(address);
    }
  }

  /** An operator wants a peer to be held, and to know how the first attempt ends. */
  void hold(DialTarget target, ActorRef<Peers.DialReply> replyTo) {
    String objection = HoldOrders.objection(target, schedule, bans, clock.instant());
    if (objection != null) {
      replyTo.tell(new Peers.DialReply.NotHeld(objection));
      return;
    }
    hold(target);
    orders.add(target, replyTo);
    dial(target);
    if (schedule.address(target) instanceof InetSocketAddress literal) {
      orders.dialled(target, literal, dials.waiters(literal), dials.connected());
    }
  }

  /** Whoever is there is not held any more, but may stay. */
  void forget(InetSocketAddress address) {
    schedule.remove(address);
    addresses.remove(address);
  }

  /** A peer is not held any more, nor is its connection. Returns whether it was. */
  boolean release(DialTarget target) {
    DialTarget held = schedule.find(target);
    if (held == null) {
      return false;
    }
    InetSocketAddress address = schedule.address(held);
    schedule.remove(held);
    orders.failed(held, "not held any more");
    if (address != null && !schedule.contains(address)) {
      addresses.remove(address);
      dials.connected().stream()
          .filter(info -> info.address().equals(address))
          .forEach(info -> dials.disconnect(info, "no longer permanent"));
    }
    return true;
  }

  List<Peers.Permanent> list() {
    return schedule.list(this::isConnected);
  }

  /** Whether a peer that is held is there. */
  boolean contains(InetSocketAddress address) {
    return schedule.contains(address);
  }

  void dialDue() {
    schedule.due(steady.instant()).forEach(this::dial);
  }

  private void dial(DialTarget target) {
    InetSocketAddress last = schedule.address(target);
    if (last != null && (isConnected(last) || dials.waiters(last) != null)) {
      return;
    }
    InetSocketAddress literal = target.literal();
    if (literal != null) {
      dials.dial(literal);
    } else if (resolving.add(target)) {
      dials.resolve(target);
    }
  }

  /** A name was looked up. @param found nothing if it stands for nothing, or nobody knows */
  void found(DialTarget target, List<InetAddress> found) {
    resolving.remove(target);
    InetSocketAddress before = schedule.address(target);
    InetSocketAddress address = schedule.found(target, found, steady.instant());
    if (address == null) {
      orders.failed(target, "no host is called " + target.host());
      if (found.isEmpty() && nameless.add(target)) {
        LOG.warn("No address is known for the permanent peer {}: trying again", target);
      }
      return;
    }
    if (nameless.remove(target) || !address.equals(before)) {
      LOG.info("The permanent peer {} is at {}", target, address.getAddress().getHostAddress());
    }
    if (before != null && !schedule.contains(before)) {
      addresses.remove(before);
    }
    addresses.add(address);
    dials.dial(address);
    orders.dialled(target, address, dials.waiters(address), dials.connected());
  }

  void connected(InetSocketAddress address) {
    schedule.connected(address, steady.instant());
  }

  void failed(InetSocketAddress address) {
    schedule.failed(address, steady.instant());
  }

  /** A connection ended. */
  void lost(PeerInfo info, Instant at) {
    schedule.lost(info.address(), Duration.between(info.connectedAt(), at), steady.instant());
  }

  private boolean isConnected(InetSocketAddress address) {
    return dials.connected().stream().anyMatch(info -> info.address().equals(address));
  }
}
