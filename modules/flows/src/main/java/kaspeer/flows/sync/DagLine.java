package kaspeer.flows.sync;

import java.util.List;
import java.util.function.Function;
import kaspeer.flow.FlowContext;
import kaspeer.flow.dag.Dag;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The sync flow's questions to the DAG. Answers come to the flow as commands, each to be counted by
 * {@link #answered}.
 */
final class DagLine {
  private final ActorRef<Dag> dag;
  private final ActorRef<Dag.Statuses> statuses;
  private final ActorRef<Boolean> ancestry;
  private final ActorRef<Dag.BatchReply> checks;
  private final LocalQuestions count = new LocalQuestions();

  <C> DagLine(
      ActorContext<C> actor,
      FlowContext flow,
      Function<Dag.Statuses, C> statusesKnown,
      Function<Boolean, C> ancestryKnown,
      Function<Dag.BatchReply, C> headersChecked) {
    this.dag = flow.dag();
    this.statuses = actor.messageAdapter(Dag.Statuses.class, statusesKnown::apply);
    this.ancestry = actor.messageAdapter(Boolean.class, ancestryKnown::apply);
    this.checks = actor.messageAdapter(Dag.BatchReply.class, headersChecked::apply);
  }

  void lookUp(List<Hash> hashes) {
    ask(new Dag.GetStatuses(hashes, statuses));
  }

  void isAncestor(Hash block, Hash descendant) {
    ask(new Dag.IsAncestor(block, descendant, ancestry));
  }

  void check(List<Header> headers) {
    ask(new Dag.SubmitHeaders(headers, checks));
  }

  private void ask(Dag question) {
    count.ask();
    dag.tell(question);
  }

  void answered() {
    count.answer();
  }

  /** Whether nothing was answered for a while that was asked before; see {@link LocalQuestions}. */
  boolean isStalled() {
    return count.areStalled();
  }
}
