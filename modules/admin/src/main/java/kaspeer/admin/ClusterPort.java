package kaspeer.admin;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What the admin endpoint asks of a cluster. Asked from any thread; does not block. */
public interface ClusterPort {
  /** Of a node on its own. */
  ClusterPort NONE =
      new ClusterPort() {
        @Override
        public List<AdminReply.ClusterReport.Member> members() {
          return List.of();
        }

        @Override
        public CompletionStage<AdminReply.ClusterPeers> peers() {
          return CompletableFuture.failedFuture(new IllegalStateException("no cluster"));
        }

        @Override
        public boolean isJoined() {
          return true;
        }
      };

  /** The members as this one sees them; none if the node is on its own. */
  List<AdminReply.ClusterReport.Member> members();

  /** The peers of all members, this one among them; only asked of a node that is a member. */
  CompletionStage<AdminReply.ClusterPeers> peers();

  /** Whether the node is a member, and has a DAG to use. */
  boolean isJoined();
}
