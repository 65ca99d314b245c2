package kaspeer.cluster;

import java.util.List;

/** The cluster as a member sees it. */
public record ClusterView(List<Member> members) {
  public ClusterView {
    members = List.copyOf(members);
  }

  /**
   * A member.
   *
   * @param address host:port within the cluster
   * @param roles {@code core}, {@code edge}
   * @param status {@code joining}, {@code weaklyup}, {@code up}, {@code leaving}, {@code exiting}
   *     or {@code down}
   * @param reachable whether it is heard of
   * @param peers it holds
   * @param dag address of the member whose DAG it uses; empty if it has none to use
   * @param lag DAA score by which that DAG is behind the best one of the cluster
   */
  public record Member(
      String address,
      List<String> roles,
      String status,
      boolean reachable,
      int peers,
      String dag,
      long lag,
      boolean isSelf) {}
}
