package kaspeer.admin;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Asks the parts of the node, and passes on what they answer. */
record Asker(Scheduler scheduler) {
  <Q, A> CompletionStage<A> ask(
      ActorRef<Q> who,
      org.apache.pekko.japi.function.Function<ActorRef<A>, Q> question,
      Duration limit) {
    return AskPattern.ask(who, question, limit, scheduler);
  }

  /**
   * Passes an answer on, or says what went wrong.
   *
   * @param part who was asked
   */
  static <A> void reply(
      ActorRef<AdminReply> replyTo,
      String part,
      CompletionStage<A> answer,
      Function<A, ? extends AdminReply> render) {
    answer
        .<AdminReply>thenApply(render)
        .exceptionally(failure -> failed(part, failure))
        .thenAccept(replyTo::tell);
  }

  private static AdminReply failed(String part, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof TimeoutException
        ? new AdminReply.TimedOut(part)
        : new AdminReply.Failed(cause.toString());
  }
}
