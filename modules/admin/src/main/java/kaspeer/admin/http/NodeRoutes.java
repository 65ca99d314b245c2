package kaspeer.admin.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
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
            .answers(NodeJson.CLUSTER)
            .by(this::cluster),
        Route.get("/health/live", "Whether the node runs: 200 if it answers at all.")
            .answers(NodeJson.HEALTH)
            .by(request -> Response.Json.ok(NodeJson.health(health()))),
        Route.get("/health/ready", "Whether work may be sent here: 200, or 503 with the same body.")
            .answers(Route.Answer.json(NodeJson.HEALTH).alsoWith(NOT_READY))
            .by(this::ready),
        Route.get("/metrics", "Metrics in Prometheus' text format.")
            .answers(Route.Answer.text(PrometheusText.CONTENT_TYPE, "All metrics."))
            .by(this::metrics));
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
        NodeJson.cluster(
            gateway.ask(AdminReply.ClusterReport.class, AdminCommand.GetCluster::new)));
  }

  private Response ready(Request request) throws InterruptedException {
    Health health = health();
    return new Response.Json(
        health.isReady() ? READY : NOT_READY, NodeJson.health(health), "application/json");
  }

  private Health health() throws InterruptedException {
    return gateway.ask(AdminReply.HealthReport.class, AdminCommand.GetHealth::new).health();
  }

  private Response metrics(Request request) {
    byte[] text = PrometheusText.render(metrics.snapshot()).getBytes(StandardCharsets.UTF_8);
    return new Response.Text(READY, PrometheusText.CONTENT_TYPE, text);
  }
}
