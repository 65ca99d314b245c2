package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.primitives.Block;

/** The DAG and its blocks. */
final class DagRoutes {
  /** A block of 2 MiB in hex, with its header and names. */
  private static final int MAX_BLOCK = 8 * 1024 * 1024;

  private static final Schema ADDED =
      Schema.object("What became of a block.")
          .with("hash", Schema.hash(""))
          .with("verdict", Schema.words("", "accepted", "known"))
          .maybe("status", Schema.string("Of a block that was known."))
          .maybe("unorphaned", Schema.array(Schema.hash(""), "Blocks that had waited for it."));

  private final Gateway gateway;

  DagRoutes(Gateway gateway) {
    this.gateway = gateway;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/dag", "The DAG at this moment.").answers(DagJson.DAG).by(this::dag),
        Route.get("/api/v1/blocks/{hash}", "A block.")
            .query("transactions", Schema.bool(""), "Whether to show the transactions.")
            .answers(DagJson.BLOCK)
            .by(this::block),
        Route.post(
                "/api/v1/blocks",
                "Hands in a block: the P2P message in protobuf, or the JSON of kaspad's RPC. A node"
                    + " that is not synced takes none, but on simnet and devnet.")
            .query(
                "allowNonDaaBlocks",
                Schema.bool(""),
                "Whether to take one that is more than a difficulty window behind.")
            .body(
                new Route.BodyRule(
                    Set.of(Route.BodyRule.PROTOBUF, Route.BodyRule.JSON),
                    MAX_BLOCK,
                    false,
                    BlockJson.TO_SUBMIT))
            .answers(ADDED)
            .noted(Route.Note.IN_DETAIL)
            .by(this::submit));
  }

  private Response dag(Request request) throws InterruptedException {
    return Response.Json.ok(
        DagJson.dag(gateway.ask(AdminReply.DagReport.class, AdminCommand.GetDag::new)));
  }

  private Response block(Request request) throws InterruptedException {
    boolean transactions = request.flag("transactions");
    var hash = request.hash("hash");
    AdminReply.BlockReport report =
        gateway.ask(
            AdminReply.BlockReport.class, replyTo -> new AdminCommand.GetBlock(hash, replyTo));
    return Response.Json.ok(DagJson.block(report, transactions));
  }

  private Response submit(Request request) throws InterruptedException {
    Block block = Submission.block(request);
    int bytes = request.body().bytes().length;
    boolean old = request.flag("allowNonDaaBlocks");
    AdminReply.BlockAnswer answer =
        gateway.ask(
            AdminReply.BlockAnswer.class,
            replyTo -> new AdminCommand.SubmitBlock(block, bytes, old, replyTo));
    return switch (answer) {
      case AdminReply.BlockVerdict(var verdict) -> verdict(verdict);
      case AdminReply.BlockNotTaken notTaken -> notTaken(notTaken);
    };
  }

  private static Response notTaken(AdminReply.BlockNotTaken notTaken) {
    boolean later = notTaken.why() != AdminReply.BlockNotTaken.Why.TOO_FAR_BEHIND;
    Problem problem = new Problem(later ? Kind.UNAVAILABLE : Kind.BLOCK_REFUSED, notTaken.detail());
    String verdict =
        switch (notTaken.why()) {
          case NOT_SYNCED -> "notSynced";
          case TOO_FAR_BEHIND -> "tooFarBehind";
          case CORE_UNAVAILABLE -> "busy";
        };
    problem
        .more()
        .put("hash", notTaken.hash().toString())
        .put("verdict", verdict)
        .put("rule", notTaken.why().name());
    return problem.toResponse();
  }

  private static Response verdict(BlockReply reply) {
    return switch (reply) {
      case BlockReply.Accepted accepted -> {
        ObjectNode json =
            Json.object().put("hash", accepted.hash().toString()).put("verdict", "accepted");
        json.set("unorphaned", Json.hashes(accepted.unorphaned()));
        yield Response.Json.ok(json);
      }
      case BlockReply.Known known ->
          Response.Json.ok(
              Json.object()
                  .put("hash", known.hash().toString())
                  .put("verdict", "known")
                  .put("status", DagJson.status(known.status())));
      case BlockReply.MissingParents missing -> {
        Problem problem =
            new Problem(Kind.BLOCK_REFUSED, "some parents are not here: hand those in first");
        problem
            .more()
            .put("hash", missing.hash().toString())
            .put("verdict", "missingParents")
            .put("rule", "MISSING_PARENTS");
        problem.more().set("parents", Json.hashes(missing.parents()));
        yield problem.toResponse();
      }
      case BlockReply.Invalid invalid -> {
        Problem problem = new Problem(Kind.BLOCK_REFUSED, invalid.detail());
        problem
            .more()
            .put("hash", invalid.hash().toString())
            .put("verdict", "invalid")
            .put("rule", invalid.rule());
        yield problem.toResponse();
      }
      case BlockReply.Busy busy -> {
        Problem problem = new Problem(Kind.UNAVAILABLE, "the DAG is busy: try again");
        problem.more().put("hash", busy.hash().toString()).put("verdict", "busy");
        yield problem.toResponse();
      }
    };
  }
}
