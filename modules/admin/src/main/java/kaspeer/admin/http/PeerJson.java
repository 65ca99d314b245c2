package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import kaspeer.admin.AdminReply;
import kaspeer.admin.PeerKey;
import kaspeer.engine.addresses.AddressReport;
import kaspeer.engine.peer.PeerReport;
import kaspeer.engine.peer.PeerReport.FlowReport;
import kaspeer.engine.peer.PeerReport.Traffic;
import kaspeer.engine.peers.Departure;
import kaspeer.engine.sanctions.Sanctions.Ban;
import kaspeer.flow.PeerInfo;

/** Peers present and gone, bans and addresses in JSON, and their schemas. */
final class PeerJson {
  private static final double NANOS_PER_MILLI = 1e6;

  /** What is known of a peer from its handshake on. */
  static final Schema.Obj IDENTITY =
      Schema.object("A peer.")
          .with("id", Schema.string("What the peer calls itself: a UUID."))
          .with("connection", Schema.integer("Number of the connection, unique in this process."))
          .with("address", Schema.string("IP:port of the other end."))
          .with("direction", Schema.words("Who dialled.", "inbound", "outbound"))
          .with("userAgent", Schema.string("What the peer says it runs."))
          .with("protocolVersion", Schema.integer("The version spoken."))
          .with("advertisedProtocolVersion", Schema.integer("The highest version the peer speaks."))
          .with("connectedAt", Schema.time(""))
          .with("timeOffset", Schema.integer("Our clock minus the peer's, in milliseconds."))
          .with(
              "isPermanent", Schema.bool("Whether an operator asked for it, to be dialled again."));

  private static final Schema TRAFFIC =
      Schema.byName(
          Schema.object("")
              .with("messages", Schema.integer(""))
              .with("bytes", Schema.integer("Unpacked.")),
          "By message type.");

  private static final Schema FLOW =
      Schema.object("A flow with this peer.")
          .with("name", Schema.string(""))
          .with(
              "state",
              Schema.words(
                  "Hanging is a plug-in's that has had one message for long.",
                  "running",
                  "finished",
                  "failed",
                  "hanging"))
          .with("inboxDepth", Schema.integer("Messages waiting."))
          .with("handled", Schema.integer("Messages taken."))
          .with("dropped", Schema.integer("Messages dropped for want of room."))
          .with("failures", Schema.integer("Times it failed by our own fault."));

  private static final Schema.Obj SUMMARY =
      IDENTITY
          .nullable(
              "lastPingMs", Schema.number("Round trip of the last ping; null before the first."))
          .with("isIbdPeer", Schema.bool("Whether it leads the sync."))
          .with("score", Schema.number("Points against it."))
          .with("sentBytes", Schema.integer("Of all types together."))
          .with("receivedBytes", Schema.integer("Of all types together."));

  static final Schema PEER =
      SUMMARY.with("sent", TRAFFIC).with("received", TRAFFIC).with("flows", Schema.array(FLOW, ""));

  /** In a list, which may be brief. */
  static final Schema LISTED =
      SUMMARY
          .maybe("sent", TRAFFIC)
          .maybe("received", TRAFFIC)
          .maybe("flows", Schema.array(FLOW, ""));

  static final Schema DEPARTURE =
      IDENTITY
          .with("departedAt", Schema.time(""))
          .with("reason", Schema.string("Typed: the outcome, and the rule where one was broken."))
          .with("detail", Schema.string("What was seen."))
          .with("sanction", Schema.string("What followed for the peer."));

  static final Schema CONNECTED =
      Schema.object("A connection that was asked for.")
          .maybe("connection", Schema.integer("Its number, if there is one."))
          .with("wasConnected", Schema.bool("Whether it was there before."))
          .with("isPermanent", Schema.bool("Whether it is held, by this order or before."))
          .maybe(
              "why", Schema.string("Why it is not connected yet; it is dialled again and again."))
          .maybe("id", Schema.string("What the peer calls itself."))
          .maybe("address", Schema.string(""))
          .maybe("userAgent", Schema.string(""));

  static final Schema BAN =
      Schema.object("A ban.")
          .with("address", Schema.string("An IP address or a CIDR range."))
          .with("reason", Schema.string(""))
          .with("until", Schema.time(""))
          .with("evidence", Schema.string("What was seen."));

  static final Schema ADDRESS =
      Schema.object("An address where a node may be.")
          .with("address", Schema.string("IP:port."))
          .with("source", Schema.string("Who told: an IP address, dns, operator or dialled."))
          .nullable("lastSuccess", Schema.time("When it was last connected to."))
          .with("failures", Schema.integer("Failed dials since then."));

  private PeerJson() {}

  static ObjectNode identity(PeerInfo info) {
    ObjectNode json = Json.object();
    json.put("id", PeerKey.show(info));
    json.put("connection", info.number());
    json.put("address", Json.address(info.address()));
    json.put("direction", info.direction().name().toLowerCase(Locale.ROOT));
    json.put("userAgent", info.userAgent());
    json.put("protocolVersion", info.protocolVersion());
    json.put("advertisedProtocolVersion", info.advertisedVersion());
    json.put("connectedAt", Json.time(info.connectedAt()));
    json.put("timeOffset", info.timeOffset().toMillis());
    json.put("isPermanent", info.permanent());
    return json;
  }

  static ObjectNode peer(PeerReport report) {
    ObjectNode json = summary(report);
    json.set("sent", traffic(report.sent()));
    json.set("received", traffic(report.received()));
    json.set("flows", Json.array(report.flows(), PeerJson::flow));
    return json;
  }

  /** Without traffic by type and without flows: a small part of the whole. */
  static ObjectNode summary(PeerReport report) {
    ObjectNode json = identity(report.info());
    if (report.lastPing() == null) {
      json.putNull("lastPingMs");
    } else {
      json.put("lastPingMs", report.lastPing().toNanos() / NANOS_PER_MILLI);
    }
    json.put("isIbdPeer", report.isIbdPeer());
    json.put("score", report.score());
    json.put("sentBytes", bytes(report.sent()));
    json.put("receivedBytes", bytes(report.received()));
    return json;
  }

  private static long bytes(Map<String, Traffic> byType) {
    return byType.values().stream().mapToLong(Traffic::bytes).sum();
  }

  private static JsonNode traffic(Map<String, Traffic> byType) {
    ObjectNode json = Json.object();
    new TreeMap<>(byType)
        .forEach(
            (type, traffic) ->
                json.putObject(type)
                    .put("messages", traffic.messages())
                    .put("bytes", traffic.bytes()));
    return json;
  }

  private static JsonNode flow(FlowReport flow) {
    return Json.object()
        .put("name", flow.name())
        .put("state", flow.state())
        .put("inboxDepth", flow.inboxDepth())
        .put("handled", flow.handled())
        .put("dropped", flow.dropped())
        .put("failures", flow.failures());
  }

  static JsonNode connected(AdminReply.PeerConnected connected, boolean permanent) {
    ObjectNode json =
        Json.object()
            .put("connection", connected.number())
            .put("wasConnected", connected.known())
            .put(
                "isPermanent",
                permanent || connected.peer().filter(PeerInfo::permanent).isPresent());
    connected
        .peer()
        .ifPresent(
            peer ->
                json.put("id", PeerKey.show(peer))
                    .put("address", Json.address(peer.address()))
                    .put("userAgent", peer.userAgent()));
    return json;
  }

  static JsonNode held(AdminReply.PeerHeld held) {
    return Json.object()
        .put("wasConnected", false)
        .put("isPermanent", true)
        .put("address", held.target().toString())
        .put("why", held.why());
  }

  static JsonNode departure(Departure departure) {
    return identity(departure.info())
        .put("departedAt", Json.time(departure.at()))
        .put("reason", departure.reason())
        .put("detail", departure.detail())
        .put("sanction", departure.sanction());
  }

  static JsonNode ban(Ban ban) {
    return Json.object()
        .put("address", ban.subject())
        .put("reason", ban.reason())
        .put("until", Json.time(ban.until()))
        .put("evidence", ban.evidence());
  }

  static JsonNode address(AddressReport report) {
    ObjectNode json =
        Json.object().put("address", report.address().toString()).put("source", report.source());
    if (report.lastSuccess() == null) {
      json.putNull("lastSuccess");
    } else {
      json.put("lastSuccess", Json.time(report.lastSuccess()));
    }
    return json.put("failures", report.failures());
  }
}
