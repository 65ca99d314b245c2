package kaspeer.engine.extension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parent of all actors of plug-ins. They are no children of their peer's supervisor, which must not
 * wait for one that hangs. One that fails is started anew, a few times; a flow that fails too often
 * with all peers together is switched off. Peers stay.
 */
public final class ExtensionHost extends AbstractMatchingBehavior<ExtensionHost.Command> {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionHost.class);
  private static final String MAILBOX = "kaspeer.mailbox.plugin";

  /** So many actors of a flow may hang on their way out; while more do, no new one starts. */
  static final int MAX_HANGING = 256;

  /** What has not stopped after so long hangs. */
  private static final long HANGING_NANOS = Duration.ofSeconds(2).toNanos();

  /** An actor that was told to stop. @param since by {@link System#nanoTime} */
  private record Stopping(PluginInstance instance, long since) {
    boolean isHanging(PluginFlow flow, long now) {
      return instance.flow().equals(flow) && now - since > HANGING_NANOS;
    }
  }

  /** What the actor takes. */
  public sealed interface Command {}

  /** A peer is ready: its flows start. */
  record Join(ActorRef<?> supervisor, List<Member> members) implements Command {}

  /** The peer is gone. */
  private record Gone(ActorRef<?> supervisor) implements Command {}

  /** The flow says that it is done with the peer. */
  private record Finished(PluginInstance instance) implements Command {}

  /** A flow with a peer, and the peer's doors. */
  record Member(PluginInstance instance, ExtensionOutbox outbox, ActorRef<ExtensionNote> notes) {}

  private final Surroundings surroundings;
  private final Map<PluginFlow, Surroundings.Actors> throttled = new HashMap<>();
  private final Map<PluginFlow, Props> props = new HashMap<>();
  private final Map<ActorRef<?>, Member> running = new HashMap<>();

  private final Map<ActorRef<?>, Stopping> stopping = new HashMap<>();

  private final Map<ActorRef<?>, List<Member>> byPeer = new HashMap<>();

  private ExtensionHost(
      ActorContext<Command> context, List<PluginFlow> flows, Surroundings surroundings) {
    super(context);
    this.surroundings = surroundings;
    for (PluginFlow flow : flows) {
      throttled.put(flow, throttle(flow));
      props.put(
          flow,
          Props.empty()
              .withDispatcherFromConfig(PluginThreads.of(context.getSystem(), flow.origin()))
              .withMailboxFromConfig(MAILBOX));
    }
  }

  static Behavior<Command> create(List<PluginFlow> flows, Surroundings surroundings) {
    return Behaviors.setup(context -> new ExtensionHost(context, flows, surroundings));
  }

  private Surroundings.Actors throttle(PluginFlow flow) {
    Surroundings.Actors actors = surroundings.actors();
    return new Surroundings.Actors(
        throttle(flow, actors.dag(), "dag"),
        throttle(flow, actors.mempool(), "mempool"),
        throttle(flow, actors.relay(), "relay"),
        throttle(flow, actors.sync(), "sync"),
        throttle(flow, actors.addresses(), "addresses"));
  }

  private <T> ActorRef<T> throttle(PluginFlow flow, ActorRef<T> target, String name) {
    return getContext()
        .spawn(
            Throttle.before(target, flow.health()),
            flow.name() + "-to-" + name,
            Props.empty().withMailboxFromConfig(MAILBOX));
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    switch (command) {
      case Join(var supervisor, var members) -> {
        byPeer.put(supervisor, members);
        getContext().watchWith(supervisor, new Gone(supervisor));
        members.forEach(this::start);
      }
      case Gone(var supervisor) -> {
        List<Member> members = byPeer.remove(supervisor);
        if (members != null) {
          members.forEach(member -> stop(member.instance(), PluginInstance.State.FINISHED));
        }
      }
      case Finished(var instance) -> stop(instance, PluginInstance.State.FINISHED);
    }
    return this;
  }

  private void start(Member member) {
    PluginInstance instance = member.instance();
    if (instance.isOver()) {
      return;
    }
    PluginFlow flow = instance.flow();
    long now = System.nanoTime();
    if (stopping.values().stream().filter(one -> one.isHanging(flow, now)).count() >= MAX_HANGING) {
      flow.health().count(FlowHealth.Event.UNSTARTED);
      instance.over(PluginInstance.State.FAILED);
      return;
    }
    ActorRef<Command> self = getContext().getSelf();
    Surroundings.Actors actors = throttled.getOrDefault(flow, surroundings.actors());
    ExtensionContext context =
        new ExtensionContext(
            instance,
            surroundings,
            actors,
            member.outbox(),
            member.notes(),
            () -> self.tell(new Finished(instance)));
    ActorRef<Object> actor =
        getContext()
            .spawn(
                instance.behavior(context),
                instance.actorName(),
                props.getOrDefault(flow, Props.empty()));
    getContext().watch(actor);
    running.put(actor, member);
    instance.started(actor);
  }

  private void stop(PluginInstance instance, PluginInstance.State end) {
    ActorRef<Object> actor = instance.actor();
    instance.over(end);
    if (actor != null) {
      running.remove(actor);
      stopping.put(actor, new Stopping(instance, System.nanoTime()));
      getContext().stop(actor);
    }
  }

  @Override
  public Behavior<Command> onSignal(Signal signal) {
    switch (signal) {
      case ChildFailed failed -> {
        hasStopped(failed.getRef());
        onFailed(running.remove(failed.getRef()), failed.getCause());
      }
      case Terminated ended -> {
        hasStopped(ended.getRef());
        Member member = running.remove(ended.getRef());
        if (member != null) {
          member.instance().over(PluginInstance.State.FINISHED);
          member.instance().settle();
        }
      }
      default -> {}
    }
    return this;
  }

  private void hasStopped(ActorRef<?> actor) {
    Stopping one = stopping.remove(actor);
    if (one != null) {
      one.instance.settle();
    }
  }

  private void onFailed(@Nullable Member member, Throwable thrown) {
    if (member == null) {
      return;
    }
    PluginInstance instance = member.instance();
    PluginFlow flow = instance.flow();
    boolean again = instance.failed();
    boolean wasDisabled = flow.health().isDisabled();
    if (!flow.health().failed(String.valueOf(thrown.getMessage()), System.nanoTime())) {
      if (!wasDisabled) {
        LOG.error(
            "Flow {} of {} is switched off until the node is started anew: it failed too often",
            flow.name(),
            flow.origin());
        disable(flow);
      }
      instance.over(PluginInstance.State.FAILED);
      return;
    }
    LOG.warn(
        "Flow {} of {} failed with connection {}",
        flow.name(),
        flow.origin(),
        instance.peer().number(),
        thrown);
    if (again) {
      start(member);
    } else {
      instance.over(PluginInstance.State.FAILED);
    }
  }

  private void disable(PluginFlow flow) {
    List<Member> all = new ArrayList<>(running.values());
    all.stream()
        .filter(member -> member.instance().flow().equals(flow))
        .forEach(member -> stop(member.instance(), PluginInstance.State.FAILED));
  }
}
