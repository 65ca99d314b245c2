package kaspeer.cluster.core;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.proto.HashList;
import kaspeer.cluster.proto.OneBlock;
import kaspeer.cluster.proto.Question;
import kaspeer.cluster.proto.Range;
import kaspeer.cluster.proto.TransactionList;
import kaspeer.cluster.wire.DagAnswers;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.MempoolAnswers;
import kaspeer.cluster.wire.Wire;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Puts the questions of an edge to the DAG and the mempool here. */
final class Answering {
  /** Longer than anything here takes that is not lost. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ActorRef<Dag> dag;
  private final ActorRef<Mempool> mempool;
  private final Scheduler scheduler;
  private final Origins origins;

  /** The peers of an edge. */
  interface Origins {
    /** What a peer is called here. */
    long of(long peer);

    /**
     * Likewise, of one that brings something that its host has a share of.
     *
     * @param host what its host is called; empty if that is not known
     */
    long of(long peer, String host);
  }

  Answering(ActorRef<Dag> dag, ActorRef<Mempool> mempool, Scheduler scheduler, Origins origins) {
    this.dag = dag;
    this.mempool = mempool;
    this.scheduler = scheduler;
    this.origins = origins;
  }

  /**
   * Completes with the answer, or fails: then there is none.
   *
   * @throws MalformedMessageException if the question makes no sense
   */
  CompletionStage<Answer> answer(Question question) {
    return switch (question.getKindCase()) {
      case SUBMIT_BLOCK -> {
        OneBlock wire = question.getSubmitBlock();
        Block block = Wire.block(wire.getBlock());
        yield this.<Dag.BlockReply>askDag(
                to -> new Dag.SubmitBlock(block, origin(wire), wire.getSize(), to))
            .thenApply(DagAnswers::of);
      }
      case KEEP_ORPHAN -> {
        OneBlock wire = question.getKeepOrphan();
        Block block = Wire.block(wire.getBlock());
        yield this.<Dag.OrphanReply>askDag(
                to -> new Dag.KeepOrphan(block, origin(wire), wire.getSize(), to))
            .thenApply(DagAnswers::of);
      }
      case LOOK_UP -> {
        List<Hash> hashes = Wire.hashes(question.getLookUp().getHashesList());
        yield this.<Dag.LookedUp>askDag(to -> new Dag.LookUp(hashes, to)).thenApply(DagAnswers::of);
      }
      case STATUSES -> {
        List<Hash> hashes = Wire.hashes(question.getStatuses().getHashesList());
        yield this.<Dag.Statuses>askDag(to -> new Dag.GetStatuses(hashes, to))
            .thenApply(DagAnswers::of);
      }
      case HEADER -> {
        Hash hash = Wire.hash(question.getHeader());
        yield this.<Optional<Header>>askDag(to -> new Dag.GetHeader(hash, to))
            .thenApply(found -> DagAnswers.ofThings(found.map(Wire::bytes).stream().toList()));
      }
      case BLOCK -> {
        Hash hash = Wire.hash(question.getBlock());
        yield this.<Optional<Block>>askDag(to -> new Dag.GetBlock(hash, to))
            .thenApply(found -> DagAnswers.ofThings(found.map(Wire::bytes).stream().toList()));
      }
      case PLACE -> {
        Hash hash = Wire.hash(question.getPlace());
        yield this.<Dag.Place>askDag(to -> new Dag.GetPlace(hash, to)).thenApply(DagAnswers::of);
      }
      case ACCEPTED -> {
        HashList wire = question.getAccepted();
        List<Hash> blocks = Wire.hashes(wire.getHashesList());
        yield this.<Dag.AcceptedTransactions>askDag(
                to -> new Dag.GetAccepted(blocks, wire.getLimit(), to))
            .thenApply(
                found ->
                    DagAnswers.ofThings(found.transactions().stream().map(Wire::bytes).toList()));
      }
      case CHAIN_LOCATOR, BLOCK_LOCATOR, HEADERS, ANTIPAST, MISSING_BODIES, IS_ANCESTOR ->
          answerRange(question);
      case SUBMIT_TRANSACTIONS,
          REPLACE,
          MISSING_TRANSACTIONS,
          TRANSACTIONS,
          DESCRIBE,
          MEMPOOL_INFO,
          TEMPLATE ->
          answerMempool(question);
      case KIND_NOT_SET -> throw new MalformedMessageException("a question of a later version");
    };
  }

  private CompletionStage<Answer> answerRange(Question question) {
    return switch (question.getKindCase()) {
      case CHAIN_LOCATOR -> {
        Range range = question.getChainLocator();
        yield this.<Dag.HashesReply>askDag(
                to ->
                    new Dag.GetChainLocator(
                        optional(range.getLow()), optional(range.getHigh()), to))
            .thenApply(DagAnswers::of);
      }
      case BLOCK_LOCATOR -> {
        Range range = question.getBlockLocator();
        Hash high = Wire.hash(range.getHigh());
        yield this.<Dag.HashesReply>askDag(
                to -> new Dag.GetBlockLocator(high, range.getLimit(), to))
            .thenApply(DagAnswers::of);
      }
      case HEADERS -> {
        Range range = question.getHeaders();
        Hash low = Wire.hash(range.getLow());
        Hash high = Wire.hash(range.getHigh());
        yield this.<Dag.HeadersReply>askDag(
                to -> new Dag.GetHeaders(low, high, range.getLimit(), to))
            .thenApply(DagAnswers::of);
      }
      case ANTIPAST -> {
        Hash block = Wire.hash(question.getAntipast().getLow());
        Hash context = Wire.hash(question.getAntipast().getHigh());
        yield this.<Dag.HeadersReply>askDag(to -> new Dag.GetAntipast(block, context, to))
            .thenApply(DagAnswers::of);
      }
      case MISSING_BODIES -> {
        Range range = question.getMissingBodies();
        Hash target = Wire.hash(range.getHigh());
        yield this.<Dag.HashesReply>askDag(
                to -> new Dag.GetMissingBodies(target, range.getLimit(), to))
            .thenApply(DagAnswers::of);
      }
      case IS_ANCESTOR -> {
        Hash block = Wire.hash(question.getIsAncestor().getLow());
        Hash descendant = Wire.hash(question.getIsAncestor().getHigh());
        yield this.<Boolean>askDag(to -> new Dag.IsAncestor(block, descendant, to))
            .thenApply(DagAnswers::of);
      }
      default -> throw new IllegalArgumentException("no range: " + question.getKindCase());
    };
  }

  private CompletionStage<Answer> answerMempool(Question question) {
    return switch (question.getKindCase()) {
      case SUBMIT_TRANSACTIONS -> {
        TransactionList wire = question.getSubmitTransactions();
        var transactions = Wire.transactions(wire.getTransactionsList());
        long origin = wire.getPeer() == 0 ? Dag.LOCAL : origins.of(wire.getPeer(), wire.getHost());
        yield this.<Mempool.Results>askMempool(
                to -> new Mempool.Submit(transactions, origin, wire.getSize(), to))
            .thenApply(MempoolAnswers::of);
      }
      case REPLACE -> {
        TransactionList wire = question.getReplace();
        var transactions = Wire.transactions(wire.getTransactionsList());
        if (transactions.size() != 1) {
          throw new MalformedMessageException("replacement");
        }
        yield this.<Mempool.Results>askMempool(
                to -> new Mempool.Replace(transactions.getFirst(), wire.getSize(), to))
            .thenApply(MempoolAnswers::of);
      }
      case MISSING_TRANSACTIONS -> {
        List<Hash> ids = Wire.hashes(question.getMissingTransactions().getHashesList());
        yield this.<Mempool.Missing>askMempool(to -> new Mempool.MissingOf(ids, to))
            .thenApply(MempoolAnswers::of);
      }
      case TRANSACTIONS -> {
        List<Hash> ids = Wire.hashes(question.getTransactions().getHashesList());
        yield this.<Mempool.Found>askMempool(to -> new Mempool.GetAll(ids, to))
            .thenApply(MempoolAnswers::of);
      }
      case DESCRIBE -> {
        Hash id = Wire.hash(question.getDescribe());
        yield this.<Optional<Mempool.Description>>askMempool(to -> new Mempool.Describe(id, to))
            .thenApply(MempoolAnswers::ofDescription);
      }
      case MEMPOOL_INFO ->
          this.<Mempool.Info>askMempool(Mempool.GetInfo::new).thenApply(MempoolAnswers::of);
      case TEMPLATE -> {
        var wire = question.getTemplate();
        ScriptPublicKey payTo =
            new ScriptPublicKey(wire.getScriptVersion(), wire.getScript().toByteArray());
        yield this.<Mempool.TemplateReply>askMempool(
                to -> new Mempool.GetBlockTemplate(payTo, wire.getExtraData().toByteArray(), to))
            .thenApply(MempoolAnswers::of);
      }
      default -> throw new IllegalArgumentException("not of a mempool: " + question.getKindCase());
    };
  }

  private long origin(OneBlock wire) {
    return wire.getPeer() == 0 ? Dag.LOCAL : origins.of(wire.getPeer());
  }

  private static Optional<Hash> optional(ByteString hash) {
    return hash.isEmpty() ? Optional.empty() : Optional.of(Wire.hash(hash));
  }

  private <R> CompletionStage<R> askDag(Function<ActorRef<R>, Dag> question) {
    return AskPattern.ask(dag, question::apply, LIMIT, scheduler);
  }

  private <R> CompletionStage<R> askMempool(Function<ActorRef<R>, Mempool> question) {
    return AskPattern.ask(mempool, question::apply, LIMIT, scheduler);
  }
}
