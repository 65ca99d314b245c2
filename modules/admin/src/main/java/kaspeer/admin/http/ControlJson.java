package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.LogLevels;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncControl.RotateReply.Rotated;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.json.JsonException;

/** What an operator can change while the node runs, in JSON, and its schemas. */
final class ControlJson {
  private static final String[] SANCTIONS = {"ignore", "demerit", "disconnect", "reject", "ban"};

  static final Schema CODE =
      Schema.words(
          "The breach.",
          Arrays.stream(ViolationCode.values()).map(Enum::name).toArray(String[]::new));

  /** Of every change: what it was before and after. */
  static final Schema CHANGE =
      Schema.object("A change that was made.")
          .with("what", Schema.string("What was changed."))
          .with("before", Schema.string(""))
          .with("after", Schema.string(""))
          .with("lasting", Schema.bool("Whether it holds after a restart too."))
          .with("note", Schema.string("What else follows, and how to make it last."));

  static final Schema ROW =
      Schema.object("What follows from a breach.")
          .with("code", CODE)
          .with("sanction", sanction())
          .maybe("points", Schema.integer("Of a demerit."))
          .maybe("seconds", Schema.integer("Of a ban."))
          .with("configured", Schema.string("What the node was started with."))
          .with("changed", Schema.bool("Whether it is something else now."))
          .with("fatal", Schema.bool("Whether a peer cannot stay after it, whatever the row."));

  static final Schema POLICY =
      Schema.object("What follows from breaches of the protocol.")
          .with("preset", Schema.string("network or strict."))
          .with("banLimit", Schema.integer("Points at which a peer is banned."))
          .with("halfLifeSeconds", Schema.integer("After which half of the points are forgotten."))
          .with("rows", Schema.array(ROW, ""));

  static final Schema ROW_ORDER =
      Schema.object("Another sanction.")
          .with("sanction", sanction())
          .maybe("points", Schema.integer("Of a demerit, which needs them: at least 1."))
          .maybe("seconds", Schema.integer("Of a ban; a day if left out."));

  static final Schema LIMIT_NAME =
      Schema.words(
          "The limit.", Arrays.stream(Limit.values()).map(Limit::text).toArray(String[]::new));

  static final Schema LIMIT =
      Schema.object("A limit on connections.")
          .with("name", LIMIT_NAME)
          .with("value", Schema.integer("In force."))
          .with("configured", Schema.integer("What the node was started with."))
          .with("least", Schema.integer("The lowest it can be."))
          .with("most", Schema.integer("The highest it can be."))
          .with("meaning", Schema.string(""));

  static final Schema LIMIT_ORDER =
      Schema.object("Another limit.").with("value", Schema.integer(""));

  static final Schema LOG_LEVEL =
      Schema.object("A logger with a level of its own.")
          .with("logger", Schema.string("ROOT is above all others."))
          .with("level", level());

  static final Schema LOG_LEVEL_ORDER = Schema.object("Another level.").with("level", level());

  static final Schema PERMANENT =
      Schema.object("A peer that is held.")
          .with("target", Schema.string("As it was named: host:port."))
          .nullable("address", Schema.string("Where it was last found."))
          .with("connected", Schema.bool(""))
          .with("failures", Schema.integer("Since it was last connected."));

  private ControlJson() {}

  private static Schema sanction() {
    return Schema.words("What follows.", SANCTIONS);
  }

  private static Schema level() {
    return Schema.words(
        "From the fewest words to the most.",
        Arrays.stream(LogLevels.Level.values()).map(LogLevels.Level::text).toArray(String[]::new));
  }

  static JsonNode policy(Sanctions.PolicyTable table) {
    Policy policy = table.inForce();
    ObjectNode json =
        Json.object()
            .put("preset", policy.name())
            .put("banLimit", policy.banLimit())
            .put("halfLifeSeconds", policy.halfLife().toSeconds());
    ArrayNode rows = json.putArray("rows");
    policy.rows().forEach((code, row) -> rows.add(row(code, row, table.configured().row(code))));
    return json;
  }

  private static JsonNode row(ViolationCode code, Sanction row, Sanction configured) {
    ObjectNode json = Json.object().put("code", code.name()).put("sanction", row.word());
    switch (row) {
      case Sanction.Demerit(int points) -> json.put("points", points);
      case Sanction.Ban(Duration length) -> json.put("seconds", length.toSeconds());
      case Sanction.Ignore _, Sanction.Disconnect _, Sanction.Reject _ -> {}
    }
    return json.put("configured", configured.text())
        .put("changed", !row.equals(configured))
        .put("fatal", code.isFatal());
  }

  /** The sanction that an order names. What would have no effect on it is an error. */
  static Sanction sanction(kaspeer.primitives.json.JsonNode order) {
    Orders.only(order, "sanction", "points", "seconds");
    String word = order.get("sanction").asString();
    var points = order.find("points");
    var seconds = order.find("seconds");
    if (points != null && !word.equals("demerit")) {
      throw new JsonException("points have no effect with " + Text.shorten(word));
    }
    if (seconds != null && !word.equals("ban")) {
      throw new JsonException("seconds have no effect with " + Text.shorten(word));
    }
    return switch (word) {
      case "ignore" -> new Sanction.Ignore();
      case "disconnect" -> new Sanction.Disconnect();
      case "reject" -> new Sanction.Reject();
      case "demerit" -> new Sanction.Demerit(positive(order.get("points"), "points"));
      case "ban" -> new Sanction.Ban(seconds == null ? Policy.BAN_LENGTH : length(seconds));
      default -> throw new JsonException("sanction is one of " + String.join(", ", SANCTIONS));
    };
  }

  private static Duration length(kaspeer.primitives.json.JsonNode seconds) {
    Duration length = Duration.ofSeconds(positive(seconds, "seconds"));
    if (length.compareTo(AdminCommand.LONGEST_BAN) > 0) {
      throw new JsonException("a ban lasts ten years at most");
    }
    return length;
  }

  private static int positive(kaspeer.primitives.json.JsonNode number, String name) {
    int value = number.asInt(Integer.MAX_VALUE);
    if (value < 1) {
      throw new JsonException(name + " are at least 1");
    }
    return value;
  }

  static JsonNode changed(Sanctions.RowReply.Changed change) {
    return change(
        "policy row " + change.code(),
        change.before().text(),
        change.after().text(),
        "from the next breach on; after a restart --policy decides again");
  }

  static JsonNode limit(Peers.LimitReport report) {
    Limit limit = report.limit();
    return Json.object()
        .put("name", limit.text())
        .put("value", report.value())
        .put("configured", report.configured())
        .put("least", limit.least())
        .put("most", limit.most())
        .put("meaning", limit.meaning());
  }

  static JsonNode changed(Peers.LimitReply.Changed change) {
    String keep =
        switch (change.limit()) {
          case OUT_PEERS -> "--out-peers " + change.after() + " makes it last";
          case MAX_IN_PEERS -> "--max-in-peers " + change.after() + " makes it last";
          case MAX_IN_PEERS_PER_IP -> "--max-in-peers-per-ip " + change.after() + " makes it last";
          case MAX_IN_PEERS_PER_PREFIX, MAX_PENDING, MAX_PENDING_PER_IP ->
              "no option makes it last";
        };
    String who =
        switch (change.limit()) {
          case OUT_PEERS, MAX_IN_PEERS -> change.dismissed() + " peers were dismissed";
          case MAX_IN_PEERS_PER_IP, MAX_IN_PEERS_PER_PREFIX, MAX_PENDING, MAX_PENDING_PER_IP ->
              "for connections from now on";
        };
    return change(
        change.limit().text(),
        Integer.toString(change.before()),
        Integer.toString(change.after()),
        who + "; " + keep);
  }

  static JsonNode logLevel(LogLevels.Entry entry) {
    return Json.object().put("logger", entry.logger()).put("level", entry.level().text());
  }

  static JsonNode changed(LogLevels.Outcome.Changed change) {
    return change(
        "log level of " + change.logger(),
        level(change.before()),
        level(change.after()),
        "after a restart --log-level decides again");
  }

  private static String level(Optional<LogLevels.Level> level) {
    return level.map(LogLevels.Level::text).orElse("its parent's");
  }

  static JsonNode permanent(Peers.Permanent peer) {
    ObjectNode json = Json.object().put("target", peer.target().toString());
    var address = peer.address();
    return json.put("address", address == null ? null : Json.address(address))
        .put("connected", peer.connected())
        .put("failures", peer.failures());
  }

  static JsonNode forgotten(String target) {
    return change(
        "permanent peer " + target,
        "held",
        "not held",
        "disconnected if it was connected; named by --add-peer or --connect it comes back with a"
            + " restart");
  }

  static JsonNode rotated(Rotated rotated) {
    return change(
        "leader of the sync",
        "connection " + rotated.before(),
        "connection " + rotated.after(),
        "in stage " + rotated.stage() + "; the one before stays connected");
  }

  private static JsonNode change(String what, String before, String after, String note) {
    return Json.object()
        .put("what", what)
        .put("before", before)
        .put("after", after)
        .put("lasting", false)
        .put("note", note);
  }
}
