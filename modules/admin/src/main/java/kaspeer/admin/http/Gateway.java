package kaspeer.admin.http;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kaspeer.admin.AdminActor;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.http.Problem.Kind;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/** Asks the admin actor and waits; turns what went wrong into a {@link Problem}. */
final class Gateway {
  /** A little longer than the actor's own longest wait, so that its word comes first. */
  private static final Duration LIMIT = AdminActor.WORK_LIMIT.multipliedBy(2).plusSeconds(2);

  private final ActorRef<AdminCommand> admin;
  private final ActorSystem<?> system;

  Gateway(ActorRef<AdminCommand> admin, ActorSystem<?> system) {
    this.admin = admin;
    this.system = system;
  }

  /** The answer, which is of this type unless something went wrong. */
  <T extends AdminReply> T ask(
      Class<T> expected, Function<ActorRef<AdminReply>, AdminCommand> command)
      throws InterruptedException {
    AdminReply reply = await(command);
    if (expected.isInstance(reply)) {
      return expected.cast(reply);
    }
    throw problem(reply);
  }

  private AdminReply await(Function<ActorRef<AdminReply>, AdminCommand> command)
      throws InterruptedException {
    try {
      return AskPattern.ask(admin, command, LIMIT, system.scheduler())
          .toCompletableFuture()
          .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Problem(Kind.TIMED_OUT, "admin did not answer");
    }
  }

  /** What an answer that is not the expected one means for who asked. */
  static Problem problem(AdminReply reply) {
    return switch (reply) {
      case AdminReply.NotFound(String what) -> new Problem(Kind.NOT_FOUND, "no " + what);
      case AdminReply.Refused(String why) -> new Problem(Kind.REFUSED, why);
      case AdminReply.Unavailable(String why) -> new Problem(Kind.UNAVAILABLE, why);
      case AdminReply.TimedOut(String part) ->
          new Problem(Kind.TIMED_OUT, part + " did not answer");
      case AdminReply.Failed(String detail) -> new Problem(Kind.INTERNAL, detail);
      default ->
          new Problem(Kind.INTERNAL, "admin answered with " + reply.getClass().getSimpleName());
    };
  }
}
