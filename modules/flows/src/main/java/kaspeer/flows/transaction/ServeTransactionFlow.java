package kaspeer.flows.transaction;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.policy.ViolationCode;
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
 * "not found" (protocol reference 5.8). Each is read from the mempool when the connection has taken
 * the one before. An id that stands twice in a request is found once.
 */
public final class ServeTransactionFlow
    extends AbstractMatchingBehavior<ServeTransactionFlow.Command> {
  static final String REQUESTS = "requests";

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
                  FlowDescriptor.Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.TRANSACTION, PayloadCase.TRANSACTION_NOT_FOUND),
          OnFailure.END_PEER);

  /** What the flow is told. */
  public sealed interface Command {}

  private record Received(KaspadMessage message) implements Command {}

  private record Found(Optional<?> transaction) implements Command {}

  private record Delivered(@Nullable Throwable failure) implements Command {}

  private enum Tick implements Command {
    LOOK
  }

  private final FlowContext flow;
  private final LocalQuestions local = new LocalQuestions();

  @SuppressWarnings(
      "rawtypes") // An adapter knows its messages by class, and classes have no parameters.
  private final ActorRef<Optional> found;

  private List<Hash> ids = List.of();
  private final Set<Hash> served = new HashSet<>();
  private int next;
  private int unknown;

  private ServeTransactionFlow(
      ActorContext<Command> actor, TimerScheduler<Command> timers, FlowContext flow) {
    super(actor);
    this.flow = flow;
    this.found = actor.messageAdapter(Optional.class, Found::new);
    timers.startTimerWithFixedDelay(Tick.LOOK, LocalQuestions.LOOK_INTERVAL);
    flow.pull(REQUESTS);
  }

  /** The flow's description and maker. */
  public static FlowFactory<Command> factory() {
    return new FlowKind<>(
        DESCRIPTOR, event -> new Received(event.message()), ServeTransactionFlow::new);
  }

  @Override
  public Behavior<Command> onMessage(Command command) {
    return switch (command) {
      case Received(var message) -> onRequest(message);
      case Found(var transaction) -> onFound(transaction);
      case Delivered(var failure) -> failure == null ? serveNext() : Behaviors.stopped();
      case Tick.LOOK -> onLook();
    };
  }

  private Behavior<Command> onRequest(KaspadMessage message) {
    int count = message.getRequestTransactions().getIdsCount();
    if (count > WireLimits.MAX_TRANSACTION_IDS) {
      return broken(
          ViolationCode.TOO_MANY_TRANSACTION_IDS,
          count + " ids, at most " + WireLimits.MAX_TRANSACTION_IDS);
    }
    try {
      ids = Hashes.fromWireIds(message.getRequestTransactions().getIdsList());
    } catch (ConversionException e) {
      return broken(ViolationCode.MALFORMED_MESSAGE, "request of transactions: " + e.getMessage());
    }
    return serveNext();
  }

  private Behavior<Command> serveNext() {
    if (next < ids.size()) {
      Hash id = ids.get(next);
      if (served.add(id)) {
        local.ask();
        flow.mempool().tell(new Mempool.Get(id, found.unsafeUpcast()));
      } else {
        deliver(notFound(id));
      }
      return this;
    }
    if (unknown > 0) {
      // Said once all are answered: where it is tolerated the peer has what it asked for.
      flow.violation(
          ViolationCode.REQUEST_OF_UNKNOWN_TRANSACTION,
          unknown + " of " + ids.size() + " requested transactions are not in the mempool");
    }
    ids = List.of();
    served.clear();
    next = 0;
    unknown = 0;
    flow.pull(REQUESTS);
    return this;
  }

  private Behavior<Command> onFound(Optional<?> transaction) {
    local.answer();
    Hash id = ids.get(next);
    if (transaction.isPresent()) {
      deliver(
          KaspadMessage.newBuilder()
              .setTransaction(Transactions.toWire((Transaction) transaction.get())));
    } else {
      unknown++;
      deliver(notFound(id));
    }
    return this;
  }

  private static KaspadMessage.Builder notFound(Hash id) {
    return KaspadMessage.newBuilder()
        .setTransactionNotFound(TransactionNotFoundMessage.newBuilder().setId(Hashes.toWireId(id)));
  }

  private void deliver(KaspadMessage.Builder answer) {
    next++;
    getContext()
        .pipeToSelf(flow.outbox().deliver(answer.build()), (_, failure) -> new Delivered(failure));
  }

  private Behavior<Command> onLook() {
    if (local.areStalled()) {
      flow.finish(new FlowOutcome.LocalFault("the mempool does not answer"));
      return Behaviors.stopped();
    }
    return this;
  }

  private Behavior<Command> broken(ViolationCode code, String detail) {
    flow.violation(code, detail);
    return Behaviors.stopped();
  }
}
