package kaspeer.engine.mempool;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.mempool.Admission;
import kaspeer.mempool.Submission;
import kaspeer.mempool.Work;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that are handed in, from their arrival to the answers: who handed them in, what the
 * pool said of each, and which of them peers are to be told of. State of the mempool's actor.
 */
final class Arrivals {
  private final MempoolActor.Setup setup;
  private final Consumer<List<Hash>> announce;
  private final SubmissionQueue queue = new SubmissionQueue();

  /**
   * @param announce hears of ids that came into the pool, also of none
   */
  Arrivals(MempoolActor.Setup setup, Consumer<List<Hash>> announce) {
    this.setup = setup;
    this.announce = announce;
  }

  void submit(Mempool.Submit submit) {
    Submission how =
        submit.origin() == Dag.LOCAL
            ? Submission.local()
            : Submission.relayed(setup.sourceOf().apply(submit.origin()));
    take(new SubmissionQueue.Waiting(submit.transactions(), submit.bytes(), how, submit.replyTo()));
  }

  void replace(Mempool.Replace replace) {
    take(
        new SubmissionQueue.Waiting(
            List.of(replace.transaction()),
            replace.bytes(),
            Submission.localReplacement(),
            replace.replyTo()));
  }

  private void take(SubmissionQueue.Waiting waiting) {
    if (!queue.add(waiting)) {
      Mempool.Results results = Replies.full(waiting.transactions());
      results.byId().values().forEach(result -> setup.metrics().transaction(result.word()));
      waiting.replyTo().tell(results);
    }
  }

  /** The next of what waits, as work of the pool; null if nothing does. */
  Jobs.@Nullable Job<?> next() {
    List<SubmissionQueue.Waiting> batch = queue.next();
    if (batch.isEmpty()) {
      return null;
    }
    IdentityHashMap<Transaction, Submission> ways = SubmissionQueue.ways(batch);
    Work<List<Admission>> work =
        setup
            .pool()
            .submitAll(
                SubmissionQueue.transactions(batch),
                transaction -> ways.getOrDefault(transaction, batch.getFirst().how()),
                setup.virtual());
    return new Jobs.Job<>(work, admissions -> onAdmitted(batch, admissions));
  }

  /**
   * @param admissions of all transactions of the batch, in order
   */
  private void onAdmitted(List<SubmissionQueue.Waiting> batch, List<Admission> admissions) {
    queue.done(batch);
    announce.accept(Replies.accepted(admissions));
    Replies.invalid(admissions).forEach(setup.spoilt());
    int next = 0;
    for (SubmissionQueue.Waiting waiting : batch) {
      int end = next + waiting.transactions().size();
      Map<Hash, Result> results = new HashMap<>();
      for (Admission admission : admissions.subList(next, end)) {
        Result result = Replies.result(admission, setup.pool());
        setup.metrics().transaction(result.word());
        // One that is in the batch twice keeps its first result.
        results.putIfAbsent(admission.id(), result);
      }
      waiting.replyTo().tell(new Mempool.Results(results));
      next = end;
    }
  }
}
