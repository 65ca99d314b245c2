package kaspeer.engine.extension;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import kaspeer.engine.extension.ExtensionNote.Word;
import kaspeer.flow.Extension;
import kaspeer.flow.FlowOutcome;
import kaspeer.transport.InboundFrame;
import kaspeer.transport.OutboundFrame;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/** The flows of plug-ins with one peer. State of its supervisor. */
public final class PeerExtensions {
  /**
   * What the supervisor has to do.
   *
   * @param deliver a message for its built-in flow; null if there is none
   * @param flow who speaks
   * @param outcome what it found out about the peer; null if nothing
   */
  public record Consequence(
      @Nullable InboundFrame deliver, String flow, @Nullable FlowOutcome outcome) {
    private static final Consequence NONE = new Consequence(null, "", null);
  }

  /** A flow as it is shown with its peer. */
  public record Shown(
      String name, String state, int depth, long handled, long dropped, long failures) {}

  /**
   * A message that waits for verdicts. @param next index of the instance to be asked after this one
   */
  private record Waiting(
      long number,
      InboundFrame frame,
      Instant at,
      PluginInstance[] instances,
      int next,
      Cancellable deadline) {
    PluginInstance asked() {
      return instances[next - 1];
    }
  }

  private final ActorContext<?> supervisor;
  private final ActorRef<ExtensionNote> notes;
  private final Extensions shared;
  private final List<PluginInstance> instances;
  private final Map<Integer, PluginInstance> own = new HashMap<>();
  private final Map<PayloadCase, PluginInstance[]> observers;
  private final Map<PayloadCase, PluginInstance[]> interceptors;
  private @Nullable Waiting waiting;
  private boolean started;
  private long messages;

  PeerExtensions(
      ActorContext<?> supervisor,
      ActorRef<ExtensionNote> notes,
      Extensions shared,
      List<PluginInstance> instances) {
    this.supervisor = supervisor;
    this.notes = notes;
    this.shared = shared;
    this.instances = instances;
    this.observers =
        byType(instances, some -> some.observe().map(Extension.Observe::payloads).orElse(Set.of()));
    this.interceptors =
        byType(
            instances,
            some -> some.intercept().map(Extension.Intercept::payloads).orElse(Set.of()));
    for (PluginInstance instance : instances) {
      if (instance.speaks()) {
        instance
            .flow()
            .extension()
            .own()
            .ifPresent(mine -> mine.messages().forEach(one -> own.put(one.number(), instance)));
      }
    }
  }

  private static Map<PayloadCase, PluginInstance[]> byType(
      List<PluginInstance> instances, Function<Extension, Set<PayloadCase>> types) {
    Map<PayloadCase, List<PluginInstance>> lists = new EnumMap<>(PayloadCase.class);
    for (PluginInstance instance : instances) {
      for (PayloadCase type : types.apply(instance.flow().extension())) {
        lists.computeIfAbsent(type, _ -> new ArrayList<>()).add(instance);
      }
    }
    Map<PayloadCase, PluginInstance[]> arrays = new EnumMap<>(PayloadCase.class);
    lists.forEach((type, list) -> arrays.put(type, list.toArray(new PluginInstance[0])));
    return arrays;
  }

  /**
   * The peer is ready: the flows start. What came for them before waits for them.
   *
   * @param link sends to the peer what may be let go; false if it was. Safe from any thread
   */
  public void start(Predicate<OutboundFrame> link) {
    started = true;
    shared.join(supervisor.getSelf(), instances, link, notes);
  }

  /**
   * Shows a message to the flows that it concerns. Returns whether it goes to its built-in flow
   * now; if not it was a flow's own, or waits for a verdict.
   */
  public boolean admit(InboundFrame frame) {
    if (frame.type().isExtension()) {
      PluginInstance instance = own.get(frame.type().number());
      if (instance == null) {
        return true;
      }
      instance.offer(Delivery.Kind.OWN, frame, shared.now(), null);
      return false;
    }
    PayloadCase type = frame.type().payloadCase();
    PluginInstance[] watching = observers.get(type);
    PluginInstance[] judging = interceptors.get(type);
    if (watching == null && judging == null) {
      return true;
    }
    Instant now = shared.now();
    if (watching != null) {
      for (PluginInstance instance : watching) {
        instance.offer(Delivery.Kind.OBSERVED, frame, now, null);
      }
    }
    return judging == null || !ask(frame, now, judging, 0);
  }

  /** The peer goes. What came for flows that never started with it is let go. */
  public void end() {
    if (!started) {
      instances.forEach(instance -> instance.over(PluginInstance.State.FINISHED));
    }
  }

  /** Whether a message waits for a verdict: none may overtake it. */
  public boolean isHolding() {
    return waiting != null;
  }

  /** Asks the next interceptor from this index on. False if there is none. */
  private boolean ask(InboundFrame frame, Instant at, PluginInstance[] judging, int from) {
    waiting = null;
    for (int i = from; i < judging.length; i++) {
      PluginInstance instance = judging[i];
      if (instance.isOver()) {
        continue;
      }
      FlowHealth health = instance.flow().health();
      if (health.isBypassed(System.nanoTime())) {
        health.count(FlowHealth.Event.BYPASSED);
        continue;
      }
      long number = ++messages;
      if (instance.offer(Delivery.Kind.INTERCEPTED, frame, at, new PendingVerdict(notes, number))) {
        Duration limit =
            instance
                .flow()
                .extension()
                .intercept()
                .map(Extension.Intercept::deadline)
                .orElseThrow();
        Cancellable deadline =
            supervisor.scheduleOnce(limit, notes, new ExtensionNote.Late(number));
        waiting = new Waiting(number, frame, at, judging, i + 1, deadline);
        return true;
      }
      // It has not even looked at the last one that it was late with.
      health.late(System.nanoTime());
    }
    return false;
  }

  /** A flow has something to tell. */
  public Consequence on(ExtensionNote note) {
    return switch (note) {
      case ExtensionNote.Accused(var instance, var outcome) ->
          new Consequence(null, instance.flow().name(), outcome);
      case ExtensionNote.Late(var number) -> onLate(number);
      case ExtensionNote.Decided(var number, var word, var violation) ->
          onDecided(number, word, violation);
    };
  }

  private Consequence onLate(long number) {
    Waiting held = waiting;
    if (held == null || held.number != number) {
      return Consequence.NONE;
    }
    held.asked().flow().health().late(System.nanoTime());
    return askOn(held);
  }

  private Consequence onDecided(long number, Word word, FlowOutcome.@Nullable Violation violation) {
    Waiting held = waiting;
    if (held == null || held.number != number) {
      return Consequence.NONE;
    }
    held.deadline.cancel();
    PluginFlow flow = held.asked().flow();
    flow.health()
        .decided(
            switch (word) {
              case PASS -> FlowHealth.Event.PASSED;
              case DROP -> FlowHealth.Event.REFUSED;
              case VIOLATION -> FlowHealth.Event.VIOLATION;
            });
    if (word == Word.PASS) {
      return askOn(held);
    }
    waiting = null;
    return new Consequence(Dropped.insteadOf(held.frame), flow.name(), violation);
  }

  private Consequence askOn(Waiting held) {
    return ask(held.frame, held.at, held.instances, held.next)
        ? Consequence.NONE
        : new Consequence(held.frame, "", null);
  }

  /** The flows as they are shown. */
  public List<Shown> shown() {
    List<Shown> all = new ArrayList<>();
    for (PluginInstance instance : instances) {
      PluginInstance.Report report = instance.report();
      all.add(
          new Shown(
              instance.flow().name(),
              report.state(),
              report.depth(),
              report.handled(),
              report.dropped(),
              report.failures()));
    }
    return all;
  }
}
