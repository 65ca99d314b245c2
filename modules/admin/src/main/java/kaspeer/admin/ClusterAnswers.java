package kaspeer.admin;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import kaspeer.engine.peers.Peers;

/** What is said of the cluster. A node on its own is a cluster of one. */
final class ClusterAnswers {
  private static final String LOCAL = "local";

  private final ClusterPort cluster;
  private final List<String> roles;
  private final BooleanSupplier serving;
  private final Supplier<CompletionStage<Peers.PeerList>> own;

  /**
   * @param own asks for the peers of this node
   */
  ClusterAnswers(
      ClusterPort cluster,
      List<String> roles,
      BooleanSupplier serving,
      Supplier<CompletionStage<Peers.PeerList>> own) {
    this.cluster = cluster;
    this.roles = roles;
    this.serving = serving;
    this.own = own;
  }

  CompletionStage<AdminReply.ClusterReport> members() {
    List<AdminReply.ClusterReport.Member> members = cluster.members();
    return members.isEmpty()
        ? own.get().thenApply(this::itself)
        : CompletableFuture.completedStage(new AdminReply.ClusterReport(members));
  }

  private AdminReply.ClusterReport itself(Peers.PeerList list) {
    return new AdminReply.ClusterReport(
        List.of(
            new AdminReply.ClusterReport.Member(
                LOCAL,
                roles,
                serving.getAsBoolean() ? "up" : "leaving",
                true,
                list.peers().size(),
                LOCAL,
                0,
                true)));
  }

  CompletionStage<AdminReply.ClusterPeers> peers() {
    return cluster.members().isEmpty()
        ? own.get()
            .thenApply(
                list ->
                    new AdminReply.ClusterPeers(
                        list.peers().stream()
                            .map(peer -> new AdminReply.ClusterPeers.Held(LOCAL, peer.info()))
                            .toList(),
                        List.of(LOCAL),
                        List.of(),
                        0))
        : cluster.peers();
  }
}
