package kaspeer.engine.extension;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import kaspeer.flow.Extension;
import kaspeer.flow.FlowContext;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.InboundFrame;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;

/**
 * One flow of a plug-in with one peer: what waits for it, and its actor while it runs. Used by the
 * peer's supervisor, the host and the plug-in's threads; nobody waits in here.
 */
final class PluginInstance {
  /** With one peer it is not started again after more failures than these. */
  static final int MAX_RESTARTS = 3;

  /** A flow that has had one message for so long hangs, as far as anyone can see. */
  private static final Duration HANGING = Duration.ofSeconds(10);

  /** How far it has come. */
  enum State {
    WAITING,
    RUNNING,
    FINISHED,
    FAILED
  }

  /**
   * For people.
   *
   * @param state {@code running}, {@code hanging}, {@code finished} or {@code failed}
   */
  record Report(String state, int depth, long handled, long dropped, long failures) {}

  private final PluginFlow flow;
  private final PeerInfo peer;
  private final List<Delivery> early = new ArrayList<>();
  private State state = State.WAITING;
  private int generation;
  private @Nullable ActorRef<Object> actor;
  private Gate own;
  private Gate observed;
  private Gate intercepted;
  private long delivered;
  private long dropped;
  private int failures;
  private volatile long busySince;
  private volatile boolean busy;

  PluginInstance(PluginFlow flow, PeerInfo peer) {
    this.flow = flow;
    this.peer = peer;
    this.own = ownGate();
    this.observed = observedGate();
    this.intercepted = new Gate(flow, 1, 1);
  }

  private Gate ownGate() {
    return flow.extension()
        .own()
        .map(some -> new Gate(flow, some.maxMessages(), some.maxBytes()))
        .orElseGet(() -> new Gate(flow, 1, 1));
  }

  private Gate observedGate() {
    return flow.extension()
        .observe()
        .map(some -> new Gate(flow, some.maxMessages(), some.maxBytes()))
        .orElseGet(() -> new Gate(flow, 1, 1));
  }

  PluginFlow flow() {
    return flow;
  }

  PeerInfo peer() {
    return peer;
  }

  /** Whether the flow takes own messages from this peer, and sends it some. */
  boolean speaks() {
    return flow.extension()
        .own()
        .map(own -> own.audience() == Extension.Audience.CHOSEN || peer.speaks(own.tag()))
        .orElse(false);
  }

  /** Gives a message to the flow. False if it will not have it. */
  synchronized boolean offer(
      Delivery.Kind kind, InboundFrame frame, Instant at, @Nullable PendingVerdict pending) {
    if (isOver()) {
      return false;
    }
    Gate gate =
        switch (kind) {
          case OWN -> own;
          case OBSERVED -> observed;
          case INTERCEPTED -> intercepted;
        };
    if (!gate.enter(frame.bytes())) {
      if (kind != Delivery.Kind.INTERCEPTED) {
        dropped++;
        flow.health().count(FlowHealth.Event.DROPPED);
      }
      return false;
    }
    Delivery delivery = new Delivery(kind, frame, at, gate, pending);
    if (actor == null) {
      early.add(delivery);
    } else {
      delivered++;
      actor.tell(delivery);
    }
    return true;
  }

  /** Whether it takes no more: it ended, failed too often, or is switched off with all peers. */
  synchronized boolean isOver() {
    return state == State.FINISHED || state == State.FAILED || flow.health().isDisabled();
  }

  /** The behavior of its next actor. */
  Behavior<Object> behavior(FlowContext context) {
    return Shell.around(this, flow.factory(), context);
  }

  /** What its next actor is called. */
  synchronized String actorName() {
    // No name of a flow has a dot in it, so that no two actors are called alike.
    String name = flow.name() + "." + peer.number();
    return generation == 0 ? name : name + "." + generation;
  }

  /** Its actor runs. */
  synchronized void started(ActorRef<Object> started) {
    actor = started;
    state = State.RUNNING;
    generation++;
    delivered += early.size();
    early.forEach(started::tell);
    early.clear();
  }

  synchronized @Nullable ActorRef<Object> actor() {
    return actor;
  }

  /** Its actor threw. Returns whether another may be started. */
  synchronized boolean failed() {
    failures++;
    actor = null;
    busy = false;
    lose(0);
    settle();
    own = ownGate();
    observed = observedGate();
    intercepted = new Gate(flow, 1, 1);
    return failures <= MAX_RESTARTS;
  }

  /** It is over, for good; what its actor holds, if there is one, counts until {@link #settle}. */
  synchronized void over(State end) {
    state = end;
    lose(early.size());
    early.clear();
    if (actor == null) {
      settle();
    }
    actor = null;
  }

  /**
   * What waits is lost.
   *
   * @param undelivered how many messages of it the actor was never told
   */
  private void lose(int undelivered) {
    int lost = own.close() + observed.close() + intercepted.close();
    delivered -= lost - undelivered;
    dropped += lost;
    flow.health().count(FlowHealth.Event.DROPPED, lost);
  }

  /** Its actor is gone, and its mailbox with all that was in it. */
  synchronized void settle() {
    own.settle();
    observed.settle();
    intercepted.settle();
  }

  /** The plug-in's thread begins or ends with a message. */
  void busy(boolean now) {
    busySince = System.nanoTime();
    busy = now;
  }

  private boolean isHanging() {
    return busy && System.nanoTime() - busySince > HANGING.toNanos();
  }

  synchronized Report report() {
    int depth = own.waiting() + observed.waiting() + intercepted.waiting();
    String shown =
        switch (state) {
          case WAITING, RUNNING ->
              flow.health().isDisabled() ? "failed" : isHanging() ? "hanging" : "running";
          case FINISHED -> "finished";
          case FAILED -> "failed";
        };
    return new Report(shown, depth, Math.max(0, delivered - depth), dropped, failures);
  }
}
