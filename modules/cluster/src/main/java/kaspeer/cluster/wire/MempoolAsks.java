package kaspeer.cluster.wire;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.Empty;
import kaspeer.cluster.proto.FeeBucket;
import kaspeer.cluster.proto.HashList;
import kaspeer.cluster.proto.MempoolInfo;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.proto.TemplateRequest;
import kaspeer.cluster.proto.TransactionList;
import kaspeer.cluster.proto.TransactionResult;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import org.apache.pekko.actor.typed.ActorRef;

/** What is asked of a far mempool, as questions to a core. */
public final class MempoolAsks {
  private MempoolAsks() {}

  /**
   * The question.
   *
   * @param hosts what the host of a peer is called; empty if that is not known
   * @param spoilt hears of ids under which something bad came, before the one who asked
   */
  public static Ask of(Mempool request, LongFunction<String> hosts, Consumer<Hash> spoilt) {
    Question.Builder question = Question.newBuilder();
    return switch (request) {
      case Mempool.Submit(var transactions, var origin, var bytes, var replyTo) ->
          submission(
              question
                  .setSubmitTransactions(
                      list(transactions, origin, bytes).setHost(hosts.apply(origin)))
                  .build(),
              transactions,
              replyTo,
              spoilt);
      case Mempool.Replace(var transaction, var bytes, var replyTo) ->
          submission(
              question.setReplace(list(List.of(transaction), 0, bytes)).build(),
              List.of(transaction),
              replyTo,
              spoilt);
      case Mempool.MissingOf(var ids, var replyTo) ->
          new Ask(
              question.setMissingTransactions(hashes(ids)).build(),
              answer -> {
                DagAsks.expect(answer, Answer.KindCase.HASHES);
                replyTo.tell(new Mempool.Missing(Wire.hashes(answer.getHashes().getHashesList())));
              },
              null);
      case Mempool.GetAll(var ids, var replyTo) ->
          new Ask(
              question.setTransactions(hashes(ids)).build(),
              answer -> replyTo.tell(new Mempool.Found(found(answer))),
              null);
      case Mempool.Get(var id, var replyTo) ->
          new Ask(
              question.setTransactions(hashes(List.of(id))).build(),
              answer -> replyTo.tell(Optional.ofNullable(found(answer).get(id))),
              null);
      case Mempool.Describe(var id, var replyTo) ->
          new Ask(
              question.setDescribe(Wire.bytes(id)).build(),
              answer -> replyTo.tell(description(answer)),
              null);
      case Mempool.GetInfo(var replyTo) ->
          new Ask(
              question.setMempoolInfo(Empty.getDefaultInstance()).build(),
              answer -> replyTo.tell(info(answer)),
              null);
      case Mempool.GetBlockTemplate(var payTo, var extra, var replyTo) ->
          new Ask(
              question
                  .setTemplate(
                      TemplateRequest.newBuilder()
                          .setScriptVersion(payTo.version())
                          .setScript(ByteString.copyFrom(payTo.script()))
                          .setExtraData(ByteString.copyFrom(extra)))
                  .build(),
              answer -> replyTo.tell(template(answer)),
              () -> replyTo.tell(new Mempool.TemplateReply.Busy()));
    };
  }

  private static Ask submission(
      Question question,
      List<Transaction> transactions,
      ActorRef<Mempool.Results> replyTo,
      Consumer<Hash> spoilt) {
    return new Ask(
        question,
        answer -> {
          Mempool.Results results = results(answer);
          results
              .byId()
              .forEach(
                  (id, result) -> {
                    if (result instanceof Result.Invalid) {
                      spoilt.accept(id);
                    }
                  });
          replyTo.tell(results);
        },
        () ->
            replyTo.tell(
                new Mempool.Results(
                    transactions.stream()
                        .collect(
                            Collectors.toMap(
                                Transaction::id,
                                _ -> new Result.Full(Result.Full.NO_CORE),
                                (one, _) -> one)))));
  }

  private static TransactionList.Builder list(List<Transaction> transactions, long peer, int size) {
    return TransactionList.newBuilder()
        .addAllTransactions(transactions.stream().map(Wire::bytes).toList())
        .setPeer(peer)
        .setSize(Math.max(0, size));
  }

  private static HashList hashes(List<Hash> ids) {
    return HashList.newBuilder().addAllHashes(Wire.bytes(ids)).build();
  }

  private static Map<Hash, Transaction> found(Answer answer) {
    DagAsks.expect(answer, Answer.KindCase.THINGS);
    Map<Hash, Transaction> found = new HashMap<>();
    Wire.transactions(answer.getThings().getItemsList())
        .forEach(transaction -> found.put(transaction.id(), transaction));
    return found;
  }

  private static Mempool.Results results(Answer answer) {
    DagAsks.expect(answer, Answer.KindCase.RESULTS);
    Map<Hash, Result> byId = new HashMap<>();
    answer
        .getResults()
        .getResultsList()
        .forEach(result -> byId.put(Wire.hash(result.getId()), result(result)));
    return new Mempool.Results(byId);
  }

  private static Result result(TransactionResult wire) {
    List<Hash> hashes = Wire.hashes(wire.getHashesList());
    return switch (wire.getKind()) {
      case ACCEPTED -> new Result.Accepted(wire.getFee(), hashes);
      case KNOWN -> new Result.Known(wire.getInBlock());
      case ORPHANED -> {
        List<Outpoint> missing = new ArrayList<>();
        for (int i = 0; i < Math.min(hashes.size(), wire.getIndexesCount()); i++) {
          missing.add(new Outpoint(hashes.get(i), wire.getIndexes(i)));
        }
        yield new Result.Orphaned(missing);
      }
      case INVALID -> new Result.Invalid(wire.getRule(), wire.getDetail());
      case NOT_YET -> new Result.NotYet(wire.getRule(), wire.getDetail());
      case NON_STANDARD -> new Result.NonStandard(wire.getRule(), wire.getDetail());
      case DOUBLE_SPEND ->
          new Result.DoubleSpend(
              hashes.isEmpty() ? Hash.ZERO : hashes.getFirst(), wire.getRule(), wire.getDetail());
      case FULL, UNRECOGNIZED -> new Result.Full(wire.getRule());
    };
  }

  private static Optional<Mempool.Description> description(Answer answer) {
    DagAsks.expect(answer, Answer.KindCase.DESCRIPTION);
    var wire = answer.getDescription();
    if (wire.getTransaction().isEmpty()) {
      return Optional.empty();
    }
    Mempool.Price price =
        new Mempool.Price(
            wire.getFee(),
            wire.getFeeRate(),
            wire.getComputeMass(),
            wire.getTransientMass(),
            wire.getStorageMass(),
            wire.getReady(),
            wire.getDaaScore(),
            wire.getBytes());
    return Optional.of(
        new Mempool.Description(
            Wire.transaction(wire.getTransaction()), wire.getPriced() ? price : null));
  }

  private static Mempool.Info info(Answer answer) {
    DagAsks.expect(answer, Answer.KindCase.MEMPOOL_INFO);
    MempoolInfo wire = answer.getMempoolInfo();
    return new Mempool.Info(
        wire.getTransactions(),
        wire.getBytes(),
        wire.getMaxTransactions(),
        wire.getMaxBytes(),
        wire.getReady(),
        wire.getLocal(),
        wire.getOrphans(),
        wire.getOrphanBytes(),
        new Mempool.FeeEstimate(
            bucket(wire.getPriority()),
            wire.getNormalList().stream().map(MempoolAsks::bucket).toList(),
            wire.getLowList().stream().map(MempoolAsks::bucket).toList()),
        wire.getCountsMap());
  }

  private static Mempool.FeeBucket bucket(FeeBucket wire) {
    return new Mempool.FeeBucket(wire.getFeeRate(), wire.getSeconds());
  }

  private static Mempool.TemplateReply template(Answer answer) {
    DagAsks.expect(answer, Answer.KindCase.TEMPLATE);
    var wire = answer.getTemplate();
    if (!wire.getBlock().isEmpty()) {
      return new Mempool.TemplateReply.Made(Wire.block(wire.getBlock()), wire.getNearlySynced());
    }
    return wire.getRefused().isEmpty()
        ? new Mempool.TemplateReply.Busy()
        : new Mempool.TemplateReply.Refused(wire.getRefused());
  }
}
