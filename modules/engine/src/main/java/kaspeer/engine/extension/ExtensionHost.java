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
  private record Stopping(Lane lane, long since) {
    boolean isHanging(PluginFlow flow, long now) {
      return lane.flow().equals(flow) && now - since > HANGING_NANOS;
    }
  }

  /** What the actor takes. */
  public sealed interface Command {}

  /** A peer is ready: its flows start. */
  record Join(ActorRef<?> supervisor, List<Member> members) implements Command {}

  /** The peer is gone. */
  private record Gone(ActorRef<?> supervisor) implements Command {}

  /** The flow says that it is done with the peer. */
  private record Finished(Lane lane) implements Command {}

  /** A flow with a peer, and the peer's doors. */
  record Member(Lane lane, ExtensionOutbox outbox, ActorRef<ExtensionNote> notes) {}

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
          members.forEach(member -> stop(member.lane(), Lane.State.FINISHED));
        }
      }
      case Finished(var lane) -> stop(lane, Lane.State.FINISHED);
    }
    return this;
  }

  private void start(Member member) {
    Lane lane = member.lane();
    if (lane.isOver()) {
      return;
    }
    PluginFlow flow = lane.flow();
    long now = System.nanoTime();
    if (stopping.values().stream().filter(one -> one.isHanging(flow, now)).count() >= MAX_HANGING) {
      flow.health().count(FlowHealth.Event.UNSTARTED);
      lane.over(Lane.State.FAILED);
      return;
    }
    ActorRef<Command> self = getContext().getSelf();
    Surroundings.Actors actors = throttled.getOrDefault(flow, surroundings.actors());
    ExtensionContext context =
        new ExtensionContext(
            lane,
            surroundings,
            actors,
            member.outbox(),
            member.notes(),
            () -> self.tell(new Finished(lane)));
    ActorRef<Object> actor =
        getContext()
            .spawn(
                lane.behavior(context), lane.actorName(), props.getOrDefault(flow, Props.empty()));
    getContext().watch(actor);
    running.put(actor, member);
    lane.started(actor);
  }

  private void stop(Lane lane, Lane.State end) {
    ActorRef<Object> actor = lane.actor();
    lane.over(end);
    if (actor != null) {
      running.remove(actor);
      stopping.put(actor, new Stopping(lane, System.nanoTime()));
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
          member.lane().over(Lane.State.FINISHED);
          member.lane().settle();
        }
      }
      default -> {}
    }
    return this;
  }

  private void hasStopped(ActorRef<?> actor) {
    Stopping one = stopping.remove(actor);
    if (one != null) {
      one.lane.settle();
    }
  }

  private void onFailed(@Nullable Member member, Throwable thrown) {
    if (member == null) {
      return;
    }
    Lane lane = member.lane();
    PluginFlow flow = lane.flow();
    boolean again = lane.failed();
    boolean wasDisabled = flow.health().isDisabled();
    if (!flow.health().failed(String.valueOf(thrown.getMessage()), System.nanoTime())) {
      if (!wasDisabled) {
        LOG.error(
            "Flow {} of {} is switched off until the node is started anew: it failed too often",
            flow.name(),
            flow.origin());
        disable(flow);
      }
      lane.over(Lane.State.FAILED);
      return;
    }
    LOG.warn(
        "Flow {} of {} failed with connection {}",
        flow.name(),
        flow.origin(),
        lane.peer().number(),
        thrown);
    if (again) {
      start(member);
    } else {
      lane.over(Lane.State.FAILED);
    }
  }

  private void disable(PluginFlow flow) {
    List<Member> all = new ArrayList<>(running.values());
    all.stream()
        .filter(member -> member.lane().flow().equals(flow))
        .forEach(member -> stop(member.lane(), Lane.State.FAILED));
  }
}
