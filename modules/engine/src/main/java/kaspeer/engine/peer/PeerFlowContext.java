package kaspeer.engine.peer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor.Inbox;
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

/**
 * One flow's door to the engine. Runs on the flow's thread; what concerns the peer as a whole is
 * told to its supervisor, before anything goes out that the peer could answer, so that the
 * supervisor hears of a question before its answer.
 */
final class PeerFlowContext implements FlowContext {
  /**
   * Numbers of questions, shared by all peers so that they look like nothing in particular
   * (protocol reference 3.2).
   */
  private static final AtomicInteger QUESTIONS = new AtomicInteger();

  /** What all flows of one peer share. */
  record Shared(
      PeerEnvironment environment,
      ActorRef<PeerCommand> supervisor,
      PeerOutbox outbox,
      BulkPhase bulk,
      ReadingPauses pauses,
      Policy policy) {}

  private final Shared shared;
  private final PeerInfo peer;
  private final int slot;
  private final int generation;
  private final List<Inbox> inboxes;

  /**
   * Open questions that entitle the peer to large answers. The supervisor lets go of them when the
   * flow ends, which may happen while the flow is still in the midst of a message.
   */
  private final Set<Integer> bulkQuestions = ConcurrentHashMap.newKeySet(1);

  private volatile boolean released;

  /**
   * @param slot the flow's number with its supervisor
   * @param generation how often it was started anew
   */
  PeerFlowContext(Shared shared, PeerInfo peer, int slot, int generation, List<Inbox> inboxes) {
    this.shared = shared;
    this.peer = peer;
    this.slot = slot;
    this.generation = generation;
    this.inboxes = inboxes;
  }

  /**
   * The flow is gone, or about to be: its questions, and those it may still come to ask, no longer
   * entitle the peer to anything large. Called by the supervisor.
   */
  void release() {
    released = true;
    bulkQuestions.forEach(this::settleBulk);
  }

  /** Whoever takes the question out of the set, flow or supervisor, is the one to settle it. */
  private void settleBulk(int question) {
    if (bulkQuestions.remove(question)) {
      shared.bulk.settled();
    }
  }

  private void tell(PeerCommand command) {
    shared.supervisor.tell(command);
  }

  @Override
  public PeerInfo peer() {
    return peer;
  }

  @Override
  public void pull(String inbox, int messages) {
    for (int i = 0; i < inboxes.size(); i++) {
      if (inboxes.get(i).name().equals(inbox)) {
        tell(new PeerCommand.Pull(slot, generation, i, messages));
        return;
      }
    }
    throw new IllegalArgumentException("the descriptor has no inbox " + inbox);
  }

  @Override
  public Outbox outbox() {
    return shared.outbox;
  }

  @Override
  public int ask(KaspadMessage.Builder request, Set<PayloadCase> answers, boolean withId) {
    if (inboxes.stream()
        .noneMatch(inbox -> inbox.solicited() && inbox.payloads().containsAll(answers))) {
      throw new IllegalArgumentException("no solicited inbox takes " + answers);
    }
    int question = QUESTIONS.incrementAndGet();
    while (question == 0) {
      question = QUESTIONS.incrementAndGet();
    }
    if (BulkPhase.isBulk(answers)) {
      shared.bulk.opened();
      bulkQuestions.add(question);
      if (released) {
        settleBulk(question);
      }
    }
    tell(new PeerCommand.Asked(slot, generation, question, Set.copyOf(answers), withId));
    shared.outbox.send(request.setRequestId(withId ? question : 0).build());
    return question;
  }

  @Override
  public Duration notReading() {
    return shared.pauses.total();
  }

  @Override
  public void settle(int question) {
    settleBulk(question);
    tell(new PeerCommand.Settled(question));
  }

  @Override
  public void violation(ViolationCode code, String detail) {
    tell(new PeerCommand.Violated(slot, new FlowOutcome.Violation(code, detail)));
  }

  @Override
  public void finish(FlowOutcome outcome) {
    tell(new PeerCommand.Finished(slot, generation, outcome));
  }

  @Override
  public void handshake(HandshakeStep step) {
    if (step instanceof HandshakeStep.OpenRoutes(var opened)) {
      shared.bulk.ready(opened.protocolVersion());
    }
    tell(new PeerCommand.Shaken(step));
  }

  @Override
  public void pingMeasured(Duration roundTrip) {
    tell(new PeerCommand.PingMeasured(roundTrip));
  }

  @Override
  public void dropped(int announcements) {
    tell(new PeerCommand.Dropped(slot, announcements));
  }

  @Override
  public boolean admitsUserAgent(String userAgent) {
    return shared.environment.admitsAgent().test(userAgent);
  }

  @Override
  public Policy policy() {
    return shared.policy;
  }

  @Override
  public ActorRef<Dag> dag() {
    return shared.environment.dag();
  }

  @Override
  public DagSnapshot dagSnapshot() {
    return shared.environment.dagSnapshot().get();
  }

  @Override
  public ActorRef<Mempool> mempool() {
    return shared.environment.mempool();
  }

  @Override
  public ActorRef<Relay> relay() {
    return shared.environment.relay();
  }

  @Override
  public ActorRef<Sync> sync() {
    return shared.environment.sync();
  }

  @Override
  public ActorRef<Addresses> addresses() {
    return shared.environment.addresses();
  }

  @Override
  public FlowSettings settings() {
    return shared.environment.settings();
  }

  @Override
  public LocalNode local() {
    return shared.environment.neighbours().identity(shared.environment.local(), peer);
  }

  @Override
  public InstantSource clock() {
    return shared.environment.clock();
  }

  @Override
  public RandomGenerator random() {
    return shared.environment.random();
  }
}
