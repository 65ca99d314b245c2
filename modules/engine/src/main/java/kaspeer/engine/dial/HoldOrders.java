package kaspeer.engine.dial;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.BanTable;
import kaspeer.flow.PeerInfo;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Operators who ordered that peers be held, and wait for how the first attempt ends: with a name it
 * is not known where that goes before it was looked up. Plain state of the dialler.
 */
final class HoldOrders {
  private final Map<DialTarget, ActorRef<Peers.DialReply>> waiting = new HashMap<>();

  /** Why a peer is not to be held by an order; null if it is. */
  static @Nullable String objection(
      DialTarget target, PermanentSchedule schedule, BanTable bans, Instant now) {
    DialTarget held = schedule.find(target);
    if (held != null) {
      return target + " is held already" + (held.equals(target) ? "" : ", as " + held);
    }
    InetSocketAddress literal = target.literal();
    if (target.port() == 0 || (literal != null && !DialTarget.isOfPeer(literal))) {
      return target + " is no address to dial";
    }
    return literal != null && bans.isBanned(literal.getAddress(), now)
        ? target.host() + " is banned"
        : null;
  }

  void add(DialTarget target, ActorRef<Peers.DialReply> replyTo) {
    waiting.put(target, replyTo);
  }

  /**
   * It is known where the peer is, and it was dialled unless there was no need or no right to.
   *
   * @param waiters for the dial that is under way there; null if there is none
   */
  void dialled(
      DialTarget target,
      InetSocketAddress address,
      @Nullable List<ActorRef<Peers.DialReply>> waiters,
      Collection<PeerInfo> connected) {
    ActorRef<Peers.DialReply> waiter = waiting.remove(target);
    if (waiter == null) {
      return;
    }
    if (waiters != null) {
      waiters.add(waiter);
      return;
    }
    waiter.tell(
        connected.stream()
            .filter(info -> info.address().equals(address))
            .findFirst()
            .<Peers.DialReply>map(info -> new Peers.DialReply.AlreadyConnected(info.number()))
            .orElse(new Peers.DialReply.Failed("held by another member")));
  }

  /** The attempt came to nothing before there was a dial. */
  void failed(DialTarget target, String why) {
    ActorRef<Peers.DialReply> waiter = waiting.remove(target);
    if (waiter != null) {
      waiter.tell(new Peers.DialReply.Failed(why));
    }
  }
}
