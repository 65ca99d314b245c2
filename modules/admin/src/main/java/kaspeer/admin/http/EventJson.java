package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import kaspeer.admin.events.AdminEvent;

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
