package kaspeer.admin.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.HostPort;
import kaspeer.admin.PeerKey;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.sanctions.Sanctions.Ban;
import kaspeer.flow.policy.Policy;
import kaspeer.primitives.json.JsonException;
import kaspeer.primitives.json.JsonNode;

/** Peers, bans and addresses. */
final class PeerRoutes {
  private static final int MAX_SUBJECT = 64;
  private static final int MAX_REASON = 256;

  private static final Schema DIAL =
      Schema.object("An order to dial.")
          .with(
              "address",
              Schema.string("host:port; the port may be left out if it is the network's own."))
          .maybe("permanent", Schema.bool("Whether to dial again and again; false if left out."));

  private static final Schema BAN_ORDER =
      Schema.object("An order to ban.")
          .with("address", Schema.string("An IP address or a CIDR range."))
          .maybe("reason", Schema.string(""))
          .maybe("until", Schema.time("The end; in 24 hours if neither this nor seconds is given."))
          .maybe("seconds", Schema.integer("How long."))
          .maybe("evidence", Schema.string(""));

  private static final Schema UNBAN_ORDER =
      Schema.object("An order to lift a ban.").with("address", Schema.string("As it was banned."));

  private final Gateway gateway;
  private final InstantSource clock;
  private final int defaultPort;

  /**
   * @param defaultPort of an address without one
   */
  PeerRoutes(Gateway gateway, InstantSource clock, int defaultPort) {
    this.gateway = gateway;
    this.clock = clock;
    this.defaultPort = defaultPort;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/peers", "Connected peers.")
            .query(
                "brief",
                Schema.bool(""),
                "Whether to leave out flows, and traffic by message type.")
            .limited("those connected longest")
            .answers(Schema.array(PeerJson.LISTED, ""))
            .by(this::peers),
        Route.get("/api/v1/peers/departed", "Peers that are gone, and why, the latest first.")
            .limited("the latest")
            .answers(Schema.array(PeerJson.DEPARTURE, ""))
            .by(this::departed),
        Route.get(
                "/api/v1/peers/{id}",
                "A connected peer, by its id or the number of its connection.")
            .answers(PeerJson.PEER)
            .by(this::peer),
        Route.post(
                "/api/v1/peers",
                "Dials; answers when the handshake is done, or with 202 when a permanent peer is"
                    + " held that cannot be reached yet.")
            .order(DIAL, false)
            .answers(
                Route.Answer.created(PeerJson.CONNECTED)
                    .meaning("It is connected.")
                    .alsoWith(
                        202, "It is held, and dialled again and again; it is not connected yet."))
            .by(this::connect),
        Route.delete("/api/v1/peers/{id}", "Disconnects; a permanent peer is not dialled again.")
            .by(this::disconnect),
        Route.get("/api/v1/bans", "Bans in force, those that end first in front.")
            .limited("those that end last")
            .answers(Schema.array(PeerJson.BAN, ""))
            .by(this::bans),
        Route.post("/api/v1/bans", "Bans, and disconnects whom it covers.")
            .order(BAN_ORDER, false)
            .answers(Route.Answer.created(PeerJson.BAN))
            .by(this::ban),
        Route.delete("/api/v1/bans", "Lifts a ban, named in the query or the body.")
            .query("address", Schema.string(""), "As it was banned.")
            .order(UNBAN_ORDER, true)
            .by(this::unban),
        Route.delete("/api/v1/bans/{address*}", "Lifts a ban, named in the path.")
            .by(request -> unban(request.path("address"))),
        Route.get("/api/v1/addresses", "Known addresses.")
            .limited("the first of them")
            .answers(Schema.array(PeerJson.ADDRESS, ""))
            .by(this::addresses));
  }

  private Response peers(Request request) throws InterruptedException {
    AdminReply.PeerList list = gateway.ask(AdminReply.PeerList.class, AdminCommand.ListPeers::new);
    List<PeerReport> wanted = first(list.peers(), request);
    int total = list.peers().size();
    return request.flag("brief")
        ? Json.some(wanted, total, PeerJson::summary)
        : Json.some(wanted, total, PeerJson::peer);
  }

  private Response departed(Request request) throws InterruptedException {
    AdminReply.DepartureList list =
        gateway.ask(AdminReply.DepartureList.class, AdminCommand.ListDepartures::new);
    return Json.some(
        first(list.departures(), request), list.departures().size(), PeerJson::departure);
  }

  private static <T> List<T> first(List<T> all, Request request) {
    return all.subList(0, Math.min(all.size(), request.limit()));
  }

  private Response peer(Request request) throws InterruptedException {
    PeerKey key = key(request);
    AdminReply.PeerDetail detail =
        gateway.ask(AdminReply.PeerDetail.class, replyTo -> new AdminCommand.GetPeer(key, replyTo));
    return Response.Json.ok(PeerJson.peer(detail.peer()));
  }

  private Response connect(Request request) throws InterruptedException {
    Dial dial = Orders.read(request, PeerRoutes::dial);
    AdminReply reply = dial.permanent ? hold(dial.address) : dialOnce(dial.address);
    return switch (reply) {
      case AdminReply.PeerConnected connected ->
          Response.Json.created(PeerJson.connected(connected, dial.permanent));
      case AdminReply.PeerHeld held -> Response.Json.accepted(PeerJson.held(held));
      default -> throw Gateway.problem(reply);
    };
  }

  private record Dial(String address, boolean permanent) {}

  private static Dial dial(JsonNode order) {
    JsonNode permanent = order.find("permanent");
    Orders.only(order, "address", "permanent");
    return new Dial(order.get("address").asString(), permanent != null && permanent.asBoolean());
  }

  /** A peer is held as it was named: who a name stands for may move, or not be known yet. */
  private AdminReply hold(String address) throws InterruptedException {
    HostPort named = named(address);
    DialTarget target = new DialTarget(named.host(), named.port());
    return gateway.ask(AdminReply.class, replyTo -> new AdminCommand.HoldPeer(target, replyTo));
  }

  private AdminReply dialOnce(String address) throws InterruptedException {
    HostPort named = named(address);
    try {
      InetSocketAddress place =
          new InetSocketAddress(InetAddress.getByName(named.host()), named.port());
      return gateway.ask(AdminReply.class, replyTo -> new AdminCommand.ConnectPeer(place, replyTo));
    } catch (UnknownHostException e) {
      throw new Problem(Kind.REFUSED, "no host is called " + Text.shorten(named.host()));
    }
  }

  private HostPort named(String address) {
    try {
      return HostPort.parse(address, defaultPort);
    } catch (IllegalArgumentException e) {
      throw new Problem(Kind.BAD_REQUEST, "address: " + e.getMessage());
    }
  }

  private Response disconnect(Request request) throws InterruptedException {
    PeerKey key = key(request);
    gateway.ask(
        AdminReply.Done.class,
        replyTo -> new AdminCommand.DisconnectPeer(key, "asked for by the operator", replyTo));
    return new Response.Empty();
  }

  private static PeerKey key(Request request) {
    return PeerKey.parse(request.path("id"))
        .orElseThrow(
            () ->
                new Problem(
                    Kind.BAD_REQUEST, "a peer's id is a UUID or the number of its connection"));
  }

  private Response bans(Request request) throws InterruptedException {
    AdminReply.BanList list = gateway.ask(AdminReply.BanList.class, AdminCommand.ListBans::new);
    List<Ban> bans = list.bans();
    int from = bans.size() - Math.min(bans.size(), request.limit());
    return Json.some(bans.subList(from, bans.size()), bans.size(), PeerJson::ban);
  }

  private Response ban(Request request) throws InterruptedException {
    BanOrder order = Orders.read(request, this::banOrder);
    AdminReply.BanMade made =
        gateway.ask(
            AdminReply.BanMade.class,
            replyTo ->
                new AdminCommand.AddBan(
                    order.address, order.reason, order.length, order.evidence, replyTo));
    return Response.Json.created(PeerJson.ban(made.ban()));
  }

  private record BanOrder(String address, String reason, Duration length, String evidence) {}

  private BanOrder banOrder(JsonNode order) {
    Orders.only(order, "address", "reason", "until", "seconds", "evidence");
    return new BanOrder(
        subject(order.get("address").asString()),
        optional(order, "reason").orElse("operator"),
        length(order),
        optional(order, "evidence").orElse(""));
  }

  private Duration length(JsonNode order) {
    Duration length = asked(order);
    if (length.compareTo(AdminCommand.LONGEST_BAN) > 0) {
      throw new JsonException("a ban lasts ten years at most");
    }
    return length;
  }

  private Duration asked(JsonNode order) {
    JsonNode seconds = order.find("seconds");
    Optional<String> until = optional(order, "until");
    if (seconds != null && until.isPresent()) {
      throw new JsonException("either until or seconds");
    }
    if (seconds != null) {
      return lasting(
          Duration.ofSeconds(seconds.asUnsigned(Integer.MAX_VALUE)), "seconds are at least 1");
    }
    try {
      return until
          .map(text -> Duration.between(clock.instant(), Instant.parse(text)))
          .map(length -> lasting(length, "until is in the past"))
          .orElse(Policy.BAN_LENGTH);
    } catch (DateTimeParseException e) {
      throw new JsonException("until is no time such as 2030-01-31T12:00:00Z", e);
    }
  }

  private static Duration lasting(Duration length, String otherwise) {
    if (!length.isPositive()) {
      throw new JsonException(otherwise);
    }
    return length;
  }

  private Response unban(Request request) throws InterruptedException {
    Optional<String> named = request.query("address");
    if (named.isPresent() == request.hasBody()) {
      throw new Problem(Kind.BAD_REQUEST, "name the ban to lift, in the query or in the body");
    }
    return unban(named.isPresent() ? named.get() : Orders.read(request, PeerRoutes::unbanOrder));
  }

  private static String unbanOrder(JsonNode order) {
    Orders.only(order, "address");
    return order.get("address").asString();
  }

  private Response unban(String address) throws InterruptedException {
    String subject = subject(address);
    gateway.ask(AdminReply.Done.class, replyTo -> new AdminCommand.RemoveBan(subject, replyTo));
    return new Response.Empty();
  }

  private Response addresses(Request request) throws InterruptedException {
    AdminReply.AddressList list =
        gateway.ask(AdminReply.AddressList.class, AdminCommand.ListAddresses::new);
    return Json.some(first(list.addresses(), request), list.addresses().size(), PeerJson::address);
  }

  private static String subject(String text) {
    if (text.length() > MAX_SUBJECT || IpRange.parse(text.strip()).isEmpty()) {
      throw new Problem(
          Kind.BAD_REQUEST,
          "address: '" + Text.shorten(text) + "' is neither an IP address nor a CIDR range");
    }
    return text;
  }

  private static Optional<String> optional(JsonNode order, String name) {
    JsonNode node = order.find(name);
    if (node == null) {
      return Optional.empty();
    }
    String text = node.asString();
    if (text.length() > MAX_REASON) {
      throw new JsonException(name + " has more than " + MAX_REASON + " characters");
    }
    return Optional.of(text);
  }
}
