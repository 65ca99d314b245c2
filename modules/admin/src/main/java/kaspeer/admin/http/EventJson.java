package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import kaspeer.admin.events.AdminEvent;
import kaspeer.flow.dag.AcceptedBlock;

/** Events in JSON. */
final class EventJson {
  private EventJson() {}

  static ObjectNode event(AdminEvent event) {
    ObjectNode json = Json.object().put("type", event.type()).put("at", Json.time(event.at()));
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
      case AdminEvent.SyncChanged changed -> {
        Long peer = changed.status().peer();
        json.set(
            "sync", NodeJson.sync(changed.status(), peer == null ? null : Long.toString(peer)));
      }
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
