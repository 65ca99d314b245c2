package kaspeer.flows.sync;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.dag.Dag;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.wire.ConversionException;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Serves requests that one question to the DAG answers, one request at a time.
 *
 * @param <R> what the DAG replies
 */
final class OneAnswerFlow<R> extends AbstractMatchingBehavior<OneAnswerFlow.Command> {
  static final String REQUESTS = "requests";

  /**
   * A kind of request.
   *
   * @param tokens requests served to a host, one token each
   * @param executor where answers are made
   */
  record Kind<R>(
      String name,
      PayloadCase request,
      Set<PayloadCase> answers,
      Class<R> reply,
      TokenBuckets tokens,
      Semaphore permits,
      Executor executor,
      Question<R> question,
      Answer<R> answer) {

    FlowFactory<Command> factory() {
      FlowDescriptor descriptor =
          new FlowDescriptor(
              name,
              VersionRange.ALL,
              Phase.READY,
              List.of(
                  new Inbox(REQUESTS, Set.of(request), false, 64, 64 << 10, Overflow.BACKPRESSURE)),
              answers,
              OnFailure.END_PEER);
      return new FlowKind<>(
          descriptor,
          Received::new,
          (actor, timers, flow) -> new OneAnswerFlow<>(actor, timers, flow, this));
    }
  }

  /** Makes the question to the DAG of a request. */
  interface Question<R> {
    Dag ask(KaspadMessage request, ActorRef<R> replyTo) throws ConversionException;
  }

  /** Makes the messages of the DAG's reply. Runs outside the actor. */
  interface Answer<R> {
    List<KaspadMessage.Builder> make(R reply) throws Breach;
  }

  /** What the flow is told. */
  sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record Replied<R>(R reply) implements Command {}

  private record Made(List<KaspadMessage.Builder> messages) implements Command {}

  private record Broken(Breach breach) implements Command {}

  /** Making an answer went wrong, which is no doing of the peer's. */
  private record Failed(Throwable cause) implements Command {}

  private record Own(Serving.Event event) implements Command {}

  private final FlowContext flow;
  private final Kind<R> kind;
  private final Serving<Command> serving;
  private final ActorRef<R> replies;
  private final Deque<KaspadMessage.Builder> answers = new ArrayDeque<>();
  private KaspadMessage request = KaspadMessage.getDefaultInstance();

  private OneAnswerFlow(
      ActorContext<Command> actor, TimerScheduler<Command> timers, FlowContext flow, Kind<R> kind) {
    super(actor);
    this.flow = flow;
    this.kind = kind;
    this.replies = actor.messageAdapter(kind.reply, Replied::new);
    this.serving =
        new Serving<>(
            actor, timers, flow, Own::new, kind.tokens.of(flow), kind.permits, new Work());
    flow.pull(REQUESTS);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var event) -> {
        request = event.message();
        serving.admit(1);
        yield this;
      }
      case Replied<?>(var reply) -> {
        serving.answered();
        make(kind.reply.cast(reply));
        yield this;
      }
      case Made(var messages) -> {
        answers.addAll(messages);
        deliverNext();
        yield this;
      }
      case Broken(var breach) ->
          serving.run(
              this,
              () -> {
                throw breach;
              });
      case Failed(var cause) ->
          throw new IllegalStateException("an answer could not be made", cause);
      case Own(var event) -> serving.hear(this, event);
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    return serving.hear(this, signal);
  }

  private final class Work implements Serving.Work {
    @Override
    public void begin() throws ConversionException {
      serving.asked();
      flow.dag().tell(kind.question.ask(request, replies));
    }

    @Override
    public void delivered() {
      deliverNext();
    }

    @Override
    public void parked() {
      // The answer is with the connection; what follows it are a few closing words.
    }
  }

  private void make(R reply) {
    CompletableFuture<Command> made =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return new Made(kind.answer.make(reply));
              } catch (Breach breach) {
                return new Broken(breach);
              }
            },
            kind.executor);
    getContext()
        .pipeToSelf(made, (command, failure) -> failure == null ? command : new Failed(failure));
  }

  private void deliverNext() {
    KaspadMessage.Builder next = answers.poll();
    while (next != null) {
      if (!serving.deliver(next.setResponseId(request.getRequestId()).build())) {
        return;
      }
      next = answers.poll();
    }
    serving.release();
    request = KaspadMessage.getDefaultInstance();
    flow.pull(REQUESTS);
  }
}
