package kaspeer.admin.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.HostPort;
import kaspeer.admin.LogLevels;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.json.JsonException;

/**
 * What an operator changes while the node runs. Every answer says what was before and after, and
 * whether it lasts; a change that would be none is refused.
 */
final class ControlRoutes {
  private static final int MAX_LOGGER = 256;

  private final Gateway gateway;
  private final int defaultPort;

  /**
   * @param defaultPort of an address without one
   */
  ControlRoutes(Gateway gateway, int defaultPort) {
    this.gateway = gateway;
    this.defaultPort = defaultPort;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/policy", "What follows from breaches of the protocol.")
            .answers(ControlJson.POLICY)
            .by(this::policy),
        Route.put("/api/v1/policy/{code}", "Another sanction follows from a breach.")
            .hole("code", ControlJson.CODE)
            .order(ControlJson.ROW_ORDER, false)
            .answers(ControlJson.CHANGE)
            .by(this::setRow),
        Route.delete("/api/v1/policy/{code}", "The sanction that the node was started with.")
            .hole("code", ControlJson.CODE)
            .answers(ControlJson.CHANGE)
            .by(this::resetRow),
        Route.get("/api/v1/limits", "Limits on connections.")
            .answers(Schema.array(ControlJson.LIMIT, ""))
            .by(this::limits),
        Route.put(
                "/api/v1/limits/{name}",
                "Another limit. Peers above outPeers and maxInPeers are dismissed; the others hold"
                    + " for connections from then on.")
            .hole("name", ControlJson.LIMIT_NAME)
            .order(ControlJson.LIMIT_ORDER, false)
            .answers(ControlJson.CHANGE)
            .by(this::setLimit),
        Route.get("/api/v1/log-levels", "Loggers with levels of their own.")
            .answers(Schema.array(ControlJson.LOG_LEVEL, ""))
            .by(this::logLevels),
        Route.put("/api/v1/log-levels/{logger}", "Another level.")
            .order(ControlJson.LOG_LEVEL_ORDER, false)
            .answers(ControlJson.CHANGE)
            .by(this::setLogLevel),
        Route.delete("/api/v1/log-levels/{logger}", "Its parent's level.")
            .answers(ControlJson.CHANGE)
            .by(request -> changeLogLevel(request, Optional.empty())),
        Route.get("/api/v1/peers/permanent", "Peers that are held, connected or not.")
            .answers(Schema.array(ControlJson.PERMANENT, ""))
            .by(this::permanent),
        Route.delete("/api/v1/peers/permanent/{target}", "Holds a peer no longer; disconnects it.")
            .answers(ControlJson.CHANGE)
            .by(this::forget),
        Route.post("/api/v1/sync/rotate", "Another peer takes the lead of the sync under way.")
            .answers(ControlJson.CHANGE)
            .by(this::rotate));
  }

  private Response policy(Request request) throws InterruptedException {
    return Response.Json.ok(
        ControlJson.policy(
            gateway.ask(AdminReply.PolicyReport.class, AdminCommand.GetPolicy::new).table()));
  }

  private Response setRow(Request request) throws InterruptedException {
    ViolationCode code = code(request);
    Sanction row = Orders.read(request, ControlJson::sanction);
    AdminReply.PolicyRowChanged done =
        gateway.ask(
            AdminReply.PolicyRowChanged.class,
            replyTo -> new AdminCommand.SetPolicyRow(code, row, replyTo));
    return Response.Json.ok(ControlJson.changed(done.change()));
  }

  private Response resetRow(Request request) throws InterruptedException {
    ViolationCode code = code(request);
    AdminReply.PolicyRowChanged done =
        gateway.ask(
            AdminReply.PolicyRowChanged.class,
            replyTo -> new AdminCommand.ResetPolicyRow(code, replyTo));
    return Response.Json.ok(ControlJson.changed(done.change()));
  }

  private static ViolationCode code(Request request) {
    String name = request.path("code");
    return Arrays.stream(ViolationCode.values())
        .filter(code -> code.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Problem(
                    Kind.NOT_FOUND,
                    "no policy row is called "
                        + Text.shorten(name)
                        + "; GET /api/v1/policy has them all"));
  }

  private Response limits(Request request) throws InterruptedException {
    AdminReply.LimitList list =
        gateway.ask(AdminReply.LimitList.class, AdminCommand.ListLimits::new);
    return Response.Json.ok(Json.array(list.limits(), ControlJson::limit));
  }

  private Response setLimit(Request request) throws InterruptedException {
    String name = request.path("name");
    Limit limit =
        Limit.named(name)
            .orElseThrow(
                () ->
                    new Problem(
                        Kind.NOT_FOUND,
                        "no limit is called "
                            + Text.shorten(name)
                            + "; there are "
                            + Arrays.stream(Limit.values())
                                .map(Limit::text)
                                .collect(Collectors.joining(", "))));
    int value =
        Orders.read(
            request,
            order -> {
              Orders.only(order, "value");
              return order.get("value").asInt(Integer.MAX_VALUE);
            });
    AdminReply.LimitChanged done =
        gateway.ask(
            AdminReply.LimitChanged.class,
            replyTo -> new AdminCommand.SetLimit(limit, value, replyTo));
    return Response.Json.ok(ControlJson.changed(done.change()));
  }

  private Response logLevels(Request request) throws InterruptedException {
    AdminReply.LogLevelList list =
        gateway.ask(AdminReply.LogLevelList.class, AdminCommand.ListLogLevels::new);
    return Response.Json.ok(Json.array(list.levels(), ControlJson::logLevel));
  }

  private Response setLogLevel(Request request) throws InterruptedException {
    LogLevels.Level level =
        Orders.read(
            request,
            order -> {
              Orders.only(order, "level");
              String word = order.get("level").asString();
              return Arrays.stream(LogLevels.Level.values())
                  .filter(known -> known.text().equals(word))
                  .findFirst()
                  .orElseThrow(
                      () -> new JsonException("level is off, error, warn, info, debug or trace"));
            });
    return changeLogLevel(request, Optional.of(level));
  }

  private Response changeLogLevel(Request request, Optional<LogLevels.Level> level)
      throws InterruptedException {
    String logger = request.path("logger");
    if (logger.length() > MAX_LOGGER) {
      throw new Problem(Kind.BAD_REQUEST, "no logger has so long a name");
    }
    AdminReply.LogLevelChanged done =
        gateway.ask(
            AdminReply.LogLevelChanged.class,
            replyTo -> new AdminCommand.SetLogLevel(logger, level, replyTo));
    return Response.Json.ok(ControlJson.changed(done.change()));
  }

  private Response permanent(Request request) throws InterruptedException {
    AdminReply.PermanentList list =
        gateway.ask(AdminReply.PermanentList.class, AdminCommand.ListPermanent::new);
    return Response.Json.ok(Json.array(list.peers(), ControlJson::permanent));
  }

  private Response forget(Request request) throws InterruptedException {
    DialTarget target;
    try {
      HostPort named = HostPort.parse(request.path("target"), defaultPort);
      target = new DialTarget(named.host(), named.port());
    } catch (IllegalArgumentException e) {
      throw new Problem(Kind.BAD_REQUEST, "a permanent peer is host:port: " + e.getMessage());
    }
    AdminReply.PermanentForgotten done =
        gateway.ask(
            AdminReply.PermanentForgotten.class,
            replyTo -> new AdminCommand.ForgetPermanent(target, replyTo));
    return Response.Json.ok(ControlJson.forgotten(done.target().toString()));
  }

  private Response rotate(Request request) throws InterruptedException {
    return Response.Json.ok(
        ControlJson.rotated(
            gateway.ask(AdminReply.SyncRotated.class, AdminCommand.RotateSync::new).rotated()));
  }
}
