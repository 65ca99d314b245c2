package kaspeer.engine.extension;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.FlowSettings;
import kaspeer.flow.HandshakeStep;
import kaspeer.flow.LocalNode;
import kaspeer.flow.Outbox;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.dag.DagSnapshot;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Addresses;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.peers.Sync;
import kaspeer.flow.policy.Policy;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;

/** What a plug-in's flow can reach with one peer. */
final class ExtensionContext implements FlowContext {
  /** Accusations of one peer, beyond which a flow is not listened to. */
  private static final int MAX_ACCUSATIONS = 64;

  private final PluginInstance instance;
  private final Surroundings surroundings;
  private final Surroundings.Actors actors;
  private final Policy policy;
  private final Outbox outbox;
  private final ActorRef<ExtensionNote> supervisor;
  private final Runnable finished;
  private final AtomicInteger accusations = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  /**
   * @param actors throttled
   * @param finished told when the flow has done what it was there for
   */
  ExtensionContext(
      PluginInstance instance,
      Surroundings surroundings,
      Surroundings.Actors actors,
      Outbox outbox,
      ActorRef<ExtensionNote> supervisor,
      Runnable finished) {
    this.instance = instance;
    this.surroundings = surroundings;
    this.actors = actors;
    this.policy = surroundings.policy().get();
    this.outbox = outbox;
    this.supervisor = supervisor;
    this.finished = finished;
  }

  @Override
  public PeerInfo peer() {
    return instance.peer();
  }

  @Override
  public Outbox outbox() {
    return outbox;
  }

  @Override
  public void violation(ViolationCode code, String detail) {
    accuse(Texts.cut(new FlowOutcome.Violation(code, detail)));
  }

  /** Whatever is the flow's own fault is nobody else's end. */
  @Override
  public void finish(FlowOutcome outcome) {
    switch (outcome) {
      case FlowOutcome.Violation violation -> accuse(Texts.cut(violation));
      case FlowOutcome.Unresponsive unresponsive -> accuse(unresponsive);
      default -> {}
    }
    if (over.compareAndSet(false, true)) {
      finished.run();
    }
  }

  private void accuse(FlowOutcome outcome) {
    if (accusations.incrementAndGet() <= MAX_ACCUSATIONS) {
      supervisor.tell(new ExtensionNote.Accused(instance, outcome));
    }
  }

  @Override
  public void dropped(int announcements) {
    instance.flow().health().count(FlowHealth.Event.DROPPED, Math.max(0, announcements));
  }

  @Override
  public void pull(String inbox, int messages) {
    throw new UnsupportedOperationException("a plug-in's flow has no inbox " + inbox);
  }

  @Override
  public int ask(KaspadMessage.Builder request, Set<PayloadCase> answers, boolean withId) {
    throw new UnsupportedOperationException("a plug-in's flow asks no questions");
  }

  @Override
  public void settle(int question) {
    throw new UnsupportedOperationException("a plug-in's flow asks no questions");
  }

  @Override
  public void handshake(HandshakeStep step) {
    throw new UnsupportedOperationException("a plug-in's flow shakes no hands");
  }

  @Override
  public void pingMeasured(Duration roundTrip) {
    throw new UnsupportedOperationException("a plug-in's flow measures no pings");
  }

  @Override
  public Policy policy() {
    return policy;
  }

  @Override
  public ActorRef<Dag> dag() {
    return actors.dag();
  }

  @Override
  public DagSnapshot dagSnapshot() {
    return surroundings.dagSnapshot().get();
  }

  @Override
  public ActorRef<Mempool> mempool() {
    return actors.mempool();
  }

  @Override
  public ActorRef<Relay> relay() {
    return actors.relay();
  }

  @Override
  public ActorRef<Sync> sync() {
    return actors.sync();
  }

  @Override
  public ActorRef<Addresses> addresses() {
    return actors.addresses();
  }

  @Override
  public FlowSettings settings() {
    return surroundings.settings();
  }

  @Override
  public LocalNode local() {
    return surroundings.local();
  }

  @Override
  public InstantSource clock() {
    return surroundings.clock();
  }

  @Override
  public RandomGenerator random() {
    return surroundings.random();
  }
}
