package kaspeer.testkit.flow;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.Standing;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One flow, run by itself: the test plays the peer, the engine and the shared actors, and time
 * passes only when told.
 *
 * <p>Every method returns when the flow has worked off all that the call caused, so that what did
 * not happen can be checked as well as what did. Messages are delivered only when the flow pulls,
 * answers only while a question is open, as the engine does. The {@code expect} methods take the
 * oldest unexpected item of their kind, or throw {@link AssertionError}.
 *
 * <pre>{@code
 * try (var harness = FlowHarness.of(new PingFlow.Factory()).version(10).start()) {
 *   harness.receive(ping(7));
 *   assertThat(harness.expectSent(PONG).message().getPong().getNonce()).isEqualTo(7);
 * }
 * }</pre>
 */
public final class FlowHarness implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_ROUNDS = 100_000;

  private final ActorTestKit testKit = ActorTestKit.create("flow-harness", ManualScheduler.CONFIG);
  private final ManualScheduler scheduler =
      (ManualScheduler) testKit.system().classicSystem().scheduler();
  private final CompletableFuture<Done> stopped = new CompletableFuture<>();
  private final ScriptedContext context;
  private final FlowSetup setup;
  private final FlowProbe<?> probe;
  private final ActorRef<Object> flow;

  private <C> FlowHarness(FlowFactory<C> factory, FlowSetup setup) {
    this.setup = setup;
    this.context = new ScriptedContext(factory.descriptor(), setup);
    FlowProbe<C> flowProbe = new FlowProbe<>();
    this.probe = flowProbe;
    // Created within the actor, for a factory may ask for its first message at once.
    this.flow =
        testKit.spawn(
            Behaviors.setup(
                actor -> {
                  context.attach(event -> actor.getSelf().tell(factory.wrap(event)));
                  return flowProbe.around(factory.create(context));
                }),
            factory.descriptor().name());
    testKit.spawn(
        Behaviors.setup(
            watcher -> {
              watcher.watch(flow);
              return Behaviors.receive(Object.class)
                  .onSignal(
                      Terminated.class,
                      _ -> {
                        stopped.complete(Done.getInstance());
                        return Behaviors.stopped();
                      })
                  .build();
            }));
    await();
  }

  static <C> FlowHarness start(FlowFactory<C> factory, FlowSetup setup) {
    return new FlowHarness(factory, setup);
  }

  /**
   * Prepares a harness for this flow: an outbound peer of version 11 on simnet, a nearly synced
   * DAG, policy network.
   */
  public static <C> FlowSetup of(FlowFactory<C> factory) {
    return FlowSetup.standard(factory);
  }

  // What the peer does.

  /** The peer sends a message. */
  public FlowHarness receive(KaspadMessage message) {
    context.receive(message);
    return await();
  }

  /** The peer sends a message. */
  public FlowHarness receive(KaspadMessage.Builder message) {
    return receive(message.build());
  }

  /** The peer answers a request that was numbered. */
  public FlowHarness answer(Sent request, KaspadMessage.Builder answer) {
    return receive(answer.setResponseId(request.message().getRequestId()));
  }

  /** The connection ends: pending deliveries fail, and the engine stops the flow. */
  public FlowHarness loseLink() {
    while (context.deliveriesUnderWay() > 0) {
      context.takeDelivery().completeExceptionally(new IllegalStateException("connection closed"));
    }
    testKit.stop(flow, PATIENCE);
    return await();
  }

  // What a plug-in's flow is told.

  /** What a flow said of an intercepted message. */
  public enum Word {
    NONE,
    PASS,
    DROP,
    VIOLATION
  }

  /** The peer sends a message under a number of the flow's own. */
  public FlowHarness receiveOwn(int number, ByteString payload) {
    context.tell(new FlowEvent.Own(number, payload, context.now()));
    return await();
  }

  /** The flow sees a message that the peer sends to a built-in flow. */
  public FlowHarness observe(KaspadMessage message) {
    context.tell(context.extension().observed(message, context.now()));
    return await();
  }

  /** Asks the flow for its verdict on a message; a violation is there to be expected. */
  public Word intercept(KaspadMessage message) {
    ExtensionScript.Said said =
        new ExtensionScript.Said(breach -> context.violation(breach.code(), breach.detail()));
    context.tell(context.extension().intercepted(message, context.now(), said));
    await();
    return said.word();
  }

  /** The oldest message of the flow's own that went to the peer, which must have this number. */
  public ByteString expectOwnSent(int number) {
    ExtensionScript.OwnSent next = take(context.extension().sent(), "own message " + number);
    if (next.number() != number) {
      throw new AssertionError("sent own " + next + " where " + number + " was expected");
    }
    return next.payload();
  }

  /** What the flow told its operator. */
  public RecordedTelemetry telemetry() {
    return context.extension().telemetry();
  }

  // What the shared actors and time do.

  /** A shared actor replies to the flow. */
  public <R> FlowHarness reply(ActorRef<R> replyTo, R reply) {
    replyTo.tell(reply);
    return await();
  }

  /**
   * Lets time pass, for timers and the clock alike. Timers go off one after the other, each at its
   * time.
   */
  public FlowHarness advance(Duration duration) {
    Duration left = duration;
    for (Duration next = scheduler.untilNext();
        next != null && next.compareTo(left) <= 0;
        next = scheduler.untilNext()) {
      pass(next);
      left = left.minus(next);
    }
    return pass(left);
  }

  private FlowHarness pass(Duration duration) {
    context.passTime(duration);
    scheduler.pass(duration);
    return await();
  }

  /** The machine's clock is set by so much, back if that is negative, while no time passes. */
  public FlowHarness setClock(Duration by) {
    context.setClock(by);
    return this;
  }

  /** From now on nothing is read of what the peer may have sent, as time passes. */
  public FlowHarness stopReading() {
    context.reading(false);
    return this;
  }

  /** From now on the peer's messages are read again. */
  public FlowHarness readOn() {
    context.reading(true);
    return this;
  }

  /** From now on deliveries wait for {@link #completeDelivery} instead of completing at once. */
  public FlowHarness holdDeliveries() {
    context.holdDeliveries(true);
    return this;
  }

  /** The connection has taken the oldest held delivery. */
  public FlowHarness completeDelivery() {
    context.takeDelivery().complete(Done.getInstance());
    return await();
  }

  /** What the flow sees of the DAG from now on. */
  public FlowHarness dagSnapshot(DagSnapshot snapshot) {
    context.snapshot(snapshot);
    return this;
  }

  public Instant now() {
    return context.now();
  }

  // What the flow did.

  /** The oldest message to the peer, which must be of this type. */
  public Sent expectSent(PayloadCase payload) {
    Sent next = take(context.takeableSent(), payload.name() + " to the peer");
    if (next.payload() != payload) {
      throw new AssertionError("sent " + next + " where " + payload + " was expected");
    }
    return next;
  }

  /** Nothing more went to the peer. */
  public FlowHarness expectNothingSent() {
    return expectNone(context.sent(), "sent");
  }

  /** The oldest breach, which must be of this code. */
  public FlowOutcome.Violation expectViolation(ViolationCode code) {
    FlowOutcome.Violation next = take(context.violations(), "violation " + code);
    if (next.code() != code) {
      throw new AssertionError("reported " + next + " where " + code + " was expected");
    }
    return next;
  }

  public FlowHarness expectNoViolation() {
    return expectNone(context.violations(), "reported");
  }

  /** What the harness's policy makes of the oldest breach, for a peer with no other. */
  public Sanction expectSanctioned(ViolationCode code) {
    return setup.policy().decide(expectViolation(code), Standing.CLEAN);
  }

  /** The flow ended itself with an outcome of this kind. */
  public <T extends FlowOutcome> T expectFinished(Class<T> kind) {
    return cast(kind, take(context.finishes(), "end with " + kind.getSimpleName()));
  }

  /** The oldest step of the handshake, which must be of this kind. */
  public <T extends HandshakeStep> T expectHandshake(Class<T> kind) {
    return cast(kind, take(context.steps(), "handshake step " + kind.getSimpleName()));
  }

  public FlowHarness expectNoHandshakeStep() {
    return expectNone(context.steps(), "handshake step");
  }

  /** The flow's actor has stopped. */
  public FlowHarness expectStopped() {
    if (!isStopped()) {
      throw new AssertionError("the flow runs on");
    }
    return this;
  }

  /** The flow's actor runs. */
  public FlowHarness expectRunning() {
    if (isStopped()) {
      throw new AssertionError("the flow has stopped");
    }
    return this;
  }

  public boolean isStopped() {
    return stopped.isDone();
  }

  public <T extends Dag> T expectDag(Class<T> kind) {
    return takeFrom(context.dag, kind);
  }

  public <T extends Mempool> T expectMempool(Class<T> kind) {
    return takeFrom(context.mempool, kind);
  }

  public <T extends Relay> T expectRelay(Class<T> kind) {
    return takeFrom(context.relay, kind);
  }

  public <T extends Sync> T expectSync(Class<T> kind) {
    return takeFrom(context.sync, kind);
  }

  public <T extends Addresses> T expectAddresses(Class<T> kind) {
    return takeFrom(context.addresses, kind);
  }

  /** Nothing more was told to any shared actor. */
  public FlowHarness expectNothingTold() {
    List<Object> told = new ArrayList<>();
    for (TestInbox<?> inbox :
        List.of(context.dag, context.mempool, context.relay, context.sync, context.addresses)) {
      told.addAll(inbox.getAllReceived());
    }
    return expectNone(told, "told");
  }

  /** Messages of this inbox that the flow is ready to take beyond those it has. */
  public int pulls(String inbox) {
    return context.pulls(inbox);
  }

  /** Numbers of the questions that are open. */
  public Set<Integer> openQuestions() {
    return context.openQuestions();
  }

  /** Round trips reported, oldest first. */
  public List<Duration> pings() {
    return context.pings();
  }

  /** Announcements let go, by inboxes or by the flow. */
  public int dropped() {
    return context.droppedCount();
  }

  /** How often the flow said that it let announcements go: each is a message in the engine. */
  public int droppedReports() {
    return context.droppedReports();
  }

  @Override
  public void close() {
    testKit.shutdownTestKit();
  }

  private <T, U extends T> U takeFrom(TestInbox<T> inbox, Class<U> kind) {
    T next;
    try {
      next = inbox.receiveMessage();
    } catch (NoSuchElementException _) {
      throw new AssertionError("expected " + kind.getSimpleName() + ", but nothing was told");
    }
    return cast(kind, next);
  }

  private static <U> U cast(Class<U> kind, Object value) {
    if (!kind.isInstance(value)) {
      throw new AssertionError("got " + value + " where " + kind.getSimpleName() + " was expected");
    }
    return kind.cast(value);
  }

  private static <T> T take(Deque<T> queue, String what) {
    T next = queue.poll();
    if (next == null) {
      throw new AssertionError("expected " + what + ", but there was nothing");
    }
    return next;
  }

  private FlowHarness expectNone(Iterable<?> items, String what) {
    for (Object item : items) {
      throw new AssertionError(what + " " + item + " where nothing was expected");
    }
    return this;
  }

  /**
   * Waits until the flow has nothing left to do: until it has handled nothing between two barriers.
   * A message that it caused for itself stands in its mailbox before the second.
   */
  private FlowHarness await() {
    long before = -1;
    for (int round = 0; round < MAX_ROUNDS && !isStopped(); round++) {
      CompletableFuture<Long> reached = new CompletableFuture<>();
      flow.tell(FlowProbe.barrier(reached));
      long handled = awaitBarrier(reached);
      if (handled == before) {
        break;
      }
      before = handled;
    }
    Throwable thrown = probe.failure();
    if (thrown != null) {
      throw new AssertionError("the flow failed: " + thrown, thrown);
    }
    return this;
  }

  /**
   * The number of messages handled when the barrier passed, or the number before if the flow
   * stopped instead.
   */
  private long awaitBarrier(CompletableFuture<Long> reached) {
    try {
      CompletableFuture.anyOf(reached, stopped).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return reached.getNow(-1L);
    } catch (TimeoutException _) {
      throw new AssertionError("the flow did not come to rest within " + PATIENCE);
    } catch (ExecutionException e) {
      throw new AssertionError("the harness failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
