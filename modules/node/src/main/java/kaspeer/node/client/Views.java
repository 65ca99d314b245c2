package kaspeer.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A node's answers as tables. */
public final class Views {
  private static final int KIB = 1024;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Views() {}

  /** One line a member; members of members with a dot between. */
  public static TextTable members(JsonNode json) {
    TextTable table = new TextTable("NAME", "VALUE");
    addMembers(table, "", json);
    return table;
  }

  private static void addMembers(TextTable table, String prefix, JsonNode json) {
    json.properties()
        .forEach(
            member -> {
              JsonNode value = member.getValue();
              String name = prefix + member.getKey();
              if (value.isObject()) {
                addMembers(table, name + ".", value);
              } else {
                table.row(name, text(value));
              }
            });
  }

  /** A value on one line: lists with commas, names before what they are of, nothing as a dash. */
  private static String text(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(member -> member.getKey() + " " + text(member.getValue()))
          .collect(Collectors.joining(" "));
    }
    if (value.isArray()) {
      StringBuilder list = new StringBuilder();
      value.forEach(element -> list.append(list.isEmpty() ? "" : ", ").append(text(element)));
      return list.toString();
    }
    return value.isNull() || value.isMissingNode() ? "-" : value.asText();
  }

  public static TextTable policy(JsonNode policy) {
    TextTable table = new TextTable("BREACH", "SANCTION", "CONFIGURED", "FATAL");
    for (JsonNode row : policy.path("rows")) {
      String points = row.has("points") ? " " + text(row.path("points")) + " points" : "";
      String length = row.has("seconds") ? " " + text(row.path("seconds")) + " s" : "";
      table.row(
          text(row.path("code")),
          text(row.path("sanction")) + points + length,
          row.path("changed").asBoolean() ? text(row.path("configured")) : "",
          row.path("fatal").asBoolean() ? "yes" : "");
    }
    return table;
  }

  public static TextTable limits(JsonNode limits) {
    TextTable table = new TextTable("NAME", "VALUE", "CONFIGURED", "MEANING");
    for (JsonNode limit : limits) {
      table.row(
          text(limit.path("name")),
          text(limit.path("value")),
          text(limit.path("configured")),
          text(limit.path("meaning")));
    }
    return table;
  }

  public static TextTable logLevels(JsonNode levels) {
    TextTable table = new TextTable("LOGGER", "LEVEL");
    for (JsonNode entry : levels) {
      table.row(text(entry.path("logger")), text(entry.path("level")));
    }
    return table;
  }

  public static TextTable permanent(JsonNode peers) {
    TextTable table = new TextTable("PEER", "ADDRESS", "CONNECTED", "FAILURES");
    for (JsonNode peer : peers) {
      table.row(
          text(peer.path("target")),
          text(peer.path("address")),
          peer.path("connected").asBoolean() ? "yes" : "no",
          text(peer.path("failures")));
    }
    return table;
  }

  public static TextTable peers(JsonNode peers) {
    TextTable table =
        new TextTable(
            "CONN",
            "ADDRESS",
            "DIR",
            "USER AGENT",
            "P2P",
            "PING",
            "SENT",
            "RECEIVED",
            "SCORE",
            "CONNECTED");
    for (JsonNode peer : peers) {
      boolean leads = peer.path("isIbdPeer").asBoolean();
      table.row(
          text(peer.path("connection")),
          text(peer.path("address")),
          text(peer.path("direction")) + (leads ? " sync" : ""),
          text(peer.path("userAgent")),
          text(peer.path("protocolVersion")),
          ping(peer.path("lastPingMs")),
          size(peer.path("sentBytes").asLong()),
          size(peer.path("receivedBytes").asLong()),
          Math.round(peer.path("score").asDouble()),
          text(peer.path("connectedAt")));
    }
    return table;
  }

  /** A peer with its flows and traffic. */
  public static void peer(JsonNode peer, PrintWriter out) {
    TextTable identity = new TextTable("NAME", "VALUE");
    peer.properties()
        .forEach(
            member -> {
              if (member.getValue().isValueNode()) {
                identity.row(member.getKey(), text(member.getValue()));
              }
            });
    identity.print(out);
    out.println();
    TextTable flows = new TextTable("FLOW", "STATE", "WAITING", "HANDLED", "DROPPED", "FAILURES");
    for (JsonNode flow : peer.path("flows")) {
      flows.row(
          text(flow.path("name")),
          text(flow.path("state")),
          text(flow.path("inboxDepth")),
          text(flow.path("handled")),
          text(flow.path("dropped")),
          text(flow.path("failures")));
    }
    flows.print(out);
    out.println();
    Set<String> types = new TreeSet<>();
    peer.path("sent").fieldNames().forEachRemaining(types::add);
    peer.path("received").fieldNames().forEachRemaining(types::add);
    TextTable traffic = new TextTable("MESSAGE", "SENT", "BYTES", "RECEIVED", "BYTES");
    for (String type : types) {
      JsonNode sent = peer.path("sent").path(type);
      JsonNode received = peer.path("received").path(type);
      traffic.row(
          type,
          sent.path("messages").asLong(),
          size(sent.path("bytes").asLong()),
          received.path("messages").asLong(),
          size(received.path("bytes").asLong()));
    }
    traffic.print(out);
  }

  public static TextTable departed(JsonNode departures) {
    return list(
        departures,
        "departedAt",
        "address",
        "direction",
        "reason",
        "detail",
        "sanction",
        "userAgent");
  }

  public static TextTable bans(JsonNode bans) {
    return list(bans, "address", "until", "reason", "evidence");
  }

  public static TextTable addresses(JsonNode addresses) {
    return list(addresses, "address", "source", "lastSuccess", "failures");
  }

  /**
   * Every flow, and whether it runs. The messages are left out: there may be dozens to a flow, and
   * a table is as wide as its longest line.
   */
  public static TextTable flows(JsonNode flows) {
    TextTable table =
        new TextTable("NAME", "PROTOCOL VERSIONS", "PHASE", "ON FAILURE", "ORIGIN", "STATE");
    for (JsonNode flow : flows) {
      table.row(
          text(flow.path("name")),
          text(flow.path("protocolVersions")),
          text(flow.path("phase")),
          text(flow.path("onFailure")),
          text(flow.path("origin")),
          state(flow.path("extension")));
    }
    return table;
  }

  /** Only a plug-in's flow can be switched off. */
  private static String state(JsonNode extension) {
    String detail = extension.path("detail").asText();
    return extension.path("state").asText("running") + (detail.isEmpty() ? "" : ": " + detail);
  }

  public static TextTable cluster(JsonNode cluster) {
    return list(
        cluster.path("members"),
        "address",
        "roles",
        "status",
        "reachable",
        "peers",
        "dag",
        "lag",
        "isSelf");
  }

  public static TextTable clusterPeers(JsonNode cluster) {
    return list(
        cluster.path("peers"), "member", "address", "direction", "userAgent", "connectedAt");
  }

  /** A line an element, a column a member. */
  private static TextTable list(JsonNode list, String... members) {
    String[] heads = new String[members.length];
    for (int i = 0; i < heads.length; i++) {
      heads[i] = members[i].replaceAll("([A-Z])", " $1").toUpperCase(Locale.ROOT);
    }
    TextTable table = new TextTable(heads);
    for (JsonNode element : list) {
      Object[] cells = new Object[members.length];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = text(element.path(members[i]));
      }
      table.row(cells);
    }
    return table;
  }

  private static String ping(JsonNode millis) {
    return millis.isNumber() ? String.format(Locale.ROOT, "%.1f ms", millis.asDouble()) : "-";
  }

  static String size(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= KIB && unit < UNITS.length - 1) {
      value /= KIB;
      unit++;
    }
    return (unit == 0 ? Long.toString(bytes) : String.format(Locale.ROOT, "%.1f", value))
        + " "
        + UNITS[unit];
  }
}
