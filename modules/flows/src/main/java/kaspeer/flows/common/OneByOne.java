package kaspeer.flows.common;

import java.util.List;
import java.util.Optional;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.proto.KaspadMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Serves requests for lists of things, one thing at a time: each is looked up, and its answer made,
 * when the connection has taken the one before. The next request is taken when all of the last one
 * is answered.
 *
 * @param <T> the things
 */
public final class OneByOne<T> extends AbstractMatchingBehavior<OneByOne.Command> {
  /** The one inbox of such a flow. */
  public static final String REQUESTS = "requests";

  /**
   * What is served, and how; made anew for each flow.
   *
   * @param <T> the things
   */
  public interface Server<T> {
    /**
     * What a request asks for, in order.
     *
     * @throws Breach if it asks for what nobody may ask for
     */
    List<Hash> wanted(KaspadMessage request) throws Breach, ConversionException;

    /** Looks for one of them. Returns whether a reply comes; if not, it counts as not found. */
    boolean lookUp(Hash hash, ActorRef<Optional<T>> replyTo);

    /** The answer for one of them, or null if there is nothing to say. */
    @Nullable KaspadMessage answer(Hash hash, @Nullable T found);

    /** The request is answered. */
    default void done() {}
  }

  /** Makes the server of a flow. */
  public interface Maker<T> {
    Server<T> make(FlowContext flow);
  }

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(KaspadMessage message) implements Command {}

  private record Found(Optional<?> thing) implements Command {}

  private record Delivered(@Nullable Throwable failure) implements Command {}

  private enum Tick implements Command {
    LOOK
  }

  private final FlowContext flow;
  private final Class<T> things;
  private final Server<T> server;
  private final LocalQuestions local = new LocalQuestions();

  @SuppressWarnings(
      "rawtypes") // An adapter knows its messages by class, and classes have no parameters.
  private final ActorRef<Optional> found;

  private List<Hash> wanted = List.of();
  private int next;

  private OneByOne(
      ActorContext<Command> actor,
      TimerScheduler<Command> timers,
      FlowContext flow,
      Class<T> things,
      Server<T> server) {
    super(actor);
    this.flow = flow;
    this.things = things;
    this.server = server;
    this.found = actor.messageAdapter(Optional.class, Found::new);
    timers.startTimerWithFixedDelay(Tick.LOOK, LocalQuestions.LOOK_INTERVAL);
    flow.pull(REQUESTS);
  }

  /**
   * A factory of such flows.
   *
   * @param descriptor with {@link #REQUESTS} for its one inbox
   */
  public static <T> FlowFactory<Command> factory(
      FlowDescriptor descriptor, Class<T> things, Maker<T> maker) {
    return new FlowKind<>(
        descriptor,
        (FlowEvent.Received event) -> new Received(event.message()),
        (actor, timers, flow) -> new OneByOne<>(actor, timers, flow, things, maker.make(flow)));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var message) -> onRequest(message);
      case Found(var thing) -> {
        local.answer();
        yield answer(thing.map(things::cast).orElse(null)) ? this : serveNext();
      }
      case Delivered(var failure) -> failure == null ? serveNext() : Behaviors.stopped();
      case Tick.LOOK -> onLook();
    };
  }

  private Behavior<Command> onRequest(KaspadMessage message) {
    try {
      wanted = server.wanted(message);
      next = 0;
      return serveNext();
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, "request: " + e.getMessage());
    }
    return Behaviors.stopped();
  }

  /** Goes on until something has to be waited for. */
  private Behavior<Command> serveNext() {
    while (next < wanted.size()) {
      if (server.lookUp(wanted.get(next), found.unsafeUpcast())) {
        local.ask();
        return this;
      }
      if (answer(null)) {
        return this;
      }
    }
    server.done();
    wanted = List.of();
    flow.pull(REQUESTS);
    return this;
  }

  /** Returns whether an answer is on its way. */
  private boolean answer(@Nullable T thing) {
    KaspadMessage answer = server.answer(wanted.get(next++), thing);
    if (answer == null) {
      return false;
    }
    getContext().pipeToSelf(flow.outbox().deliver(answer), (_, failure) -> new Delivered(failure));
    return true;
  }

  private Behavior<Command> onLook() {
    if (local.areStalled()) {
      flow.finish(new FlowOutcome.LocalFault("nobody here answers what was asked for"));
      return Behaviors.stopped();
    }
    return this;
  }
}
