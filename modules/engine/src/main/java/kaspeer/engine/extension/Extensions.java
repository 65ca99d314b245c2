package kaspeer.engine.extension;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import kaspeer.engine.Engine.RegisteredFlow;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.catalogue.CatalogueException;
import kaspeer.engine.catalogue.FlowCatalogue.Registration;
import kaspeer.engine.metrics.Metrics;
import kaspeer.flow.FlowHost;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.Telemetry;
import kaspeer.transport.OutboundFrame;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The flows of plug-ins, for all peers. There is none of this in a node without plug-ins. */
public final class Extensions {
  private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);

  /** How long a factory may take to start. */
  private static final Duration START = Duration.ofSeconds(10);

  /** How long it may take to stop. */
  private static final Duration STOP = Duration.ofMillis(500);

  private record Host(Path folder, Telemetry telemetry, InstantSource clock) implements FlowHost {}

  /** Something a factory does. */
  private interface Step {
    void run() throws Exception;
  }

  private final List<PluginFlow> flows;
  private final InstantSource clock;
  private volatile @Nullable ActorRef<ExtensionHost.Command> host;

  private Extensions(List<PluginFlow> flows, InstantSource clock) {
    this.flows = flows;
    this.clock = clock;
  }

  /**
   * Starts the factories of plug-ins, one after the other. Blocks.
   *
   * @param registrations flows of plug-ins, checked
   * @param directory where flows have their folders
   * @param events takes what they publish, from any thread
   * @throws CatalogueException naming the flow that could not start
   */
  public static Extensions start(
      List<Registration> registrations,
      Path directory,
      Metrics metrics,
      InstantSource clock,
      Consumer<NodeEvent> events) {
    List<PluginFlow> flows = new ArrayList<>();
    for (Registration one : registrations) {
      flows.add(new PluginFlow(one.factory(), one.descriptor(), one.origin(), metrics));
    }
    Extensions extensions = new Extensions(List.copyOf(flows), clock);
    List<PluginFlow> started = new ArrayList<>();
    for (PluginFlow flow : flows) {
      Telemetry telemetry = new EngineTelemetry(flow, metrics, events);
      Host host = new Host(directory.resolve(flow.name()), telemetry, clock);
      String failure = run(flow, "start", START, () -> startFactory(flow, host));
      if (failure != null) {
        started.forEach(Extensions::stop);
        throw new CatalogueException(
            "flow " + flow.name() + " of " + flow.origin() + " does not start: " + failure);
      }
      started.add(flow);
    }
    return extensions;
  }

  /**
   * Makes the metrics of plug-ins' flows, also where there is none: rules and dashboards ask for
   * them.
   *
   * @param extensions null if there are none
   */
  public static void measure(@Nullable Extensions extensions, Metrics metrics) {
    FlowHealth.counters(metrics);
    List<PluginFlow> flows = extensions == null ? List.of() : extensions.flows;
    metrics.gauges(
        "kaspeer_plugin_flow_running",
        "Whether a plug-in's flow runs: 0 once it was switched off.",
        () ->
            flows.stream()
                .collect(
                    Collectors.toMap(
                        PluginFlow::name, flow -> flow.health().isDisabled() ? 0.0 : 1.0)),
        "flow");
  }

  private static void startFactory(PluginFlow flow, Host host) throws Exception {
    try {
      Files.createDirectories(host.folder);
    } catch (IOException e) {
      throw new IOException("cannot make its folder " + host.folder + ": " + e.getMessage(), e);
    }
    flow.factory().start(host);
  }

  /** Lets a factory do something on a thread that may be lost. Returns what went wrong. */
  private static @Nullable String run(PluginFlow flow, String what, Duration limit, Step step) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              step.run();
              return true;
            });
    Thread.ofPlatform().daemon().name(flow.name() + " " + what).start(task);
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return null;
    } catch (ExecutionException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      return cause.getMessage() == null ? cause.toString() : Texts.cut(cause.getMessage());
    } catch (TimeoutException e) {
      task.cancel(true);
      return "not done within " + limit.toMillis() + " ms";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Stops the factories. Blocks, for half a second each at most. */
  public void stop() {
    flows.forEach(Extensions::stop);
  }

  private static void stop(PluginFlow flow) {
    String failure = run(flow, "stop", STOP, flow.factory()::stop);
    if (failure != null) {
      LOG.warn("Flow {} of {} does not stop: {}", flow.name(), flow.origin(), failure);
    }
  }

  /** The parent of the flows' actors, to be spawned once. */
  public Behavior<ExtensionHost.Command> host(Surroundings surroundings) {
    return ExtensionHost.create(flows, surroundings);
  }

  /** From now on peers can join. */
  public void attach(ActorRef<ExtensionHost.Command> running) {
    host = running;
  }

  /**
   * The flows that go with this peer; null if there are none.
   *
   * @param notes takes what they have to tell its supervisor
   */
  public @Nullable PeerExtensions open(
      PeerInfo peer, ActorContext<?> supervisor, ActorRef<ExtensionNote> notes) {
    List<PluginInstance> instances =
        flows.stream()
            .filter(flow -> flow.descriptor().versions().contains(peer.protocolVersion()))
            .filter(flow -> !flow.health().isDisabled())
            .map(flow -> new PluginInstance(flow, peer))
            .filter(Extensions::isOfUse)
            .toList();
    return instances.isEmpty() ? null : new PeerExtensions(supervisor, notes, this, instances);
  }

  /** One that only speaks has nothing to do with a peer that does not. */
  private static boolean isOfUse(PluginInstance instance) {
    var extension = instance.flow().extension();
    return instance.speaks()
        || extension.observe().isPresent()
        || extension.intercept().isPresent();
  }

  void join(
      ActorRef<?> supervisor,
      List<PluginInstance> instances,
      Predicate<OutboundFrame> link,
      ActorRef<ExtensionNote> notes) {
    ActorRef<ExtensionHost.Command> running = host;
    if (running != null) {
      List<ExtensionHost.Member> members =
          instances.stream()
              .map(
                  instance ->
                      new ExtensionHost.Member(
                          instance, new ExtensionOutbox(instance, link), notes))
              .toList();
      running.tell(new ExtensionHost.Join(supervisor, members));
    }
  }

  Instant now() {
    return clock.instant();
  }

  /** The flows as they are shown, with what was counted of them so far. */
  public List<RegisteredFlow> registered() {
    return flows.stream()
        .map(flow -> new RegisteredFlow(flow.descriptor(), flow.origin(), flow.health().report()))
        .toList();
  }
}
