package kaspeer.engine.dag;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import kaspeer.consensus.BlockAcceptance;
import kaspeer.consensus.DagReader;
import kaspeer.consensus.DagView;
import kaspeer.consensus.sync.HashPage;
import kaspeer.consensus.sync.SyncAnswer;
import kaspeer.consensus.sync.SyncQueries;
import kaspeer.engine.metrics.Counter;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.apache.pekko.actor.typed.ActorRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers questions about the DAG, on an executor that may block: some of them read the disk. */
final class DagReads {
  private static final Logger LOG = LoggerFactory.getLogger(DagReads.class);

  /** Blocks an antipast may have (protocol reference 5.11): four mergesets. */
  private static final int ANTIPAST_MERGESETS = 4;

  private final DagView view;
  private final SyncQueries queries;
  private final Executor executor;
  private final Counter failures;
  private final int maxAntipast;

  DagReads(DagView view, int mergesetSizeLimit, Executor executor, Counter failures) {
    this.view = view;
    this.queries = new SyncQueries(view);
    this.executor = executor;
    this.failures = failures;
    this.maxAntipast = ANTIPAST_MERGESETS * mergesetSizeLimit;
  }

  void chainLocator(Dag.GetChainLocator question) {
    answer(
        question.replyTo(),
        () ->
            hashes(
                queries.chainLocator(question.low().orElse(null), question.high().orElse(null))));
  }

  void blockLocator(Dag.GetBlockLocator question) {
    answer(
        question.replyTo(), () -> hashes(queries.blockLocator(question.high(), question.limit())));
  }

  void missingBodies(Dag.GetMissingBodies question) {
    answer(
        question.replyTo(),
        () ->
            switch (queries.missingBodies(question.target(), question.limit())) {
              case SyncAnswer.Found<HashPage>(var page) -> new Dag.HashesReply.Found(page.hashes());
              case SyncAnswer.Refused<HashPage>(var why) -> new Dag.HashesReply.Refused(why.text());
            });
  }

  void headers(Dag.GetHeaders question) {
    answer(
        question.replyTo(),
        () ->
            switch (queries.headersBetween(question.low(), question.high(), question.maxBlocks())) {
              case SyncAnswer.Found<HashPage>(var page) -> headersOf(page.hashes());
              case SyncAnswer.Refused<HashPage>(var why) ->
                  new Dag.HeadersReply.Refused(why.text());
            });
  }

  void antipast(Dag.GetAntipast question) {
    answer(
        question.replyTo(),
        () ->
            switch (queries.antipast(question.block(), question.context(), maxAntipast)) {
              case SyncAnswer.Found<List<Hash>>(var found) -> headersOf(found);
              case SyncAnswer.Refused<List<Hash>>(var why) ->
                  new Dag.HeadersReply.Refused(why.text());
            });
  }

  void statuses(Dag.GetStatuses question) {
    answer(
        question.replyTo(),
        () -> {
          List<BlockStatus> statuses = new ArrayList<>(question.hashes().size());
          question.hashes().forEach(hash -> statuses.add(view.status(hash)));
          return new Dag.Statuses(question.hashes(), statuses);
        });
  }

  void header(Dag.GetHeader question) {
    answer(question.replyTo(), () -> Optional.ofNullable(view.header(question.hash())));
  }

  void block(Dag.GetBlock question) {
    answer(question.replyTo(), () -> Optional.ofNullable(view.block(question.hash())));
  }

  void isAncestor(Dag.IsAncestor question) {
    answer(
        question.replyTo(),
        () ->
            view.read(
                dag -> {
                  int block = dag.id(question.block());
                  int descendant = dag.id(question.descendant());
                  return block != DagReader.NONE
                      && descendant != DagReader.NONE
                      && dag.isDagAncestor(block, descendant);
                }));
  }

  void place(Dag.GetPlace question) {
    answer(question.replyTo(), () -> place(question.hash()));
  }

  private Dag.Place place(Hash hash) {
    record Position(boolean onChain, Optional<Dag.MergeSet> merge) {}
    Position position =
        view.read(
            dag -> {
              int id = dag.id(hash);
              return id == DagReader.NONE
                  ? new Position(false, Optional.empty())
                  : new Position(dag.chainPosition(id) >= 0, mergeSet(dag, id));
            });
    return new Dag.Place(
        view.status(hash),
        position.onChain,
        Optional.ofNullable(view.acceptance(hash)).map(ChainEvents::convert),
        position.merge);
  }

  private static Optional<Dag.MergeSet> mergeSet(DagReader dag, int id) {
    int parent = dag.selectedParent(id);
    if (parent == DagReader.NONE) {
      return Optional.empty();
    }
    List<Hash> reds = Arrays.stream(dag.reds(id)).mapToObj(dag::hash).toList();
    List<Hash> blues = new ArrayList<>();
    blues.add(dag.hash(parent));
    Arrays.stream(dag.mergeset(id))
        .mapToObj(dag::hash)
        .filter(merged -> !reds.contains(merged))
        .forEach(blues::add);
    return Optional.of(new Dag.MergeSet(dag.hash(parent), blues, reds));
  }

  void accepted(Dag.GetAccepted question) {
    answer(question.replyTo(), () -> accepted(question.blocks(), question.limit()));
  }

  private Dag.AcceptedTransactions accepted(List<Hash> chainBlocks, int limit) {
    List<Transaction> found = new ArrayList<>();
    for (Hash chainBlock : chainBlocks) {
      BlockAcceptance accepted = view.acceptance(chainBlock);
      for (BlockAcceptance.Merged merged :
          accepted == null ? List.<BlockAcceptance.Merged>of() : accepted.merged()) {
        List<Transaction> body = view.body(merged.block());
        Set<Hash> ids = Set.copyOf(merged.transactions());
        for (Transaction transaction : body == null ? List.<Transaction>of() : body) {
          if (found.size() == limit) {
            return new Dag.AcceptedTransactions(found);
          }
          if (!transaction.isCoinbase() && ids.contains(transaction.id())) {
            found.add(transaction);
          }
        }
      }
    }
    return new Dag.AcceptedTransactions(found);
  }

  private static Dag.HashesReply hashes(SyncAnswer<List<Hash>> answer) {
    return switch (answer) {
      case SyncAnswer.Found<List<Hash>>(var found) -> new Dag.HashesReply.Found(found);
      case SyncAnswer.Refused<List<Hash>>(var why) -> new Dag.HashesReply.Refused(why.text());
    };
  }

  private Dag.HeadersReply headersOf(List<Hash> hashes) {
    List<Header> headers = new ArrayList<>(hashes.size());
    for (Hash hash : hashes) {
      Header header = view.header(hash);
      if (header == null) {
        return new Dag.HeadersReply.Refused("header " + hash + " is not here any more");
      }
      headers.add(header);
    }
    return new Dag.HeadersReply.Found(headers);
  }

  /**
   * A question that fails is our own fault, and no answer says so: "not here" would be laid to the
   * peer that asked for it. It is logged, counted and left without answer. Whoever asks has a
   * deadline of his own, after which a flow ends as by a local fault.
   */
  private <T> void answer(ActorRef<T> replyTo, Supplier<T> query) {
    executor.execute(
        () -> {
          try {
            replyTo.tell(query.get());
          } catch (RuntimeException failure) {
            failures.increment();
            LOG.error("A question about the DAG failed", failure);
          }
        });
  }
}
