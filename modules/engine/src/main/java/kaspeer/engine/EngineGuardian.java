package kaspeer.engine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import kaspeer.engine.EngineStartException.Reason;
import kaspeer.engine.metrics.EngineMetrics;
import kaspeer.engine.net.NetFault;
import kaspeer.engine.peers.LiveLimits;
import kaspeer.engine.peers.PeersCommand;
import kaspeer.transport.AcceptPolicy;
import kaspeer.transport.P2pServer;
import kaspeer.wire.NetAddress;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Parent of the engine's actors: starts the parts in order, stops them in reverse. */
public final class EngineGuardian extends AbstractMatchingBehavior<EngineGuardian.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(EngineGuardian.class);

  /**
   * Inbound connections let through the door beyond the limit, to compete with those inside: the
   * least worthy goes. None is taken by who only shakes hands: one that never finished would keep
   * others out, and those inside could not be displaced any more.
   */
  private static final int CONTENDERS = 8;

  /** What the actor takes. */
  public sealed interface Command {}

  private record Prepared(EngineStart start) implements Command {}

  private record Listening(@Nullable P2pServer server) implements Command {}

  private record CannotStart(Throwable cause) implements Command {}

  private record Stop(CompletableFuture<Done> done) implements Command {}

  private enum Step implements Command {
    PEERS_GONE,
    ALL_CLOSED,
    LATE
  }

  private final TimerScheduler<Command> timers;
  private final EngineConfig config;
  private final EngineResources resources;
  private final CompletableFuture<RunningEngine> started;
  private final Executor blocking;
  private final List<CompletableFuture<Done>> stopping = new ArrayList<>();
  private @Nullable EngineStart start;
  private @Nullable EngineActors actors;
  private @Nullable P2pServer server;

  private EngineGuardian(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      EngineConfig config,
      EngineResources resources,
      CompletableFuture<RunningEngine> started) {
    super(context);
    this.timers = timers;
    this.config = config;
    this.resources = resources;
    this.started = started;
    this.blocking =
        context
            .getSystem()
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig("kaspeer.dispatcher.blocking"));
    context.pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> EngineStart.prepare(config, resources, publisher(context.getSystem())), blocking),
        (prepared, failure) -> failure == null ? new Prepared(prepared) : new CannotStart(failure));
  }

  /**
   * An engine that starts at once.
   *
   * @param started completes when peers are dialled and accepted; fails with {@link
   *     EngineStartException}, and then the actor has stopped by itself
   */
  public static Behavior<Command> create(
      EngineConfig config, EngineResources resources, CompletableFuture<RunningEngine> started) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new EngineGuardian(context, timers, config, resources, started)));
  }

  private static Consumer<NodeEvent> publisher(ActorSystem<?> system) {
    return event -> system.eventStream().tell(new EventStream.Publish<>(event));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Prepared(var prepared) -> onPrepared(prepared);
      case Listening(var bound) -> onListening(bound);
      case CannotStart(var cause) -> onCannotStart(cause);
      case Stop(var done) -> onStop(done);
      case Step.PEERS_GONE -> onPeersGone();
      case Step.ALL_CLOSED -> onAllClosed();
      case Step.LATE -> {
        LOG.warn("Stopping took longer than {} s", config.shutdownTimeout().toSeconds());
        yield onAllClosed();
      }
    };
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    if (stopping.isEmpty() && signal instanceof ChildFailed failed) {
      LOG.error("{} failed", failed.getRef().path().name(), failed.getCause());
      resources.onFatal().accept(failed.getCause());
    } else if (stopping.isEmpty() && signal instanceof Terminated ended) {
      resources
          .onFatal()
          .accept(new IllegalStateException(ended.getRef().path().name() + " has stopped"));
    }
    return this;
  }

  private Behavior<Command> onPrepared(EngineStart prepared) {
    start = prepared;
    if (prepared.plugins() != null) {
      prepared
          .plugins()
          .refused()
          .forEach(jar -> LOG.warn("Plug-in not loaded, as it is not listed: {}", jar));
    }
    EngineActors spawned = EngineActors.spawn(getContext(), prepared.config(), resources, prepared);
    actors = spawned;
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> listen(prepared, spawned), blocking),
            (bound, failure) ->
                failure == null ? new Listening(bound.orElse(null)) : new CannotStart(failure));
    return this;
  }

  private Optional<P2pServer> listen(EngineStart prepared, EngineActors spawned) {
    if (config.listen().isEmpty()) {
      return Optional.empty();
    }
    InetSocketAddress address = config.listen().get();
    LiveLimits limits = spawned.limits();
    ActorRef<PeersCommand> peers = spawned.peers();
    AcceptPolicy acceptPolicy =
        AcceptPolicy.standard(
            () -> inboundLimits(limits, resources.neighbours().isOpen()),
            remote -> prepared.bans().isBanned(remote, resources.clock().instant()),
            config.exemptFromCaps());
    try {
      return Optional.of(
          P2pServer.bind(
              prepared.transport(),
              address,
              acceptPolicy,
              link -> peers.tell(new PeersCommand.Accepted(link))));
    } catch (IOException taken) {
      String text =
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + NetFault.text(taken);
      throw new EngineStartException(Reason.CANNOT_LISTEN, text, taken);
    }
  }

  /**
   * An open door lets in a few more than may stay: who stays is decided after the handshake. A
   * closed one lets in nobody.
   */
  private static AcceptPolicy.Limits inboundLimits(LiveLimits limits, boolean open) {
    AcceptPolicy.Limits inboundLimits = limits.inboundLimits();
    return inboundLimits.withMaxInbound(open ? inboundLimits.maxInbound() + CONTENDERS : 0);
  }

  private Behavior<Command> onListening(@Nullable P2pServer bound) {
    server = bound;
    if (start == null || actors == null) {
      throw new IllegalStateException("listening before anything was prepared");
    }
    Optional<InetSocketAddress> listening = Optional.ofNullable(bound).map(this::asNamed);
    if (bound != null) {
      LOG.info("Listening on {}", listening.map(NetAddress::of).orElseThrow());
      metricsOf(bound);
    }
    ActorRef<Command> self = getContext().getSelf();
    Supplier<CompletionStage<Done>> stop =
        () -> {
          CompletableFuture<Done> done = new CompletableFuture<>();
          self.tell(new Stop(done));
          return done;
        };
    started.complete(
        new EngineHandle(
            start.config().local(),
            resources.neighbours(),
            start,
            actors,
            resources.metrics(),
            listening,
            stop));
    return this;
  }

  /** Where it listens. All addresses are called as they were named: the system says :: for both. */
  private InetSocketAddress asNamed(P2pServer bound) {
    InetSocketAddress address = bound.localAddress();
    return config
        .listen()
        .filter(named -> named.getAddress().isAnyLocalAddress())
        .map(named -> new InetSocketAddress(named.getAddress(), address.getPort()))
        .orElse(address);
  }

  private void metricsOf(P2pServer bound) {
    EngineMetrics metrics = new EngineMetrics(resources.metrics());
    metrics.refusals(
        () -> {
          Map<String, Double> byReason = new HashMap<>();
          bound.refusals().forEach((reason, times) -> byReason.put(reason.code(), (double) times));
          return byReason;
        });
    metrics.drops(
        () -> {
          Map<String, Double> byReason = new HashMap<>();
          bound.drops().forEach((reason, times) -> byReason.put(reason, (double) times));
          return byReason;
        });
    resources
        .metrics()
        .gauge("kaspeer_p2p_pending_connections", "Inbound, still shaking hands.", bound::pending);
  }

  private Behavior<Command> onCannotStart(Throwable failure) {
    Throwable cause = failure.getCause() instanceof EngineStartException known ? known : failure;
    if (start != null) {
      EngineStart open = start;
      blocking.execute(open::close);
    }
    started.completeExceptionally(cause);
    return Behaviors.stopped();
  }

  private Behavior<Command> onStop(CompletableFuture<Done> done) {
    stopping.add(done);
    if (stopping.size() > 1 || actors == null) {
      return this;
    }
    timers.startSingleTimer(Step.LATE, Step.LATE, config.shutdownTimeout());
    // While peers are dismissed nobody else is worth a handshake.
    if (server != null) {
      server.refuse();
    }
    CompletableFuture<Done> gone = new CompletableFuture<>();
    ActorRef<Done> waiter =
        getContext()
            .spawnAnonymous(
                Behaviors.receiveMessage(
                    message -> {
                      gone.complete(message);
                      return Behaviors.stopped();
                    }));
    actors.peers().tell(new PeersCommand.Shutdown(waiter));
    getContext().pipeToSelf(gone, (_, _) -> Step.PEERS_GONE);
    return this;
  }

  private Behavior<Command> onPeersGone() {
    EngineStart open = start;
    EngineActors running = actors;
    if (open == null || running == null) {
      return onAllClosed();
    }
    CompletionStage<Void> closed =
        server == null ? CompletableFuture.completedFuture(null) : server.close("the node ends");
    getContext()
        .pipeToSelf(
            closed.thenCompose(_ -> running.store().flush()).thenRunAsync(open::close, blocking),
            (_, failure) -> Step.ALL_CLOSED);
    return this;
  }

  private Behavior<Command> onAllClosed() {
    stopping.forEach(done -> done.complete(Done.getInstance()));
    return Behaviors.stopped();
  }
}
