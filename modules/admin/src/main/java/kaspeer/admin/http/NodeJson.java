package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import kaspeer.admin.AdminReply.NodeReport;
import kaspeer.admin.Health;
import kaspeer.admin.PeerKey;
import kaspeer.engine.Engine.RegisteredFlow;
import kaspeer.engine.extension.FlowHealth;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.LocalNode;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.jspecify.annotations.Nullable;

/** The node, its flows, cluster and health in JSON, and their schemas. */
final class NodeJson {
  static final Schema SYNC =
      Schema.object("The sync.")
          .with("state", Schema.words("What the node is doing.", "waiting", "syncing", "synced"))
          .with("stage", Schema.string("negotiation, headers or bodies; empty when not syncing."))
          .with("progress", Schema.number("Of the stage: 0 to 1."))
          .with("headersPerSecond", Schema.number("Over the last seconds."))
          .with("blocksPerSecond", Schema.number("Over the last seconds."))
          .with("stalls", Schema.integer("Times a peer was replaced since the start."))
          .nullable("peer", Schema.string("Id of the peer that leads it."));

  static final Schema NODE =
      Schema.object("This node.")
          .with("id", Schema.string("What it calls itself to peers: a UUID, new at each start."))
          .with("version", Schema.string(""))
          .with("userAgent", Schema.string("What it tells peers it runs."))
          .with("network", Schema.string("mainnet, testnet-10, devnet or simnet."))
          .with("protocolVersions", Schema.array(Schema.integer(""), "Of the P2P protocol."))
          .with("roles", Schema.array(Schema.string(""), "core, edge."))
          .with("policy", Schema.string("What peers' breaches lead to: network or strict."))
          .nullable("p2pAddress", Schema.string("Where it accepts peers; null when it only dials."))
          .with("startedAt", Schema.time(""))
          .with("peerCount", Schema.integer("Connected peers."))
          .with(
              "isSynced",
              Schema.bool("Whether it is at the tip of the network, as far as it can know."))
          .with("sync", SYNC)
          .nullable("chainStopped", DagJson.CHAIN_STOPPED);

  static final Schema FLOW =
      Schema.object("A registered flow.")
          .with("name", Schema.string(""))
          .with("protocolVersions", Schema.array(Schema.integer(""), "Of those this node speaks."))
          .with("phase", Schema.words("When it starts.", "handshake", "ready"))
          .with("receives", Schema.array(Schema.string(""), "Message types."))
          .with("sends", Schema.array(Schema.string(""), "Message types."))
          .with("inboxes", Schema.array(inbox(), "Its bounded queues."))
          .with("onFailure", Schema.words("When it fails by our own fault.", "endPeer", "restart"))
          .with("origin", Schema.string("built-in, or a plug-in's file."))
          .maybe("extension", ExtensionJson.EXTENSION);

  static final Schema HEALTH =
      Schema.object("Of what use the node is.")
          .with("started", Schema.bool("All its parts run."))
          .with("joined", Schema.bool("It is a member of its cluster; on its own it always is."))
          .with("synced", Schema.bool("It is at the tip of the network."))
          .with("serving", Schema.bool("It takes connections and requests: it is not stopping."));

  private NodeJson() {}

  private static Schema inbox() {
    return Schema.object("")
        .with("name", Schema.string(""))
        .with(
            "solicited",
            Schema.bool("Whether it takes answers only, while their question is open."))
        .with("maxMessages", Schema.integer(""))
        .with("maxBytes", Schema.integer(""))
        .with("overflow", Schema.words("When it is full.", "drop", "backpressure", "disconnect"));
  }

  static ObjectNode node(NodeReport report) {
    LocalNode local = report.local();
    ObjectNode json = Json.object();
    json.put("id", local.id().toString());
    json.put("version", report.facts().version());
    json.put("userAgent", local.userAgent());
    json.put("network", local.network().optionName());
    json.set("protocolVersions", versions(local, FlowDescriptor.VersionRange.ALL));
    json.set("roles", Json.array(report.facts().roles(), Json::text));
    json.put("policy", report.facts().policy());
    InetSocketAddress p2p = report.facts().p2pAddress();
    json.put("p2pAddress", p2p == null ? null : Json.address(p2p));
    json.put("startedAt", Json.time(report.facts().startedAt()));
    json.put("peerCount", report.peers());
    json.put("isSynced", report.isSynced());
    json.set("sync", sync(report.sync(), report.syncPeer().map(PeerKey::show).orElse(null)));
    json.set("chainStopped", DagJson.chainStopped(report.stop()));
    return json;
  }

  /**
   * @param peer who leads it, as it is shown
   */
  static ObjectNode sync(SyncStatus status, @Nullable String peer) {
    return Json.object()
        .put("state", status.state().name().toLowerCase(Locale.ROOT))
        .put("peer", peer)
        .put("stage", status.stage())
        .put("progress", status.progress())
        .put("headersPerSecond", status.headersPerSecond())
        .put("blocksPerSecond", status.blocksPerSecond())
        .put("stalls", status.stalls());
  }

  static ArrayNode flows(List<RegisteredFlow> flows, LocalNode local) {
    return Json.array(flows, flow -> flow(flow, local));
  }

  private static JsonNode flow(RegisteredFlow flow, LocalNode local) {
    FlowDescriptor descriptor = flow.descriptor();
    ObjectNode json = Json.object();
    json.put("name", descriptor.name());
    json.set("protocolVersions", versions(local, descriptor.versions()));
    json.put("phase", descriptor.phase().name().toLowerCase(Locale.ROOT));
    json.set(
        "receives",
        types(descriptor.inboxes().stream().flatMap(i -> i.payloads().stream()).toList()));
    json.set("sends", types(descriptor.sends()));
    json.set("inboxes", Json.array(descriptor.inboxes(), NodeJson::inbox));
    json.put(
        "onFailure",
        descriptor.onFailure() == FlowDescriptor.OnFailure.RESTART ? "restart" : "endPeer");
    json.put("origin", flow.origin());
    FlowHealth.Report health = flow.health();
    if (health != null) {
      json.set("extension", ExtensionJson.extension(descriptor.extension(), health));
    }
    return json;
  }

  private static JsonNode inbox(FlowDescriptor.Inbox inbox) {
    return Json.object()
        .put("name", inbox.name())
        .put("solicited", inbox.solicited())
        .put("maxMessages", inbox.maxMessages())
        .put("maxBytes", inbox.maxBytes())
        .put("overflow", inbox.overflow().name().toLowerCase(Locale.ROOT));
  }

  private static ArrayNode versions(LocalNode local, FlowDescriptor.VersionRange range) {
    ArrayNode versions = Json.array(List.<String>of(), Json::text);
    for (int version = local.minVersion(); version <= local.maxVersion(); version++) {
      if (range.contains(version)) {
        versions.add(version);
      }
    }
    return versions;
  }

  static ArrayNode types(Collection<PayloadCase> types) {
    return Json.array(
        types.stream().map(type -> PayloadCatalogue.standard().of(type).name()).sorted().toList(),
        Json::text);
  }

  static JsonNode health(Health health) {
    return Json.object()
        .put("started", health.started())
        .put("joined", health.joined())
        .put("synced", health.synced())
        .put("serving", health.serving());
  }
}
