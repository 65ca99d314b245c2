package kaspeer.flows.transaction;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowEvent;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.peers.Relay;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.flows.common.Patience;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.Transactions;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Takes the transactions a peer announces into the mempool (protocol reference 5.8), which
 * announces what it accepts.
 *
 * <p>Ids pass: announced, while the node is nearly synced → missing in the mempool → permitted by
 * the relay → asked for, some hundred at a time → answered in order, each with the transaction or
 * with "not found" → submitted. Announcements stay in their inbox while a good number of ids is
 * under way, and answers in theirs while the mempool is busy.
 *
 * <p>Ids cost a peer nothing, and us some work each: after two announcements as long as they may
 * be, no more than {@value #IDS_PER_SECOND} ids a second are taken in. The others wait in their
 * inbox, undecoded, and beyond it are dropped: to read no more from the peer would keep out the
 * answers that make room.
 *
 * <p>Of an orphan the missing parents go the same way, as if the peer had announced them: it has
 * taken the orphan, so it has them, or had.
 */
public final class RelayTransactionFlow
    extends AbstractMatchingBehavior<RelayTransactionFlow.Command> {
  static final String ANNOUNCEMENTS = "announcements";
  static final String ANSWERS = "answers";

  /**
   * Ids looked up in the mempool at a time; of a long announcement the rest waits. Ids with a
   * permit are few, for others who announced them are asked after a second.
   */
  static final int MAX_PER_STEP = 1024;

  /** Ids of a peer taken in a second, several times what the network makes. */
  static final int IDS_PER_SECOND = 16_384;

  /** Ids taken in without a pause: an honest peer may announce its whole mempool at once. */
  static final int MAX_AT_ONCE = 2 * WireLimits.MAX_TRANSACTION_IDS;

  /** After which what the mempool was too busy for is handed in again. */
  private static final Duration RETRY = Duration.ofMillis(100);

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "relay-transaction",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              Inbox.announcements(4096, 5 << 20, PayloadCase.INV_TRANSACTIONS),
              new Inbox(
                  ANSWERS,
                  Set.of(PayloadCase.TRANSACTION, PayloadCase.TRANSACTION_NOT_FOUND),
                  true,
                  TransactionRequests.MAX_OWED,
                  4 << 20,
                  Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.REQUEST_TRANSACTIONS),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(FlowEvent.Received event) implements Command {}

  private record MissingKnown(List<Hash> ids) implements Command {}

  private record Permitted(List<Hash> ids) implements Command {}

  private record Judged(Map<Hash, Mempool.Result> results) implements Command {}

  private enum Tick implements Command {
    ANSWER_LATE,
    MORE_IDS,
    RETRY,
    LOOK
  }

  private final FlowContext flow;
  private final TimerScheduler<Command> timers;
  private final ActorRef<Mempool.Missing> missing;
  private final ActorRef<Mempool.Results> results;
  private final ActorRef<Relay.Permit> permits;
  private final LocalQuestions local = new LocalQuestions();
  private final TransactionRequests requests;
  private final Patience patience;
  private final Submits submits;
  private final long peer;

  /** Announced ids that were not looked up yet, from {@link #nextAnnounced} on. */
  private List<Hash> announced = List.of();

  private int nextAnnounced;

  /** Parents of orphans that were not looked up yet. */
  private final SequencedSet<Hash> parents = new LinkedHashSet<>();

  private boolean announcementPulled;

  /** When the ids taken in until now are paid for, at their rate. */
  private Instant idsPaid = Instant.MIN;

  private boolean lookingUp;

  private RelayTransactionFlow(
      ActorContext<Command> actor, TimerScheduler<Command> timers, FlowContext flow) {
    super(actor);
    this.timers = timers;
    this.flow = flow;
    this.peer = flow.peer().number();
    this.missing =
        actor.messageAdapter(Mempool.Missing.class, reply -> new MissingKnown(reply.ids()));
    this.results = actor.messageAdapter(Mempool.Results.class, reply -> new Judged(reply.byId()));
    this.permits =
        actor.messageAdapter(Relay.Permit.class, permit -> new Permitted(permit.hashes()));
    this.patience = new Patience(flow);
    this.requests = new TransactionRequests(flow, new AnswerAlarm());
    this.submits = new Submits(this::submit);
    timers.startTimerWithFixedDelay(Tick.LOOK, LocalQuestions.LOOK_INTERVAL);
    goOn();
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(DESCRIPTOR, Received::new, RelayTransactionFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    try {
      switch (command) {
        case Received(var event) when event.inbox().equals(ANNOUNCEMENTS) -> onInv(event.message());
        case Received(var event) -> onAnswer(event.message(), event.bytes());
        case MissingKnown(var ids) -> onMissing(ids);
        case Permitted(var ids) -> requests.permit(ids);
        case Judged(var verdicts) -> onJudged(verdicts);
        case Tick.ANSWER_LATE -> {
          Duration more = patience.more();
          if (!more.isPositive()) {
            return end(
                new FlowOutcome.Unresponsive(
                    PayloadCase.TRANSACTION, flow.settings().answerTimeout()));
          }
          timers.startSingleTimer(Tick.ANSWER_LATE, Tick.ANSWER_LATE, more);
        }
        case Tick.MORE_IDS -> {
          // Goes on below.
        }
        case Tick.RETRY -> submits.rested();
        case Tick.LOOK -> {
          if (local.areStalled()) {
            return end(new FlowOutcome.LocalFault("the mempool does not answer"));
          }
        }
      }
      goOn();
      return this;
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, String.valueOf(e.getMessage()));
    }
    return Behaviors.stopped();
  }

  private Behavior<Command> end(FlowOutcome outcome) {
    flow.finish(outcome);
    return Behaviors.stopped();
  }

  /** Moves on whatever can be. */
  private void goOn() {
    submits.goOn();
    if (!lookingUp && requests.permitted() < MAX_PER_STEP) {
      lookUpNext();
    }
    requests.goOn(!submits.isFull());
  }

  private final class AnswerAlarm implements TransactionRequests.Alarm {
    @Override
    public void start() {
      patience.begin();
      timers.startSingleTimer(Tick.ANSWER_LATE, Tick.ANSWER_LATE, flow.settings().answerTimeout());
    }

    @Override
    public void cancel() {
      timers.cancel(Tick.ANSWER_LATE);
    }
  }

  private void onInv(KaspadMessage message) throws Breach, ConversionException {
    announcementPulled = false;
    int count = message.getInvTransactions().getIdsCount();
    if (count > WireLimits.MAX_TRANSACTION_IDS) {
      throw new Breach(
          ViolationCode.TOO_MANY_TRANSACTION_IDS,
          count + " ids, at most " + WireLimits.MAX_TRANSACTION_IDS);
    }
    pay(count);
    if (flow.dagSnapshot().isNearlySynced(flow.clock().instant(), flow.settings().nearlySynced())) {
      announced = Hashes.fromWireIds(message.getInvTransactions().getIdsList());
      nextAnnounced = 0;
    }
  }

  private void lookUpNext() {
    if (!parents.isEmpty()) {
      lookUp(List.copyOf(parents));
      parents.clear();
    } else if (nextAnnounced < announced.size()) {
      int end = Math.min(announced.size(), nextAnnounced + MAX_PER_STEP);
      lookUp(List.copyOf(announced.subList(nextAnnounced, end)));
      nextAnnounced = end;
    } else if (!announcementPulled) {
      announced = List.of();
      nextAnnounced = 0;
      pullAnnouncement();
    }
  }

  private void pullAnnouncement() {
    Duration early = Duration.between(flow.clock().instant(), idsPaid);
    // Later than that only if the clock was set back.
    if (!early.isPositive() || early.compareTo(ids(WireLimits.MAX_TRANSACTION_IDS)) > 0) {
      announcementPulled = true;
      flow.pull(ANNOUNCEMENTS);
    } else if (!timers.isTimerActive(Tick.MORE_IDS)) {
      timers.startSingleTimer(Tick.MORE_IDS, Tick.MORE_IDS, early);
    }
  }

  private void pay(int ids) {
    Instant now = flow.clock().instant();
    Instant since = now.minus(ids(MAX_AT_ONCE));
    Instant from = idsPaid.isBefore(since) || idsPaid.isAfter(now) ? since : idsPaid;
    idsPaid = from.plus(ids(ids));
  }

  private static Duration ids(int count) {
    return Duration.ofNanos(count * 1_000_000_000L / IDS_PER_SECOND);
  }

  private void lookUp(List<Hash> ids) {
    lookingUp = true;
    local.ask();
    flow.mempool().tell(new Mempool.MissingOf(ids, missing));
  }

  private void onMissing(List<Hash> ids) {
    local.answer();
    lookingUp = false;
    if (!ids.isEmpty()) {
      flow.relay().tell(new Relay.Announced(Relay.Kind.TRANSACTION, ids, peer, permits));
    }
  }

  private void onAnswer(KaspadMessage message, int bytes) throws Breach, ConversionException {
    Hash due = requests.answer();
    if (message.hasTransaction()) {
      Transaction transaction = Transactions.fromWire(message.getTransaction());
      expect(due, transaction.id());
      requests.obtained(due);
      submits.add(transaction, bytes);
    } else {
      expect(due, Hashes.fromWire(message.getTransactionNotFound().getId()));
      requests.failed(due);
    }
  }

  private static void expect(Hash due, Hash got) throws Breach {
    if (!got.equals(due)) {
      throw new Breach(
          ViolationCode.WRONG_TRANSACTION, "got " + got + " where " + due + " was due");
    }
  }

  private void submit(List<Transaction> transactions, int bytes) {
    requests.tellObtained();
    local.ask();
    flow.mempool().tell(new Mempool.Submit(transactions, peer, bytes, results));
  }

  private void onJudged(Map<Hash, Mempool.Result> verdicts) {
    local.answer();
    if (submits.judged(verdicts)) {
      timers.startSingleTimer(Tick.RETRY, Tick.RETRY, RETRY);
      return;
    }
    int nonStandard = 0;
    for (Map.Entry<Hash, Mempool.Result> verdict : verdicts.entrySet()) {
      switch (verdict.getValue()) {
        case Mempool.Result.Invalid(var rule, var detail) ->
            flow.violation(
                ViolationCode.INVALID_TRANSACTION,
                "transaction " + verdict.getKey() + " breaks " + rule + ": " + detail);
        case Mempool.Result.NonStandard _ -> nonStandard++;
        case Mempool.Result.Orphaned(var outpoints) -> wantParents(outpoints);
        case Mempool.Result.Accepted _,
            Mempool.Result.Known _,
            Mempool.Result.NotYet _,
            Mempool.Result.DoubleSpend _,
            Mempool.Result.Full _ -> {
          // None of these is the peer's fault.
        }
      }
    }
    if (nonStandard > 0) {
      flow.violation(
          ViolationCode.NON_STANDARD_TRANSACTION, nonStandard + " of " + verdicts.size());
    }
  }

  /** Parents beyond the bound are left out: the orphan waits for somebody else to bring them. */
  private void wantParents(List<Outpoint> outpoints) {
    for (Outpoint outpoint : outpoints) {
      if (parents.size() < MAX_PER_STEP) {
        parents.add(outpoint.transactionId());
      }
    }
  }
}
