package kaspeer.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import kaspeer.cluster.core.PushMetrics;
import kaspeer.cluster.edge.EdgeMetrics;
import kaspeer.engine.metrics.Counter;
import kaspeer.engine.metrics.Metrics;

/** What a member tells of the cluster. Safe from any thread. */
final class ClusterMetrics {
  /** All that {@link ClusterView.Member#status} may be, and that a member is not heard of. */
  private static final List<String> STATUSES =
      List.of("joining", "weaklyup", "up", "leaving", "exiting", "down", "unreachable");

  private final Metrics registry;
  private final EdgeMetrics edge;
  private final PushMetrics pushes;
  private final Counter restarts;

  ClusterMetrics(Metrics registry) {
    this.registry = registry;
    this.edge = new EdgeMetrics(registry);
    this.pushes = new PushMetrics(registry);
    this.restarts =
        registry.counter(
            "kaspeer_cluster_restarts_total",
            "Times this member started over, because it was put out or a part of it failed.");
  }

  EdgeMetrics edge() {
    return edge;
  }

  PushMetrics pushes() {
    return pushes;
  }

  void restarted() {
    restarts.increment();
  }

  /** What is read when somebody asks for it. */
  void register(Shared shared, BooleanSupplier hasDag) {
    registry.gauges(
        "kaspeer_cluster_cores",
        "Members with a DAG, as this one sees them.",
        () -> byStatus(shared.view, "core"),
        "status");
    registry.gauges(
        "kaspeer_cluster_edges",
        "Members that hold peers, as this one sees them.",
        () -> byStatus(shared.view, "edge"),
        "status");
    registry.gauges(
        "kaspeer_cluster_role",
        "1 for each role that this member has.",
        () -> roles(shared),
        "role");
    registry.gauge(
        "kaspeer_cluster_dag_available",
        "1 if this member has a DAG to use: its own, or that of a core.",
        () -> hasDag.getAsBoolean() ? 1 : 0);
    registry.gauge(
        "kaspeer_cluster_dag_lag",
        "DAA score by which the DAG that this member uses is behind the best of the cluster.",
        () -> lag(shared.view));
    registry.gauge(
        "kaspeer_cluster_edges_served",
        "Edges that use the DAG of this member.",
        () -> shared.edgesServed);
    registry.gauge(
        "kaspeer_cluster_member_links",
        "Those of this node's peers that are members of the cluster.",
        () -> links(shared));
  }

  private static Map<String, Double> byStatus(ClusterView view, String role) {
    Map<String, Double> counts = new LinkedHashMap<>();
    STATUSES.forEach(status -> counts.put(status, 0.0));
    view.members().stream()
        .filter(member -> member.roles().contains(role))
        .map(member -> member.reachable() ? member.status() : "unreachable")
        .filter(counts::containsKey)
        .forEach(status -> counts.merge(status, 1.0, Double::sum));
    return counts;
  }

  private static Map<String, Double> roles(Shared shared) {
    Map<String, Double> roles = new LinkedHashMap<>();
    roles.put("core", shared.options.isCore() ? 1.0 : 0);
    roles.put("edge", shared.options.roles().contains(ClusterOptions.Role.EDGE) ? 1.0 : 0);
    return roles;
  }

  private static double lag(ClusterView view) {
    return view.members().stream()
        .filter(ClusterView.Member::isSelf)
        .mapToLong(ClusterView.Member::lag)
        .max()
        .orElse(0);
  }

  private static double links(Shared shared) {
    return shared.peers.values().stream()
        .filter(
            peer -> shared.memberIds.contains(peer.id()) || shared.cores.contains(peer.address()))
        .count();
  }
}
