package kaspeer.cluster;

import com.google.protobuf.MessageLite;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import kaspeer.cluster.proto.Facts;
import kaspeer.wire.NetAddress;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;

/**
 * How a member gets into the cluster, and how two clusters that have formed apart become one: the
 * members of the lesser leave it and join the greater. State of the agent.
 */
final class Joining {
  private final Shared shared;
  private final Seeding seeding;
  private final Cluster cluster;
  private final Roster roster;
  private final Function<Address, ActorRef<MessageLite>> agent;

  /**
   * @param agent the agent of a member
   */
  Joining(
      Shared shared,
      Seeding seeding,
      Cluster cluster,
      Roster roster,
      Function<Address, ActorRef<MessageLite>> agent) {
    this.shared = shared;
    this.seeding = seeding;
    this.cluster = cluster;
    this.roster = roster;
    this.agent = agent;
  }

  /** Looks for members; a name may take a while to resolve. */
  CompletionStage<List<InetSocketAddress>> seeds() {
    return CompletableFuture.supplyAsync(seeding::find, Thread::startVirtualThread);
  }

  /**
   * The first of those that are found makes the cluster, if none of them is in one. Whoever is a
   * member tells those of itself that are none: they may have made another cluster.
   */
  void join(List<InetSocketAddress> found, Facts facts) {
    if (!cluster.selfMember().status().equals(MemberStatus.removed())) {
      found.stream()
          .filter(seed -> !roster.addresses().contains(NetAddress.of(seed).toString()))
          .forEach(seed -> agent.apply(system(seed)).tell(facts));
    } else if (seeding.isFirst()) {
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    } else if (!found.isEmpty()) {
      cluster.manager().tell(new JoinSeedNodes(found.stream().map(this::system).toList()));
    }
  }

  /**
   * Whether this member has to leave its cluster for that of another which has told of itself; if
   * it is the other way round, tells it.
   */
  boolean givesWay(Facts theirs, Facts ours) {
    if (roster.addresses().contains(theirs.getAddress())
        || !OtherClusters.isOfAnother(theirs, ours)) {
      return false;
    }
    Optional<InetSocketAddress> there =
        NetAddress.parse(theirs.getAddress()).map(NetAddress::toSocket);
    if (there.isEmpty()) {
      return false;
    }
    if (OtherClusters.givesWay(ours, theirs)) {
      shared.known.saw(there.get(), System.nanoTime());
      return true;
    }
    agent.apply(system(there.get())).tell(ours);
    return false;
  }

  private Address system(InetSocketAddress member) {
    Address self = cluster.selfMember().address();
    return new Address(
        self.protocol(), self.system(), ClusterOptions.host(member.getAddress()), member.getPort());
  }
}
