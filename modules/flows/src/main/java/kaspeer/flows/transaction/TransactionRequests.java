package kaspeer.flows.transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.SequencedSet;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.peers.Relay;
import kaspeer.flows.common.Lately;
import kaspeer.primitives.Hash;
import kaspeer.wire.Hashes;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.RequestTransactionsMessage;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of one peer: ids that may be asked for, requests, and their answers, which come in
 * order. No more is owed than the inbox holds, so that answers of the usual size that we do not
 * take yet never keep us from reading what else the peer says. Belongs to its flow's actor.
 */
final class TransactionRequests {
  /** Ids in a request. */
  static final int MAX_ASKED = 512;

  /** Answers that are owed at a time. */
  static final int MAX_OWED = 2 * MAX_ASKED;

  /** So many ids go out beside an open request; fewer gather until it is answered. */
  static final int ENOUGH = 128;

  /** Answers taken ahead. */
  private static final int MAX_PULLS = 64;

  /** So many of them are pulled together, unless fewer are due. */
  private static final int PULLED_AT_ONCE = MAX_PULLS / 2;

  /**
   * The wait for the next answer is begun anew no more often than this, however many come: a peer
   * may be found late by so much too early.
   */
  private static final Duration WAIT_STEP = Duration.ofSeconds(1);

  /** The flow's timer for an answer that is due. */
  interface Alarm {
    /** Starts it anew. */
    void start();

    /** Nothing is due any more. */
    void cancel();
  }

  private record Open(int question, Queue<Hash> owed) {}

  private final FlowContext flow;
  private final Alarm alarm;
  private final SequencedSet<Hash> permitted = new LinkedHashSet<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private int owed;
  private int pulled;

  /** When the wait for answers was begun last; null while none are taken. */
  private @Nullable Instant waitingSince;

  /** Whether one came since then. */
  private boolean answered;

  /** Transactions that came and that the relay was not told of yet. */
  private List<Hash> obtained = new ArrayList<>();

  TransactionRequests(FlowContext flow, Alarm alarm) {
    this.flow = flow;
    this.alarm = alarm;
  }

  /** The relay permits these. */
  void permit(List<Hash> ids) {
    permitted.addAll(ids);
  }

  /** How many may be asked for and are not yet. */
  int permitted() {
    return permitted.size();
  }

  /**
   * Asks for what may be asked for.
   *
   * @param taking whether answers are to be taken now
   */
  void goOn(boolean taking) {
    while (!permitted.isEmpty()
        && (open.isEmpty() || permitted.size() >= ENOUGH && owed + MAX_ASKED <= MAX_OWED)) {
      request();
    }
    int more = taking ? Math.min(MAX_PULLS, owed) - pulled : 0;
    if (more > 0 && (pulled == 0 || more >= PULLED_AT_ONCE)) {
      tellObtained();
      flow.pull(RelayTransactionFlow.ANSWERS, more);
      pulled += more;
    }
    await();
  }

  private void request() {
    RequestTransactionsMessage.Builder request = RequestTransactionsMessage.newBuilder();
    Queue<Hash> ids = new ArrayDeque<>();
    while (ids.size() < MAX_ASKED && !permitted.isEmpty()) {
      Hash id = permitted.removeFirst();
      ids.add(id);
      request.addIds(Hashes.toWireId(id));
    }
    owed += ids.size();
    int question =
        flow.ask(
            KaspadMessage.newBuilder().setRequestTransactions(request),
            Set.of(PayloadCase.TRANSACTION, PayloadCase.TRANSACTION_NOT_FOUND),
            false);
    open.add(new Open(question, ids));
  }

  /** While we do not take answers, the peer cannot be late. */
  private void await() {
    if (pulled == 0) {
      tellObtained();
      if (waitingSince != null) {
        waitingSince = null;
        alarm.cancel();
      }
    } else if (waitingSince == null || answered && isStale(waitingSince)) {
      waitingSince = flow.clock().instant();
      answered = false;
      alarm.start();
    }
  }

  private boolean isStale(Instant since) {
    return !Lately.was(since, WAIT_STEP, flow.clock().instant());
  }

  /** An answer came. Returns the id that it must be to. */
  Hash answer() {
    pulled--;
    answered = true;
    owed--;
    Open oldest = open.element();
    Hash due = oldest.owed.remove();
    if (oldest.owed.isEmpty()) {
      open.remove();
      flow.settle(oldest.question);
    }
    return due;
  }

  /** It was the transaction. */
  void obtained(Hash id) {
    obtained.add(id);
  }

  /** It was that the peer does not have it. */
  void failed(Hash id) {
    flow.relay().tell(new Relay.Failed(Relay.Kind.TRANSACTION, id, flow.peer().number()));
  }

  /** Tells the relay what came: others who announced it need not wait. */
  void tellObtained() {
    if (!obtained.isEmpty()) {
      flow.relay().tell(new Relay.Obtained(Relay.Kind.TRANSACTION, obtained, flow.peer().number()));
      obtained = new ArrayList<>();
    }
  }
}
