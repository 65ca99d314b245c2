package kaspeer.testkit.flow;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowEvent;
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
import kaspeer.testkit.flow.Sent.Lane;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The engine's part: inboxes with pull, questions, routing of answers, and a record of all that the
 * flow did. Used by the flow's thread and the test's; all of it is behind one lock.
 */
final class ScriptedContext implements FlowContext, Outbox {
  private record Waiting(KaspadMessage message, int bytes) {}

  /** An inbox, what waits in it, and how much of it the flow is ready to take. */
  private static final class Line {
    final Inbox inbox;
    final Deque<Waiting> waiting = new ArrayDeque<>();
    int pulls;

    Line(Inbox inbox) {
      this.inbox = inbox;
    }

    boolean hasRoomFor(int bytes) {
      long held = waiting.stream().mapToLong(Waiting::bytes).sum();
      return waiting.isEmpty()
          || (waiting.size() < inbox.maxMessages() && held + bytes <= inbox.maxBytes());
    }
  }

  final TestInbox<Dag> dag = TestInbox.create();
  final TestInbox<Mempool> mempool = TestInbox.create();
  final TestInbox<Relay> relay = TestInbox.create();
  final TestInbox<Sync> sync = TestInbox.create();
  final TestInbox<Addresses> addresses = TestInbox.create();

  private final FlowDescriptor descriptor;
  private final PeerInfo peer;
  private final FlowSettings settings;
  private final LocalNode local;
  private final Policy policy;
  private final Set<String> refusedAgents;
  private final RandomGenerator random = new Random(1);

  private final Map<String, Line> lines = new HashMap<>();
  private final Map<Integer, Question> questions = new LinkedHashMap<>();
  private final Deque<Sent> sent = new ArrayDeque<>();
  private final Deque<CompletableFuture<Done>> deliveries = new ArrayDeque<>();
  private final Deque<FlowOutcome.Violation> violations = new ArrayDeque<>();
  private final Deque<FlowOutcome> finishes = new ArrayDeque<>();
  private final Deque<HandshakeStep> steps = new ArrayDeque<>();
  private final List<Duration> pings = new ArrayList<>();
  private final ExtensionScript extension;
  private Consumer<FlowEvent> flow = _ -> {};
  private boolean holdDeliveries;
  private int nextQuestion = 1;
  private int dropped;
  private int droppedReports;
  private Instant now;
  private boolean reading = true;
  private Duration notReading = Duration.ZERO;
  private DagSnapshot snapshot;

  ScriptedContext(FlowDescriptor descriptor, FlowSetup setup) {
    this.descriptor = descriptor;
    this.peer = setup.peer();
    this.settings = setup.settings();
    this.local = setup.local();
    this.policy = setup.policy();
    this.refusedAgents = setup.refusedAgents();
    this.now = setup.now();
    this.snapshot = setup.snapshot();
    this.extension = ExtensionScript.start(setup.factory(), setup, this::now);
    for (Inbox inbox : descriptor.inboxes()) {
      lines.put(inbox.name(), new Line(inbox));
    }
  }

  synchronized void attach(Consumer<FlowEvent> events) {
    flow = events;
  }

  /**
   * Routes a message as the engine does: by number, else by type; answers only to open questions;
   * bounded inboxes.
   */
  synchronized void receive(KaspadMessage message) {
    PayloadCase payload = message.getPayloadCase();
    Line line =
        lines.values().stream()
            .filter(l -> l.inbox.payloads().contains(payload))
            .findFirst()
            .orElse(null);
    if (line == null) {
      violation(ViolationCode.UNEXPECTED_MESSAGE, "no inbox takes " + payload);
      return;
    }
    Inbox inbox = line.inbox;
    if (inbox.solicited() && !isSolicited(message)) {
      violation(ViolationCode.UNSOLICITED_ANSWER, "nobody asked for " + payload);
      return;
    }
    int size = message.getSerializedSize();
    if (line.hasRoomFor(size)) {
      line.waiting.add(new Waiting(message, size));
      drain(line);
      return;
    }
    switch (inbox.overflow()) {
      case DROP -> dropped++;
      case DISCONNECT -> finish(new FlowOutcome.Overflowed(descriptor.name() + "/" + inbox.name()));
      case BACKPRESSURE ->
          throw new AssertionError(
              "the engine would not read on: inbox " + inbox.name() + " is full");
    }
  }

  ExtensionScript extension() {
    return extension;
  }

  /** A plug-in's flow is told something. */
  synchronized void tell(FlowEvent event) {
    flow.accept(event);
  }

  @Override
  public boolean sendOwn(int number, ByteString payload) {
    return extension.send(number, payload);
  }

  private boolean isSolicited(KaspadMessage message) {
    PayloadCase payload = message.getPayloadCase();
    if (message.getResponseId() != 0) {
      Question question = questions.get(message.getResponseId());
      return question != null && question.withId() && question.answers().contains(payload);
    }
    return questions.values().stream().anyMatch(q -> !q.withId() && q.answers().contains(payload));
  }

  private void drain(Line line) {
    while (line.pulls > 0 && !line.waiting.isEmpty()) {
      line.pulls--;
      Waiting next = line.waiting.remove();
      flow.accept(event(line.inbox, next));
    }
  }

  private static FlowEvent event(Inbox inbox, Waiting next) {
    KaspadMessage message = next.message;
    PayloadCase type = message.getPayloadCase();
    if (!inbox.undecoded().contains(type)) {
      return new FlowEvent.Received(inbox.name(), message, next.bytes);
    }
    FieldDescriptor field = KaspadMessage.getDescriptor().findFieldByNumber(type.getNumber());
    ByteString payload = ((Message) message.getField(field)).toByteString();
    return new FlowEvent.Undecoded(
        inbox.name(), type, message.getResponseId(), payload, next.bytes);
  }

  private Line line(String inbox) {
    Line line = lines.get(inbox);
    if (line == null) {
      throw new IllegalArgumentException("the descriptor has no inbox " + inbox);
    }
    return line;
  }

  @Override
  public synchronized void pull(String inbox, int messages) {
    Line line = line(inbox);
    line.pulls += messages;
    drain(line);
  }

  synchronized int pulls(String inbox) {
    return line(inbox).pulls;
  }

  @Override
  public Outbox outbox() {
    return this;
  }

  @Override
  public synchronized void send(KaspadMessage message) {
    record(new Sent(message, Lane.SEND, 0));
  }

  @Override
  public synchronized CompletionStage<Done> deliver(KaspadMessage message) {
    record(new Sent(message, Lane.DELIVER, 0));
    CompletableFuture<Done> delivery = new CompletableFuture<>();
    if (holdDeliveries) {
      deliveries.add(delivery);
    } else {
      delivery.complete(Done.getInstance());
    }
    return delivery;
  }

  @Override
  public synchronized int ask(
      KaspadMessage.Builder request, Set<PayloadCase> answers, boolean withId) {
    boolean heard =
        descriptor.inboxes().stream()
            .anyMatch(i -> i.solicited() && i.payloads().containsAll(answers));
    if (!heard) {
      throw new IllegalArgumentException("no solicited inbox takes " + answers);
    }
    int number = nextQuestion++;
    questions.put(number, new Question(number, answers, withId));
    record(new Sent(request.setRequestId(withId ? number : 0).build(), Lane.ASK, number));
    return number;
  }

  private void record(Sent message) {
    if (!descriptor.sends().contains(message.payload())) {
      throw new IllegalArgumentException(
          "the descriptor does not say that it sends " + message.payload());
    }
    sent.add(message);
  }

  @Override
  public synchronized void settle(int question) {
    questions.remove(question);
    boolean tooMany =
        lines.values().stream().anyMatch(l -> l.inbox.solicited() && !l.waiting.isEmpty());
    if (tooMany && questions.isEmpty()) {
      violation(ViolationCode.UNSOLICITED_ANSWER, "more answers than were asked for");
    }
  }

  @Override
  public synchronized void violation(ViolationCode code, String detail) {
    violations.add(new FlowOutcome.Violation(code, detail));
  }

  @Override
  public synchronized void finish(FlowOutcome outcome) {
    finishes.add(outcome);
  }

  @Override
  public synchronized void handshake(HandshakeStep step) {
    steps.add(step);
  }

  @Override
  public synchronized void pingMeasured(Duration roundTrip) {
    pings.add(roundTrip);
  }

  @Override
  public synchronized void dropped(int announcements) {
    dropped += announcements;
    droppedReports++;
  }

  @Override
  public boolean admitsUserAgent(String userAgent) {
    return !refusedAgents.contains(userAgent);
  }

  synchronized List<Sent> sent() {
    return List.copyOf(sent);
  }

  synchronized Deque<Sent> takeableSent() {
    return sent;
  }

  synchronized Deque<FlowOutcome.Violation> violations() {
    return violations;
  }

  synchronized Deque<FlowOutcome> finishes() {
    return finishes;
  }

  synchronized Deque<HandshakeStep> steps() {
    return steps;
  }

  synchronized List<Duration> pings() {
    return List.copyOf(pings);
  }

  synchronized int droppedCount() {
    return dropped;
  }

  synchronized int droppedReports() {
    return droppedReports;
  }

  synchronized Set<Integer> openQuestions() {
    return Set.copyOf(questions.keySet());
  }

  synchronized void holdDeliveries(boolean hold) {
    holdDeliveries = hold;
  }

  synchronized CompletableFuture<Done> takeDelivery() {
    CompletableFuture<Done> delivery = deliveries.poll();
    if (delivery == null) {
      throw new AssertionError("no delivery is under way");
    }
    return delivery;
  }

  synchronized int deliveriesUnderWay() {
    return deliveries.size();
  }

  synchronized void passTime(Duration time) {
    now = now.plus(time);
    notReading = reading ? notReading : notReading.plus(time);
  }

  synchronized void setClock(Duration by) {
    now = now.plus(by);
  }

  synchronized void reading(boolean reads) {
    reading = reads;
  }

  @Override
  public synchronized Duration notReading() {
    return notReading;
  }

  synchronized Instant now() {
    return now;
  }

  synchronized void snapshot(DagSnapshot next) {
    snapshot = next;
  }

  @Override
  public synchronized DagSnapshot dagSnapshot() {
    return snapshot;
  }

  @Override
  public PeerInfo peer() {
    return peer;
  }

  @Override
  public Policy policy() {
    return policy;
  }

  @Override
  public ActorRef<Dag> dag() {
    return dag.getRef();
  }

  @Override
  public ActorRef<Mempool> mempool() {
    return mempool.getRef();
  }

  @Override
  public ActorRef<Relay> relay() {
    return relay.getRef();
  }

  @Override
  public ActorRef<Sync> sync() {
    return sync.getRef();
  }

  @Override
  public ActorRef<Addresses> addresses() {
    return addresses.getRef();
  }

  @Override
  public FlowSettings settings() {
    return settings;
  }

  @Override
  public LocalNode local() {
    return local;
  }

  @Override
  public InstantSource clock() {
    return this::now;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }
}
