package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.http.Problem.Kind;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.primitives.Transaction;

/** The mempool and its transactions. */
final class MempoolRoutes {
  /** A transaction of 1 MiB in hex, with names. */
  private static final int MAX_TRANSACTION = 4 * 1024 * 1024;

  private static final Schema ADDED =
      Schema.object("What became of a transaction.")
          .with("transactionId", Schema.hash(""))
          .with("verdict", Schema.words("", "accepted", "known"))
          .maybe("fee", Schema.integer("In sompi, of one that was accepted."))
          .maybe(
              "replacedTransactionIds",
              Schema.array(Schema.hash(""), "What an accepted one pushed out of the mempool."))
          .maybe("inBlock", Schema.bool("Of one that was known: whether a block held it lately."));

  private final Gateway gateway;

  MempoolRoutes(Gateway gateway) {
    this.gateway = gateway;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/mempool", "Counts of the mempool.")
            .answers(MempoolJson.MEMPOOL)
            .by(this::mempool),
        Route.get("/api/v1/mempool/{txid}", "A transaction in the mempool.")
            .answers(MempoolJson.TRANSACTION)
            .by(this::transaction),
        Route.post(
                "/api/v1/transactions",
                "Hands in a transaction: the P2P message in protobuf, or the JSON of kaspad's RPC.")
            .query(
                "replacement",
                Schema.bool(""),
                "Whether it is to push out exactly one that spends the same and pays less; else it"
                    + " pushes out none.")
            .body(
                new Route.BodyRule(
                    Set.of(Route.BodyRule.PROTOBUF, Route.BodyRule.JSON),
                    MAX_TRANSACTION,
                    false,
                    BlockJson.TRANSACTION))
            .answers(ADDED)
            .noted(Route.Note.IN_DETAIL)
            .by(this::submit));
  }

  private Response mempool(Request request) throws InterruptedException {
    AdminReply.MempoolReport report =
        gateway.ask(AdminReply.MempoolReport.class, AdminCommand.GetMempool::new);
    return Response.Json.ok(MempoolJson.mempool(report.info()));
  }

  private Response transaction(Request request) throws InterruptedException {
    var id = request.hash("txid");
    AdminReply.TransactionReport report =
        gateway.ask(
            AdminReply.TransactionReport.class,
            replyTo -> new AdminCommand.GetTransaction(id, replyTo));
    return Response.Json.ok(MempoolJson.transaction(report.found()));
  }

  private Response submit(Request request) throws InterruptedException {
    Transaction transaction = Submission.transaction(request);
    int bytes = request.body().bytes().length;
    boolean replacement = request.flag("replacement");
    AdminReply.TransactionVerdict reply =
        gateway.ask(
            AdminReply.TransactionVerdict.class,
            replyTo ->
                new AdminCommand.SubmitTransaction(transaction, bytes, replacement, replyTo));
    String id = reply.id().toString();
    return switch (reply.verdict()) {
      case Result.Accepted(long fee, var replaced) -> {
        ObjectNode json = added(id, "accepted").put("fee", fee);
        json.set("replacedTransactionIds", Json.hashes(replaced));
        yield Response.Json.ok(json);
      }
      case Result.Known(boolean inBlock) ->
          Response.Json.ok(added(id, "known").put("inBlock", inBlock));
      case Result.Orphaned(var missing) ->
          refused(id, "orphan", "MISSING_TX_OUTPOINTS", missing.size() + " outputs are not known");
      case Result.Invalid(String rule, String detail) -> refused(id, "invalid", rule, detail);
      case Result.NotYet(String rule, String detail) -> refused(id, "notYet", rule, detail);
      case Result.NonStandard(String policy, String detail) ->
          refused(id, "nonStandard", policy, detail);
      case Result.DoubleSpend(var conflict, String policy, String detail) ->
          refused(id, "doubleSpend", policy, detail + "; that is " + conflict);
      case Result.Full(String policy) -> full(id, policy);
    };
  }

  /** Of a full pool only a higher fee helps; the other two pass. */
  private static Response full(String id, String policy) {
    Problem problem =
        new Problem(
            Kind.UNAVAILABLE,
            switch (policy) {
              case Result.Full.BUSY -> "too many transactions wait to be checked: try again";
              case Result.Full.NO_CORE ->
                  "no core of the cluster took it in time: see /api/v1/cluster, and try again";
              default -> "the mempool is full of transactions that pay more";
            });
    boolean later = policy.equals(Result.Full.BUSY) || policy.equals(Result.Full.NO_CORE);
    problem
        .more()
        .put("transactionId", id)
        .put("verdict", later ? "busy" : "full")
        .put("rule", policy);
    return problem.toResponse();
  }

  private static ObjectNode added(String id, String verdict) {
    return Json.object().put("transactionId", id).put("verdict", verdict);
  }

  private static Response refused(String id, String verdict, String rule, String detail) {
    Problem problem = new Problem(Kind.TRANSACTION_REFUSED, detail);
    problem.more().put("transactionId", id).put("verdict", verdict).put("rule", rule);
    return problem.toResponse();
  }
}
