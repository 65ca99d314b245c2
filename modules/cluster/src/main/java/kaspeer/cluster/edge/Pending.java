package kaspeer.cluster.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kaspeer.cluster.proto.Answer;
import kaspeer.cluster.wire.Ask;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.Outgoing;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions that no core has answered yet. They outlive a core: the next one is asked them again.
 * Bounded in bytes of heap. What is done for a question does not depend on how many there are.
 * State of the proxy.
 */
final class Pending {
  private static final Logger LOG = LoggerFactory.getLogger(Pending.class);

  /** What is submitted waits for so long, then whoever submitted it hears that we are busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** What is asked is given up in the end; by then its flow has given up too. */
  private static final Duration MEMORY = Duration.ofMinutes(3);

  private static final Duration RETRY = Duration.ofMillis(200);
  static final long MAX_BYTES = 64 << 20;

  /** Heap of a question besides what it asks: itself, its places in lists, who waits for it. */
  private static final int OVERHEAD = 512;

  /**
   * Heap for each byte of a question: its encoding, the message it was made of, and the objects
   * that whoever asked holds until there is an answer.
   */
  private static final int COPIES = 4;

  private final EdgeMetrics metrics;
  private final Map<Long, Open> open = new HashMap<>();

  /** All that are open and must be answered soon, by age. */
  private final Map<Long, Open> hurried = new LinkedHashMap<>();

  /** The others that are open, by age. */
  private final Map<Long, Open> patient = new LinkedHashMap<>();

  /** What is to go out now, in order. What was answered meanwhile is passed over. */
  private final Deque<Open> waiting = new ArrayDeque<>();

  /** What is to go out once more after a pause, in order. */
  private final Deque<Open> resting = new ArrayDeque<>();

  /** What went out to the core in use, the longest ago first. */
  private final Map<Long, Open> sent = new LinkedHashMap<>();

  private long last;
  private long bytes;

  private static final class Open {
    private final long id;
    private final Ask ask;
    private final ByteString data;
    private final long cost;
    private final long since = System.nanoTime();
    private long sentAt;
    private long notBefore;

    Open(long id, Ask ask) {
      this.id = id;
      this.ask = ask;
      this.data = ask.question().toByteString();
      this.cost = OVERHEAD + (long) COPIES * data.size();
    }

    boolean isHurried() {
      return ask.unavailable() != null;
    }
  }

  Pending(EdgeMetrics metrics) {
    this.metrics = metrics;
  }

  /** Takes a question in, to be sent by {@link #sendWaiting}. */
  void add(Ask ask) {
    Open question = new Open(++last, ask);
    if (bytes + question.cost > MAX_BYTES) {
      metrics.ask(EdgeMetrics.Result.FULL);
      giveUp(ask);
      return;
    }
    open.put(question.id, question);
    (question.isHurried() ? hurried : patient).put(question.id, question);
    waiting.add(question);
    count(question.cost);
  }

  private void count(long change) {
    bytes += change;
    metrics.pending(bytes);
  }

  /** Bytes of heap of what is open. */
  long bytes() {
    return bytes;
  }

  /** Sends what has not gone out and is not to wait. */
  void sendWaiting(Outgoing out) {
    long now = System.nanoTime();
    while (!resting.isEmpty() && now - resting.element().notBefore >= 0) {
      waiting.add(resting.remove());
    }
    while (!waiting.isEmpty()) {
      Open question = waiting.element();
      if (open.containsKey(question.id)) {
        if (!out.send(question.id, question.data)) {
          return;
        }
        question.sentAt = now;
        sent.put(question.id, question);
      }
      waiting.remove();
    }
  }

  /** The core is another one: nothing was sent to it. */
  void forgetSent() {
    sent.clear();
    resting.clear();
    waiting.clear();
    open.values().stream().sorted((a, b) -> Long.compare(a.id, b.id)).forEach(waiting::add);
  }

  /** An answer came. */
  void answer(long id, ByteString data) {
    Open question = sent.remove(id);
    if (question == null || !open.containsKey(id)) {
      return;
    }
    // One of a kind that is not known here has bytes, and is no word of being busy.
    if (data.isEmpty()) {
      askAgain(question);
      return;
    }
    @Nullable Answer answer = parse(data);
    remove(question);
    if (answer != null && answer.hasCannot()) {
      LOG.warn("A core says that it cannot answer: {}", answer.getCannot());
      metrics.ask(EdgeMetrics.Result.REFUSED);
      giveUp(question.ask);
      return;
    }
    try {
      if (answer == null) {
        throw new MalformedMessageException("unreadable");
      }
      question.ask.onAnswer().accept(answer);
      metrics.answered(System.nanoTime() - question.since);
    } catch (MalformedMessageException malformed) {
      LOG.warn("A core's answer makes no sense", malformed);
      metrics.ask(EdgeMetrics.Result.MALFORMED);
      giveUp(question.ask);
    }
  }

  /** The question, or the answer, found no room on the other side. */
  void dropped(long id) {
    Open question = sent.remove(id);
    if (question != null && open.containsKey(id)) {
      askAgain(question);
    }
  }

  private void askAgain(Open question) {
    metrics.ask(EdgeMetrics.Result.BUSY);
    question.notBefore = System.nanoTime() + RETRY.toNanos();
    resting.add(question);
  }

  private static @Nullable Answer parse(ByteString data) {
    try {
      return Answer.parseFrom(data);
    } catch (InvalidProtocolBufferException malformed) {
      LOG.warn("A core's answer cannot be read", malformed);
      return null;
    }
  }

  /** Says of what has waited too long that it is not to be had now. */
  void expire() {
    List<Open> late = new ArrayList<>();
    collect(hurried, PATIENCE, late);
    collect(patient, MEMORY, late);
    if (late.isEmpty()) {
      return;
    }
    late.forEach(this::remove);
    // Without a core nothing is taken out of these.
    waiting.removeIf(question -> !open.containsKey(question.id));
    resting.removeIf(question -> !open.containsKey(question.id));
    for (Open question : late) {
      metrics.ask(EdgeMetrics.Result.TIMEOUT);
      giveUp(question.ask);
    }
  }

  private static void collect(Map<Long, Open> byAge, Duration limit, List<Open> late) {
    long now = System.nanoTime();
    for (Iterator<Open> all = byAge.values().iterator(); all.hasNext(); ) {
      Open question = all.next();
      if (now - question.since <= limit.toNanos()) {
        return;
      }
      late.add(question);
    }
  }

  /** How long the oldest question that went out has been without an answer. */
  Duration oldest() {
    Iterator<Open> first = sent.values().iterator();
    return first.hasNext()
        ? Duration.ofNanos(System.nanoTime() - first.next().sentAt)
        : Duration.ZERO;
  }

  private void remove(Open question) {
    if (open.remove(question.id) != null) {
      hurried.remove(question.id);
      patient.remove(question.id);
      sent.remove(question.id);
      count(-question.cost);
    }
  }

  private static void giveUp(Ask ask) {
    Runnable unavailable = ask.unavailable();
    if (unavailable != null) {
      unavailable.run();
    }
  }
}
