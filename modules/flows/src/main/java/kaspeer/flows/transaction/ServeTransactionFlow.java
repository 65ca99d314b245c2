package kaspeer.flows.transaction;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kaspeer.flow.FlowContext;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowDescriptor.OnFailure;
import kaspeer.flow.FlowDescriptor.Overflow;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowDescriptor.VersionRange;
import kaspeer.flow.FlowFactory;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.flows.common.OneByOne;
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
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for transactions: one answer for each id, in order, with the transaction or with
 * "not found" (protocol reference 5.8). An id that stands twice in a request is found once.
 */
public final class ServeTransactionFlow {
  private static final FlowDescriptor DESCRIPTOR =
      new FlowDescriptor(
          "serve-transaction",
          VersionRange.ALL,
          Phase.READY,
          List.of(
              new Inbox(
                  OneByOne.REQUESTS,
                  Set.of(PayloadCase.REQUEST_TRANSACTIONS),
                  false,
                  64,
                  5 << 20,
                  Overflow.BACKPRESSURE)),
          Set.of(PayloadCase.TRANSACTION, PayloadCase.TRANSACTION_NOT_FOUND),
          OnFailure.END_PEER);

  private ServeTransactionFlow() {}

  /** The flow's description and maker. */
  public static FlowFactory<?> factory() {
    return OneByOne.factory(DESCRIPTOR, Transaction.class, Pooled::new);
  }

  private static final class Pooled implements OneByOne.Server<Transaction> {
    private final FlowContext flow;
    private final Set<Hash> lookedUp = new HashSet<>();
    private int requested;
    private int unknown;

    Pooled(FlowContext flow) {
      this.flow = flow;
    }

    @Override
    public List<Hash> wanted(KaspadMessage request) throws Breach, ConversionException {
      List<TransactionId> ids = request.getRequestTransactions().getIdsList();
      if (ids.size() > WireLimits.MAX_TRANSACTION_IDS) {
        throw new Breach(
            ViolationCode.TOO_MANY_TRANSACTION_IDS,
            ids.size() + " ids, at most " + WireLimits.MAX_TRANSACTION_IDS);
      }
      requested = ids.size();
      return Hashes.fromWireIds(ids);
    }

    @Override
    public boolean lookUp(Hash id, ActorRef<Optional<Transaction>> replyTo) {
      if (!lookedUp.add(id)) {
        return false;
      }
      unknown++;
      flow.mempool().tell(new Mempool.Get(id, replyTo));
      return true;
    }

    @Override
    public KaspadMessage answer(Hash id, @Nullable Transaction found) {
      if (found == null) {
        return KaspadMessage.newBuilder()
            .setTransactionNotFound(
                TransactionNotFoundMessage.newBuilder().setId(Hashes.toWireId(id)))
            .build();
      }
      unknown--;
      return KaspadMessage.newBuilder().setTransaction(Transactions.toWire(found)).build();
    }

    @Override
    public void done() {
      if (unknown > 0) {
        // Said once all are answered: where it is tolerated the peer has what it asked for.
        flow.violation(
            ViolationCode.REQUEST_OF_UNKNOWN_TRANSACTION,
            unknown + " of " + requested + " requested transactions are not in the mempool");
      }
      lookedUp.clear();
      unknown = 0;
    }
  }
}
