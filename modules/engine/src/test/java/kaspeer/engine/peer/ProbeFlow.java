package kaspeer.engine.peer;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import kaspeer.engine.TestEngine;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** A flow that does what a test tells it, on its own thread, and keeps what it receives. */
public final class ProbeFlow implements FlowFactory<ProbeFlow.Command> {
  sealed interface Command {}

  private record Got(FlowEvent event) implements Command {}

  private record Run(Consumer<FlowContext> action) implements Command {}

  private record Stop() implements Command {}

  private final FlowDescriptor descriptor;
  private final BlockingQueue<ActorRef<Command>> started = new LinkedBlockingQueue<>();
  private final BlockingQueue<FlowEvent> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<ActorRef<Command>> first = new CompletableFuture<>();
  private volatile @Nullable ActorRef<Command> latest;

  private ProbeFlow(FlowDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  public static ProbeFlow ready(
      String name, Set<PayloadCase> sends, OnFailure onFailure, Inbox... inboxes) {
    return new ProbeFlow(
        new FlowDescriptor(
            name, VersionRange.ALL, Phase.READY, List.of(inboxes), sends, onFailure));
  }

  static ProbeFlow handshake() {
    Inbox inbox =
        new Inbox(
            "handshake",
            Set.of(PayloadCase.VERSION, PayloadCase.VERACK, PayloadCase.READY),
            false,
            4,
            4096,
            FlowDescriptor.Overflow.DISCONNECT);
    return new ProbeFlow(
        new FlowDescriptor(
            "version",
            VersionRange.ALL,
            Phase.HANDSHAKE,
            List.of(inbox),
            Set.of(),
            OnFailure.END_PEER));
  }

  @Override
  public FlowDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public Command wrap(FlowEvent event) {
    return switch (event) {
      case FlowEvent.Received _, FlowEvent.Undecoded _ -> new Got(event);
      case FlowEvent.Own _, FlowEvent.Observed _, FlowEvent.Intercepted _ ->
          throw new IllegalArgumentException(event + " is for plug-ins");
    };
  }

  @Override
  public Behavior<Command> create(FlowContext flow) {
    return Behaviors.setup(
        context -> {
          latest = context.getSelf();
          first.complete(context.getSelf());
          started.add(context.getSelf());
          return Behaviors.receiveMessage(
              command ->
                  switch (command) {
                    case Got(var event) -> {
                      received.add(event);
                      yield Behaviors.same();
                    }
                    case Run(var action) -> {
                      action.accept(flow);
                      yield Behaviors.same();
                    }
                    case Stop() -> Behaviors.stopped();
                  });
        });
  }

  /** Waits until an instance of the flow runs that nobody waited for before. */
  public void expectStarted() throws InterruptedException {
    if (started.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS) == null) {
      throw new AssertionError(descriptor.name() + " was not started");
    }
  }

  boolean isStarted() {
    return latest != null;
  }

  private void tell(Command command) {
    ActorRef<Command> actor = first.orTimeout(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS).join();
    ActorRef<Command> newest = latest;
    (newest == null ? actor : newest).tell(command);
  }

  /** Does something on the flow's thread and waits until it is done. */
  public <T> T call(Function<FlowContext, T> action) {
    CompletableFuture<T> done = new CompletableFuture<>();
    tell(new Run(flow -> done.complete(action.apply(flow))));
    return done.orTimeout(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  public void run(Consumer<FlowContext> action) {
    call(
        flow -> {
          action.accept(flow);
          return true;
        });
  }

  void fail(String message) {
    tell(
        new Run(
            _ -> {
              throw new IllegalStateException(message);
            }));
  }

  void end() {
    tell(new Stop());
  }

  FlowEvent.Received expectReceived(PayloadCase payload) throws InterruptedException {
    FlowEvent event = received.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS);
    if (event instanceof FlowEvent.Received got && got.message().getPayloadCase() == payload) {
      return got;
    }
    throw new AssertionError("expected " + payload + ", got " + event);
  }

  FlowEvent.Undecoded expectUndecoded() throws InterruptedException {
    FlowEvent event = received.poll(TestEngine.SOON.toSeconds(), TimeUnit.SECONDS);
    if (event instanceof FlowEvent.Undecoded got) {
      return got;
    }
    throw new AssertionError("expected an undecoded message, got " + event);
  }

  int receivedCount() {
    return received.size();
  }
}
