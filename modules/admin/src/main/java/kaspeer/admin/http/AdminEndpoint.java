package kaspeer.admin.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import kaspeer.admin.AdminCommand;
import kaspeer.engine.metrics.Metrics;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** Puts the routes together and serves them. */
public final class AdminEndpoint {
  private AdminEndpoint() {}

  /**
   * What the endpoint needs of the node.
   *
   * @param defaultPeerPort of a peer's address that has none
   * @param version of this program
   */
  public record Parts(
      ActorRef<AdminCommand> admin,
      ActorSystem<?> system,
      Metrics metrics,
      InstantSource clock,
      int defaultPeerPort,
      String version) {}

  /**
   * Starts to listen.
   *
   * @throws IOException if the address cannot be listened on
   */
  public static AdminServer start(InetSocketAddress address, AdminToken token, Parts parts)
      throws IOException {
    return start(address, token, parts, AdminServer.EXCHANGE_LIMIT);
  }

  /**
   * @param exchangeLimit for one exchange
   */
  static AdminServer start(
      InetSocketAddress address, AdminToken token, Parts parts, Duration exchangeLimit)
      throws IOException {
    Gateway gateway = new Gateway(parts.admin, parts.system);
    EventRoutes events = new EventRoutes(gateway, parts.clock);
    return AdminServer.start(
        address,
        token,
        routes(gateway, events, parts),
        parts.metrics,
        exchangeLimit,
        events::endAll);
  }

  /** All routes, as they are served. */
  static List<Route> routes(Parts parts) {
    Gateway gateway = new Gateway(parts.admin, parts.system);
    return routes(gateway, new EventRoutes(gateway, parts.clock), parts);
  }

  private static List<Route> routes(Gateway gateway, EventRoutes events, Parts parts) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new NodeRoutes(gateway, parts.metrics).routes());
    routes.addAll(new DagRoutes(gateway).routes());
    routes.addAll(new PeerRoutes(gateway, parts.clock, parts.defaultPeerPort).routes());
    routes.addAll(new ControlRoutes(gateway, parts.defaultPeerPort).routes());
    routes.addAll(new MempoolRoutes(gateway).routes());
    routes.addAll(new TemplateRoutes(gateway).routes());
    routes.addAll(events.routes());
    return MetaRoutes.complete(routes, parts.version);
  }
}
