package kaspeer.engine.sync;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Asks the DAG; answers are dealt with in the asking actor. An answer that never comes counts as
 * the DAG being busy.
 */
final class DagQuestions<C> {
  /**
   * The DAG answers in milliseconds; this only keeps a lost answer from holding up the sync for
   * good.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final ActorContext<C> context;
  private final ActorRef<Dag> dag;
  private final Function<Runnable, C> asCommand;

  /**
   * @param asCommand makes a command whose handling runs the action
   */
  DagQuestions(ActorContext<C> context, ActorRef<Dag> dag, Function<Runnable, C> asCommand) {
    this.context = context;
    this.dag = dag;
    this.asCommand = asCommand;
  }

  private <R> void ask(
      Class<R> type, Function<ActorRef<R>, Dag> question, Consumer<R> then, R otherwise) {
    context.ask(
        type,
        dag,
        PATIENCE,
        question::apply,
        (reply, failure) ->
            asCommand.apply(() -> then.accept(failure == null ? reply : otherwise)));
  }

  /**
   * @param then gets nothing at all where the DAG does not answer
   */
  void statuses(List<Hash> hashes, Consumer<Dag.Statuses> then) {
    ask(
        Dag.Statuses.class,
        replyTo -> new Dag.GetStatuses(hashes, replyTo),
        then,
        new Dag.Statuses(List.of(), List.of()));
  }

  void isAncestor(Hash block, Hash descendant, Consumer<Boolean> then) {
    ask(Boolean.class, replyTo -> new Dag.IsAncestor(block, descendant, replyTo), then, false);
  }

  void missingBodies(Hash target, int limit, Consumer<Dag.HashesReply> then) {
    ask(
        Dag.HashesReply.class,
        replyTo -> new Dag.GetMissingBodies(target, limit, replyTo),
        then,
        new Dag.HashesReply.Refused("the DAG does not answer"));
  }

  void submitBodies(List<Dag.Body> bodies, Consumer<Dag.BatchReply> then) {
    ask(
        Dag.BatchReply.class,
        replyTo -> new Dag.SubmitBodies(bodies, replyTo),
        then,
        new Dag.BatchReply.Busy());
  }
}
