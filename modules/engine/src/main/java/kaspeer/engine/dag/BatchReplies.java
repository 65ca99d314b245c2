package kaspeer.engine.dag;

import java.util.List;
import kaspeer.consensus.Verdict;
import kaspeer.flow.dag.Dag.BatchReply;

/** Turns the verdicts on a batch into one answer. */
final class BatchReplies {
  private BatchReplies() {}

  /**
   * @param verdicts one for each item up to the first that is not in the DAG then
   */
  static BatchReply of(List<Verdict> verdicts) {
    int added =
        (int) verdicts.stream().filter(verdict -> verdict instanceof Verdict.Accepted).count();
    return verdicts.isEmpty()
        ? new BatchReply.Done(0)
        : switch (verdicts.getLast()) {
          case Verdict.Accepted _, Verdict.Known _ -> new BatchReply.Done(added);
          case Verdict.Invalid(var hash, var rule, var detail) ->
              new BatchReply.Failed(added, hash, rule.name(), detail);
          case Verdict.MissingParents(var hash, var parents, var _) ->
              new BatchReply.Gap(added, hash, parents);
          case Verdict.Busy _ -> new BatchReply.Busy();
        };
  }
}
