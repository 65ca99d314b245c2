package kaspeer.cluster.wire;

import java.util.Optional;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.Description;
import kaspeer.cluster.proto.FeeBucket;
import kaspeer.cluster.proto.MempoolInfo;
import kaspeer.cluster.proto.Template;
import kaspeer.cluster.proto.TransactionResult;
import kaspeer.cluster.proto.TransactionResults;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.primitives.Hash;

/** What the mempool says, as answers of a core. */
public final class MempoolAnswers {
  private MempoolAnswers() {}

  public static Answer of(Mempool.Missing missing) {
    return DagAnswers.of(missing.ids());
  }

  public static Answer of(Mempool.Found found) {
    return DagAnswers.ofThings(found.byId().values().stream().map(Wire::bytes).toList());
  }

  public static Answer of(Mempool.Results results) {
    TransactionResults.Builder wire = TransactionResults.newBuilder();
    results.byId().forEach((id, result) -> wire.addResults(of(id, result)));
    return Answer.newBuilder().setResults(wire).build();
  }

  private static TransactionResult of(Hash id, Result result) {
    TransactionResult.Builder wire = TransactionResult.newBuilder().setId(Wire.bytes(id));
    switch (result) {
      case Result.Accepted(var fee, var replaced) ->
          wire.setKind(TransactionResult.Kind.ACCEPTED)
              .setFee(fee)
              .addAllHashes(Wire.bytes(replaced));
      case Result.Known(var inBlock) ->
          wire.setKind(TransactionResult.Kind.KNOWN).setInBlock(inBlock);
      case Result.Orphaned(var missing) -> {
        wire.setKind(TransactionResult.Kind.ORPHANED);
        missing.forEach(
            outpoint ->
                wire.addHashes(Wire.bytes(outpoint.transactionId())).addIndexes(outpoint.index()));
      }
      case Result.Invalid(var rule, var detail) ->
          wire.setKind(TransactionResult.Kind.INVALID).setRule(rule).setDetail(detail);
      case Result.NotYet(var rule, var detail) ->
          wire.setKind(TransactionResult.Kind.NOT_YET).setRule(rule).setDetail(detail);
      case Result.NonStandard(var policy, var detail) ->
          wire.setKind(TransactionResult.Kind.NON_STANDARD).setRule(policy).setDetail(detail);
      case Result.DoubleSpend(var conflict, var policy, var detail) ->
          wire.setKind(TransactionResult.Kind.DOUBLE_SPEND)
              .addHashes(Wire.bytes(conflict))
              .setRule(policy)
              .setDetail(detail);
      case Result.Full(var policy) -> wire.setKind(TransactionResult.Kind.FULL).setRule(policy);
    }
    return wire.build();
  }

  /** What is known of a transaction, if anything is. */
  public static Answer ofDescription(Optional<Mempool.Description> found) {
    Description.Builder wire = Description.newBuilder();
    found.ifPresent(
        description -> {
          wire.setTransaction(Wire.bytes(description.transaction()));
          Mempool.Price price = description.price();
          if (price == null) {
            return;
          }
          wire.setPriced(true)
              .setFee(price.fee())
              .setFeeRate(price.feeRate())
              .setComputeMass(price.computeMass())
              .setTransientMass(price.transientMass())
              .setStorageMass(price.storageMass())
              .setReady(price.ready())
              .setDaaScore(price.daaScore())
              .setBytes(price.bytes());
        });
    return Answer.newBuilder().setDescription(wire).build();
  }

  public static Answer of(Mempool.Info info) {
    return Answer.newBuilder()
        .setMempoolInfo(
            MempoolInfo.newBuilder()
                .setTransactions(info.transactions())
                .setBytes(info.bytes())
                .setMaxTransactions(info.maxTransactions())
                .setMaxBytes(info.maxBytes())
                .setReady(info.ready())
                .setLocal(info.local())
                .setOrphans(info.orphans())
                .setOrphanBytes(info.orphanBytes())
                .setPriority(bucket(info.fees().priority()))
                .addAllNormal(info.fees().normal().stream().map(MempoolAnswers::bucket).toList())
                .addAllLow(info.fees().low().stream().map(MempoolAnswers::bucket).toList())
                .putAllCounts(info.counts()))
        .build();
  }

  private static FeeBucket bucket(Mempool.FeeBucket bucket) {
    return FeeBucket.newBuilder().setFeeRate(bucket.feeRate()).setSeconds(bucket.seconds()).build();
  }

  public static Answer of(Mempool.TemplateReply reply) {
    Template.Builder wire = Template.newBuilder();
    switch (reply) {
      case Mempool.TemplateReply.Made(var block, var nearlySynced) ->
          wire.setBlock(Wire.bytes(block)).setNearlySynced(nearlySynced);
      case Mempool.TemplateReply.Refused(var why) -> wire.setRefused(why);
      case Mempool.TemplateReply.Busy _ -> {}
    }
    return Answer.newBuilder().setTemplate(wire).build();
  }
}
