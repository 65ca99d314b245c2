package kaspeer.flows.transaction;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.FlowKind;
import kaspeer.flows.common.LocalQuestions;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.Transactions;
import kaspeer.wire.WireLimits;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import kaspeer.wire.proto.TransactionId;
import kaspeer.wire.proto.TransactionNotFoundMessage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for transactions: one answer for each id, in order, with the transaction or with
 * "not found" (protocol reference 5.8). An id that stands twice in a request is found once. A
 * number of ids is looked up at a time; an answer is made when the connection has taken the one
 * before.
 */
public final class ServeTransactionFlow
    extends AbstractMatchingBehavior<ServeTransactionFlow.Command> {
  static final String REQUESTS = "requests";

  /** Ids looked up at a time. */
  static final int WINDOW = 64;

  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "serve-transaction",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  REQUESTS,
                  Set.of(PayloadCase.REQUEST_TRANSACTIONS),
                  false,
                  64,
                  5 << 20,
                  Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.TRANSACTION, PayloadCase.TRANSACTION_NOT_FOUND),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(KaspadMessage message) implements Command {}

  private record Looked(Map<Hash, Transaction> found) implements Command {}

  private record Delivered(@Nullable Throwable failure) implements Command {}

  private enum Tick implements Command {
    LOOK
  }

  private final FlowContext flow;
  private final ActorRef<Mempool.Found> replies;
  private final LocalQuestions local = new LocalQuestions();

  /** Of the request that is being answered. */
  private List<Hash> wanted = List.of();

  private final Set<Hash> answered = new HashSet<>();
  private int next;
  private int unknown;

  /** Up to here the ids of the request are looked up. */
  private int lookedUp;

  private Map<Hash, Transaction> found = Map.of();

  private ServeTransactionFlow(
      ActorContext<Command> actor, TimerScheduler<Command> timers, FlowContext flow) {
    super(actor);
    this.flow = flow;
    this.replies = actor.messageAdapter(Mempool.Found.class, reply -> new Looked(reply.byId()));
    timers.startTimerWithFixedDelay(Tick.LOOK, LocalQuestions.LOOK_INTERVAL);
    flow.pull(REQUESTS);
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(
        DESCRIPTOR,
        (FlowEvent.Received event) -> new Received(event.message()),
        ServeTransactionFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var message) -> onRequest(message);
      case Looked(var transactions) -> {
        local.answer();
        found = transactions;
        serveNext();
        yield this;
      }
      case Delivered(var failure) -> {
        if (failure != null) {
          yield Behaviors.stopped();
        }
        serveNext();
        yield this;
      }
      case Tick.LOOK -> onLook();
    };
  }

  private Behavior<Command> onRequest(KaspadMessage message) {
    try {
      List<TransactionId> ids = message.getRequestTransactions().getIdsList();
      if (ids.size() > WireLimits.MAX_TRANSACTION_IDS) {
        throw new Breach(
            ViolationCode.TOO_MANY_TRANSACTION_IDS,
            ids.size() + " ids, at most " + WireLimits.MAX_TRANSACTION_IDS);
      }
      wanted = Hashes.fromWireIds(ids);
      next = 0;
      lookedUp = 0;
      serveNext();
      return this;
    } catch (Breach breach) {
      flow.violation(breach.code(), breach.detail());
    } catch (ConversionException e) {
      flow.violation(ViolationCode.MALFORMED_MESSAGE, "request: " + e.getMessage());
    }
    return Behaviors.stopped();
  }

  /** Goes on until something has to be waited for. */
  private void serveNext() {
    if (next == wanted.size()) {
      done();
    } else if (next == lookedUp) {
      int end = Math.min(wanted.size(), next + WINDOW);
      local.ask();
      flow.mempool().tell(new Mempool.GetAll(List.copyOf(wanted.subList(next, end)), replies));
      lookedUp = end;
    } else {
      getContext()
          .pipeToSelf(
              flow.outbox().deliver(answer(wanted.get(next++))),
              (_, failure) -> new Delivered(failure));
    }
  }

  private KaspadMessage answer(Hash id) {
    boolean first = answered.add(id);
    Transaction transaction = first ? found.get(id) : null;
    if (transaction != null) {
      return KaspadMessage.newBuilder().setTransaction(Transactions.toWire(transaction)).build();
    }
    unknown += first ? 1 : 0;
    return KaspadMessage.newBuilder()
        .setTransactionNotFound(TransactionNotFoundMessage.newBuilder().setId(Hashes.toWireId(id)))
        .build();
  }

  private void done() {
    if (unknown > 0) {
      // Said once all are answered: where it is tolerated the peer has what it asked for.
      flow.violation(
          ViolationCode.REQUEST_OF_UNKNOWN_TRANSACTION,
          unknown + " of " + wanted.size() + " requested transactions are not in the mempool");
    }
    wanted = List.of();
    found = Map.of();
    answered.clear();
    unknown = 0;
    next = 0;
    lookedUp = 0;
    flow.pull(REQUESTS);
  }

  private Behavior<Command> onLook() {
    if (local.areStalled()) {
      flow.finish(new FlowOutcome.LocalFault("the mempool does not answer"));
      return Behaviors.stopped();
    }
    return this;
  }
}
