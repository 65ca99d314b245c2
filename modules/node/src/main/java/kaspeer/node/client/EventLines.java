package kaspeer.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import kaspeer.admin.events.AdminEvent;
import kaspeer.primitives.Printable;

/** Events as lines of text. */
public final class EventLines {
  private static final int SHORT_HASH = 12;

  private EventLines() {}

  /** One line, {@linkplain Printable printable}. */
  public static String line(JsonNode event) {
    String name = event.path("type").asText();
    String text =
        AdminEvent.Type.of(name)
            .map(type -> text(type, event))
            .orElseGet(
                () ->
                    name.equals(AdminEvent.DROPPED)
                        ? "events were lost: " + event.path("reason").asText()
                        : event.toString());
    return Printable.line((event.path("at").asText() + " " + text).strip());
  }

  private static String text(AdminEvent.Type type, JsonNode event) {
    return switch (type) {
      case BLOCK_ADDED ->
          "block "
              + hash(event, "hash")
              + ", blue score "
              + event.path("blueScore").asText()
              + ", "
              + event.path("parentHashes").size()
              + " parents, "
              + event.path("transactionCount").asText()
              + " transactions"
              + (event.path("connection").asLong() == 0
                  ? ""
                  : ", from peer " + event.path("connection").asText());
      case SINK_CHANGED ->
          "sink " + hash(event, "sink") + ", blue score " + event.path("sinkBlueScore").asText();
      case VIRTUAL_CHANGED ->
          "virtual DAA score "
              + event.path("virtualDaaScore").asText()
              + ", "
              + event.path("virtualParentHashes").size()
              + " parents";
      case MEMPOOL_CHANGED -> mempool(event.path("mempool"));
      case CHAIN_CHANGED -> chain(event);
      case BLOCK_DISQUALIFIED ->
          "block "
              + hash(event, "hash")
              + " cannot be on the selected chain: "
              + event.path("rule").asText()
              + detail(event.path("detail").asText());
      case CHAIN_STOPPED ->
          "the selected chain ends below block "
              + hash(event, "hash")
              + detail(event.path("detail").asText());
      case FINALITY_VIOLATED ->
          "tip " + hash(event, "hash") + " violates finality and is not followed";
      case PEER_CONNECTED -> "peer " + peer(event) + " connected";
      case PEER_DISCONNECTED ->
          "peer "
              + peer(event)
              + " left: "
              + event.path("reason").asText()
              + detail(event.path("detail").asText());
      case BANNED ->
          event.path("address").asText()
              + " banned until "
              + event.path("until").asText()
              + ": "
              + event.path("reason").asText();
      case UNBANNED -> event.path("address").asText() + " no longer banned";
      case SYNC_CHANGED ->
          "sync " + event.path("sync").path("state").asText() + sync(event.path("sync"));
      case FLOW_REPORTED ->
          event.path("flow").asText()
              + ": "
              + event.path("kind").asText()
              + " "
              + event.path("fields");
    };
  }

  private static String hash(JsonNode event, String name) {
    String hash = event.path(name).asText();
    return hash.substring(0, Math.min(SHORT_HASH, hash.length())) + "…";
  }

  private static String chain(JsonNode event) {
    int transactions = 0;
    for (JsonNode block : event.path("acceptedTransactionIds")) {
      transactions += block.path("acceptedTransactionIds").size();
    }
    return "selected chain: %d blocks left, %d came and accepted %d transactions"
        .formatted(
            event.path("removedChainBlockHashes").size(),
            event.path("addedChainBlockHashes").size(),
            transactions);
  }

  private static String mempool(JsonNode mempool) {
    return "mempool %s transactions, %s bytes, normal fee rate %s"
        .formatted(
            mempool.path("mempoolSize").asText(),
            mempool.path("bytes").asText(),
            mempool.at("/feeEstimate/normalBuckets/0/feerate").asText());
  }

  private static String peer(JsonNode event) {
    JsonNode peer = event.path("peer");
    return peer.path("connection").asText()
        + " "
        + peer.path("address").asText()
        + " "
        + peer.path("userAgent").asText();
  }

  private static String sync(JsonNode sync) {
    String stage = sync.path("stage").asText();
    return stage.isEmpty()
        ? ""
        : String.format(Locale.ROOT, ", %s %.1f %%", stage, 100 * sync.path("progress").asDouble());
  }

  private static String detail(String detail) {
    return detail.isEmpty() ? "" : " (" + detail + ")";
  }
}
