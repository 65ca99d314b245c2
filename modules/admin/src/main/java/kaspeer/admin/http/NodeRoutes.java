package kaspeer.admin.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.Health;
import kaspeer.admin.metrics.JvmMetrics;
import kaspeer.admin.metrics.PrometheusText;
import kaspeer.engine.metrics.Metrics;

/** The node as a whole: what it is, its flows, its cluster, its health and its metrics. */
final class NodeRoutes {
  private static final int READY = 200;
  private static final int NOT_READY = 503;

  private final Gateway gateway;
  private final Metrics metrics;

  NodeRoutes(Gateway gateway, Metrics metrics) {
    this.gateway = gateway;
    this.metrics = metrics;
    JvmMetrics.register(metrics);
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/node", "What this node is and how far its sync is.")
            .answers(NodeJson.NODE)
            .by(this::node),
        Route.get("/api/v1/flows", "Every registered flow.")
            .answers(Schema.array(NodeJson.FLOW, "In the order of registration."))
            .by(this::flows),
        Route.get("/api/v1/cluster", "The members of the cluster.")
            .answers(ClusterJson.MEMBERS)
            .by(this::cluster),
        Route.get("/api/v1/cluster/peers", "The peers of all members of the cluster.")
            .answers(ClusterJson.PEERS)
            .by(this::clusterPeers),
        Route.get("/health/live", "Whether the node runs: 200 if it answers at all.")
            .answers(NodeJson.HEALTH)
            .open()
            .by(request -> Response.Json.ok(NodeJson.health(health()))),
        probe("ready", "Whether work may be sent here: all of the following.", Health::isReady),
        probe("started", "Whether all parts of the node run.", Health::started),
        probe("joined", "Whether it is a member of its cluster.", Health::joined),
        probe("synced", "Whether it is at the tip of the network.", Health::synced),
        probe("serving", "Whether it takes work: it is not stopping.", Health::serving),
        Route.get("/metrics", "Metrics in Prometheus' text format.")
            .answers(Route.Answer.text(PrometheusText.CONTENT_TYPE, "All metrics."))
            .by(this::metrics));
  }

  /** A probe of an orchestrator, which has no token: 200 if it holds, else 503. */
  private Route probe(String name, String meaning, Predicate<Health> holds) {
    return Route.get("/health/" + name, meaning + " 200, or 503 with the same body.")
        .answers(
            Route.Answer.json(NodeJson.HEALTH)
                .meaning("It holds.")
                .alsoWith(NOT_READY, "It does not hold now."))
        .open()
        .by(
            request -> {
              Health health = health();
              return new Response.Json(
                  holds.test(health) ? READY : NOT_READY,
                  NodeJson.health(health),
                  "application/json");
            });
  }

  private Response node(Request request) throws InterruptedException {
    return Response.Json.ok(
        NodeJson.node(gateway.ask(AdminReply.NodeReport.class, AdminCommand.GetNode::new)));
  }

  private Response flows(Request request) throws InterruptedException {
    AdminReply.FlowList list = gateway.ask(AdminReply.FlowList.class, AdminCommand.ListFlows::new);
    return Response.Json.ok(NodeJson.flows(list.flows(), list.local()));
  }

  private Response cluster(Request request) throws InterruptedException {
    return Response.Json.ok(
        ClusterJson.members(
            gateway.ask(AdminReply.ClusterReport.class, AdminCommand.GetCluster::new)));
  }

  private Response clusterPeers(Request request) throws InterruptedException {
    return Response.Json.ok(
        ClusterJson.peers(
            gateway.ask(AdminReply.ClusterPeers.class, AdminCommand.ListClusterPeers::new)));
  }

  private Health health() throws InterruptedException {
    return gateway.ask(AdminReply.HealthReport.class, AdminCommand.GetHealth::new).health();
  }

  private Response metrics(Request request) {
    byte[] text = PrometheusText.render(metrics.snapshot()).getBytes(StandardCharsets.UTF_8);
    return new Response.Text(READY, PrometheusText.CONTENT_TYPE, text);
  }
}
