package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import kaspeer.admin.events.AdminEvent;
import kaspeer.flow.dag.AcceptedBlock;

/** Events in JSON. */
final class EventJson {
  private static final Schema ACCEPTED =
      Schema.object("")
          .with("acceptingBlockHash", Schema.hash(""))
          .with("acceptedTransactionIds", Schema.array(Schema.hash(""), ""));

  static final Schema ALIVE =
      Schema.object("Nothing happened for a while, and the node is there; only if asked for.")
          .with("type", Schema.string("Its name."));

  /** Each type's form. */
  static final Map<AdminEvent.Type, Schema> SCHEMAS = schemas();

  /** The last one of a reader that was too slow; no type that can be asked for. */
  static final Schema DROPPED =
      Schema.object("Events were lost, as the reader was too slow; the stream ends.")
          .with("type", Schema.words("Its name.", AdminEvent.DROPPED))
          .with("at", Schema.time("When this node gave up."))
          .with("reason", Schema.string(""));

  private EventJson() {}

  private static Map<AdminEvent.Type, Schema> schemas() {
    Map<AdminEvent.Type, Schema> all = new EnumMap<>(AdminEvent.Type.class);
    all.put(
        AdminEvent.Type.BLOCK_ADDED,
        of("A block with its body is in the DAG.")
            .with("hash", Schema.hash(""))
            .with("parentHashes", Schema.array(Schema.hash(""), "The direct ones."))
            .with("blueScore", Schema.integer(""))
            .with("daaScore", Schema.integer(""))
            .with("timestamp", Schema.integer("Milliseconds since 1970."))
            .with("transactionCount", Schema.integer(""))
            .with(
                "connection",
                Schema.integer("Of the peer it came from; 0: it was made or handed in here.")));
    all.put(
        AdminEvent.Type.SINK_CHANGED,
        of("The selected chain has another tip.")
            .with("sink", Schema.hash(""))
            .with("sinkBlueScore", Schema.integer(""))
            .with("sinkTimestamp", Schema.integer("Milliseconds since 1970."))
            .with("blockCount", Schema.integer(""))
            .with("headerCount", Schema.integer("")));
    all.put(
        AdminEvent.Type.VIRTUAL_CHANGED,
        of("A block made now would be another one; at most a few times a second.")
            .with("virtualParentHashes", Schema.array(Schema.hash(""), ""))
            .with("virtualDaaScore", Schema.integer("")));
    all.put(
        AdminEvent.Type.CHAIN_CHANGED,
        of("Blocks left and came to the selected chain.")
            .with(
                "removedChainBlockHashes",
                Schema.array(Schema.hash(""), "From the old sink downwards."))
            .with(
                "addedChainBlockHashes", Schema.array(Schema.hash(""), "Upwards to the new sink."))
            .with("acceptedTransactionIds", Schema.array(ACCEPTED, "By those that came.")));
    all.put(
        AdminEvent.Type.BLOCK_DISQUALIFIED,
        of("A block will never be on the selected chain.")
            .with("hash", Schema.hash(""))
            .with("rule", Schema.string("The rule of consensus."))
            .with("detail", Schema.string("")));
    all.put(
        AdminEvent.Type.CHAIN_STOPPED,
        of("The selected chain ends below a block that this version cannot judge.")
            .with("hash", Schema.hash(""))
            .with("detail", Schema.string("")));
    all.put(
        AdminEvent.Type.FINALITY_VIOLATED,
        of("A tip has more work than the sink and is not followed: that would undo what is final.")
            .with("hash", Schema.hash("")));
    all.put(AdminEvent.Type.PEER_CONNECTED, of("").with("peer", PeerJson.IDENTITY));
    all.put(
        AdminEvent.Type.PEER_DISCONNECTED,
        of("")
            .with("peer", PeerJson.IDENTITY)
            .with("reason", Schema.string("Typed: the outcome, and the rule where one was broken."))
            .with("detail", Schema.string("What was seen.")));
    all.put(
        AdminEvent.Type.BANNED,
        of("")
            .with("address", Schema.string("An IP address or a CIDR range."))
            .with("reason", Schema.string(""))
            .with("until", Schema.time("")));
    all.put(AdminEvent.Type.UNBANNED, of("").with("address", Schema.string("As it was banned.")));
    all.put(AdminEvent.Type.SYNC_CHANGED, of("").with("sync", NodeJson.SYNC));
    all.put(
        AdminEvent.Type.FLOW_REPORTED,
        of("A plug-in's flow has something to tell.")
            .with("flow", Schema.string("Its name."))
            .with("kind", Schema.string("Of thing, in the flow's words."))
            .with("fields", Schema.byName(Schema.string(""), "What it tells.")));
    all.put(
        AdminEvent.Type.MEMPOOL_CHANGED,
        of("At most once a second.").with("mempool", MempoolJson.CHANGED));
    return all;
  }

  private static Schema.Obj of(String meaning) {
    return Schema.object(meaning)
        .with("type", Schema.string("Its name."))
        .with("at", Schema.time("When this node noticed."));
  }

  static ObjectNode dropped(Instant at) {
    return Json.object()
        .put("type", AdminEvent.DROPPED)
        .put("at", Json.time(at))
        .put("reason", "too slow");
  }

  static ObjectNode event(AdminEvent event) {
    ObjectNode json =
        Json.object().put("type", event.type().word()).put("at", Json.time(event.at()));
    switch (event) {
      case AdminEvent.BlockAdded added -> block(json, added);
      case AdminEvent.SinkChanged changed -> {
        json.put("sink", changed.sink().hash().toString());
        json.set("sinkBlueScore", Json.unsigned(changed.sink().blueScore()));
        json.set("sinkTimestamp", Json.unsigned(changed.sink().timestamp()));
        json.put("blockCount", changed.blockCount());
        json.put("headerCount", changed.headerCount());
      }
      case AdminEvent.ChainChanged changed -> chain(json, changed);
      case AdminEvent.BlockDisqualified disqualified -> {
        json.put("hash", disqualified.hash().toString());
        json.put("rule", disqualified.rule());
        json.put("detail", disqualified.detail());
      }
      case AdminEvent.ChainStopped stopped -> {
        json.put("hash", stopped.hash().toString());
        json.put("detail", stopped.detail());
      }
      case AdminEvent.FinalityViolated violated -> json.put("hash", violated.hash().toString());
      case AdminEvent.PeerConnected connected ->
          json.set("peer", PeerJson.identity(connected.peer()));
      case AdminEvent.PeerDisconnected gone -> {
        json.set("peer", PeerJson.identity(gone.peer()));
        json.put("reason", gone.reason());
        json.put("detail", gone.detail());
      }
      case AdminEvent.Banned banned -> {
        json.put("address", banned.subject());
        json.put("reason", banned.reason());
        json.put("until", Json.time(banned.at().plus(banned.length())));
      }
      case AdminEvent.Unbanned unbanned -> json.put("address", unbanned.subject());
      case AdminEvent.SyncChanged changed ->
          json.set("sync", NodeJson.sync(changed.status(), changed.peer()));
      case AdminEvent.VirtualChanged changed -> {
        json.set("virtualParentHashes", Json.hashes(changed.parents()));
        json.set("virtualDaaScore", Json.unsigned(changed.daaScore()));
      }
      case AdminEvent.FlowReported reported -> {
        json.put("flow", reported.flow()).put("kind", reported.kind());
        ObjectNode fields = json.putObject("fields");
        reported.fields().forEach(fields::put);
      }
      case AdminEvent.MempoolChanged changed ->
          MempoolJson.changed(json.putObject("mempool"), changed.info());
    }
    return json;
  }

  /** As kaspad notifies of the virtual chain. */
  private static void chain(ObjectNode json, AdminEvent.ChainChanged changed) {
    json.set("removedChainBlockHashes", Json.hashes(changed.removed()));
    json.set(
        "addedChainBlockHashes",
        Json.hashes(changed.added().stream().map(AcceptedBlock::hash).toList()));
    json.set(
        "acceptedTransactionIds",
        Json.array(
            changed.added(),
            block -> {
              ObjectNode accepted =
                  Json.object().put("acceptingBlockHash", block.hash().toString());
              accepted.set("acceptedTransactionIds", Json.hashes(block.transactions().toList()));
              return accepted;
            }));
  }

  private static void block(ObjectNode json, AdminEvent.BlockAdded added) {
    json.put("hash", added.hash().toString());
    json.set("parentHashes", Json.hashes(added.parents()));
    json.set("blueScore", Json.unsigned(added.blueScore()));
    json.set("daaScore", Json.unsigned(added.daaScore()));
    json.set("timestamp", Json.unsigned(added.timestamp()));
    json.put("transactionCount", added.transactions());
    json.put("connection", added.origin());
  }
}
