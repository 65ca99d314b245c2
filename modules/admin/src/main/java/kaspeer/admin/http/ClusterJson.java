package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import kaspeer.admin.AdminReply.ClusterPeers;
import kaspeer.admin.AdminReply.ClusterReport;

/** The cluster in JSON. */
final class ClusterJson {
  private static final Schema MEMBER =
      Schema.object("A member of the cluster.")
          .with("address", Schema.string(""))
          .with("roles", Schema.array(Schema.string(""), "core, edge."))
          .with(
              "status",
              Schema.words(
                  "", "joining", "weaklyup", "up", "leaving", "exiting", "down", "removed"))
          .with("reachable", Schema.bool("Whether the one that answers can reach it."))
          .with("peers", Schema.integer("Peers it holds."))
          .with("dag", Schema.string("Whose DAG its flows use; empty if there is none to use."))
          .with("lag", Schema.integer("DAA score by which that DAG is behind the cluster's best."))
          .with("isSelf", Schema.bool("Whether it is the one that answers."));

  static final Schema MEMBERS =
      Schema.object("The cluster.")
          .with("members", Schema.array(MEMBER, "A node on its own is the only one."));

  private static final Schema HELD =
      PeerJson.IDENTITY.with("member", Schema.string("Who holds it; local in a node on its own."));

  static final Schema PEERS =
      Schema.object("The peers of all members that answered.")
          .with("peers", Schema.array(HELD, ""))
          .with("answered", Schema.array(Schema.string(""), "Members whose peers these are."))
          .with("missing", Schema.array(Schema.string(""), "Members that did not answer in time."))
          .with("omitted", Schema.integer("Peers left out, of members that hold very many."));

  private ClusterJson() {}

  static JsonNode members(ClusterReport report) {
    ObjectNode json = Json.object();
    json.set("members", Json.array(report.members(), ClusterJson::member));
    return json;
  }

  private static JsonNode member(ClusterReport.Member member) {
    ObjectNode json = Json.object().put("address", member.address());
    json.set("roles", Json.array(member.roles(), Json::text));
    return json.put("status", member.status())
        .put("reachable", member.reachable())
        .put("peers", member.peers())
        .put("dag", member.dag())
        .put("lag", member.lag())
        .put("isSelf", member.isSelf());
  }

  static JsonNode peers(ClusterPeers report) {
    ObjectNode json = Json.object();
    json.set("peers", Json.array(report.peers(), ClusterJson::held));
    json.set("answered", Json.array(report.answered(), Json::text));
    json.set("missing", Json.array(report.missing(), Json::text));
    return json.put("omitted", report.omitted());
  }

  private static JsonNode held(ClusterPeers.Held held) {
    return PeerJson.identity(held.peer()).put("member", held.member());
  }
}
