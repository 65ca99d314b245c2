package kaspeer.node;

import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kaspeer.admin.AdminReply;
import kaspeer.admin.AdminReply.ClusterReport;
import kaspeer.admin.ClusterPort;
import kaspeer.cluster.ClusterNode;
import kaspeer.cluster.ClusterOptions;
import kaspeer.cluster.ClusterStartException;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.node.config.NodeConfig;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import org.apache.pekko.actor.typed.ActorSystem;

/** A node's part in a cluster. */
final class ClusterParts {
  private ClusterParts() {}

  /**
   * Starts to join.
   *
   * @param base settings of an actor system
   * @throws StartException if it cannot listen
   */
  static ClusterNode start(
      NodeConfig.Membership membership,
      NodeConfig config,
      Params params,
      Config base,
      Metrics metrics,
      ActorSystem<?> system)
      throws StartException {
    InetSocketAddress listen = Resolver.resolve(membership.listen(), "--cluster-listen");
    ClusterOptions options =
        new ClusterOptions(
            config.network(),
            membership.roles(),
            listen,
            membership.join().stream()
                .map(contact -> new ClusterOptions.Contact(contact.host(), contact.port()))
                .toList(),
            Optional.ofNullable(membership.tls()),
            ClusterOptions.Times.DEFAULT);
    try {
      return ClusterNode.start(options, base, Seeders::lookUp, genesis(params), metrics, system);
    } catch (ClusterStartException e) {
      throw new StartException("cluster: " + e.getMessage(), e);
    }
  }

  /**
   * Waits until this node is a member.
   *
   * @return the id that all members show to peers
   * @throws StartException if that takes too long, or the cluster is of another network
   */
  static UUID join(ClusterNode cluster, long seconds) throws StartException {
    try {
      return cluster.identity().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new StartException("could not join the cluster within " + seconds + " s", e);
    } catch (ExecutionException e) {
      throw new StartException(
          "cluster: " + Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted", e);
    }
  }

  /** The DAG with nothing but genesis. */
  private static DagSnapshot genesis(Params params) {
    Header header = params.genesis().header();
    DagSnapshot.Tip tip =
        new DagSnapshot.Tip(
            header.hash(),
            header.blueScore(),
            header.blueWork(),
            header.daaScore(),
            header.timestamp());
    List<kaspeer.primitives.Hash> tips = List.of(header.hash());
    return new DagSnapshot(
        0,
        0,
        tips,
        tip,
        tip,
        tips,
        header.daaScore(),
        header.bits(),
        header.timestamp(),
        header.hash(),
        BlueWork.ZERO);
  }

  /** The roles of a node as people name them. */
  static List<String> roles(NodeConfig config) {
    NodeConfig.Membership membership = config.cluster();
    return membership == null
        ? List.of("core", "edge")
        : membership.roles().stream()
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .sorted()
            .toList();
  }

  /** What the admin endpoint asks. */
  static ClusterPort port(ClusterNode cluster) {
    return new ClusterPort() {
      @Override
      public List<ClusterReport.Member> members() {
        return cluster.view().members().stream()
            .map(
                member ->
                    new ClusterReport.Member(
                        member.address(),
                        member.roles(),
                        member.status(),
                        member.reachable(),
                        member.peers(),
                        member.dag(),
                        member.lag(),
                        member.isSelf()))
            .toList();
      }

      @Override
      public CompletionStage<AdminReply.ClusterPeers> peers() {
        return cluster
            .peers()
            .thenApply(
                all ->
                    new AdminReply.ClusterPeers(
                        all.peers().stream()
                            .map(
                                held ->
                                    new AdminReply.ClusterPeers.Held(held.member(), held.peer()))
                            .toList(),
                        all.answered(),
                        all.missing(),
                        all.omitted()));
      }

      @Override
      public boolean isJoined() {
        return cluster.isJoined() && cluster.hasDag();
      }
    };
  }
}
