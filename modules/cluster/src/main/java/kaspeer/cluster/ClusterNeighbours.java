package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import kaspeer.engine.Neighbours;
import kaspeer.flow.LocalNode;
import kaspeer.flow.PeerInfo;
import kaspeer.primitives.Hash;
import kaspeer.wire.NetAddress;

/** What the members of a cluster mean for the engine of one. */
final class ClusterNeighbours implements Neighbours {
  private final Shared shared;
  private final Consumer<ClusterAgent.Command> agent;

  /**
   * @param agent takes what other members are to hear
   */
  ClusterNeighbours(Shared shared, Consumer<ClusterAgent.Command> agent) {
    this.shared = shared;
    this.agent = agent;
  }

  @Override
  public boolean mayDial(NetAddress address) {
    InetSocketAddress socket = address.toSocket();
    if (shared.cores.contains(socket) || shared.hints.contains(socket)) {
      return true;
    }
    String owner = shared.dials.get(NetAddress.of(socket).toString());
    return isOpen()
        && (owner == null
            || owner.equals(shared.options.address())
            || !shared.members.contains(owner));
  }

  @Override
  public boolean isMember(InetSocketAddress address) {
    return shared.cores.contains(address);
  }

  @Override
  public LocalNode identity(LocalNode local, PeerInfo peer) {
    boolean toMember =
        peer.isOutbound() && (isMember(peer.address()) || shared.hints.contains(peer.address()));
    return local.withId(toMember ? shared.memberId : id(local.id()));
  }

  @Override
  public UUID id(UUID own) {
    return Objects.requireNonNullElse(shared.shown, own);
  }

  @Override
  public boolean isOpen() {
    return !shared.leaving && (shared.options.isCore() || shared.edge.isOpen());
  }

  @Override
  public void permanent(InetSocketAddress peer, boolean held) {
    if (shared.permanent(peer, held)) {
      agent.accept(new ClusterAgent.Permanent(NetAddress.of(peer).toString()));
    }
  }

  @Override
  public String hostOf(long origin) {
    return shared.hosts.of(origin);
  }

  @Override
  public void announced(List<Hash> transactions, boolean again) {
    agent.accept(new ClusterAgent.Announced(transactions, again));
  }
}
