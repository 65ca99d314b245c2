package kaspeer.flows.transaction;

import static kaspeer.flows.Samples.invTransactions;
import static kaspeer.flows.Samples.transaction;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.flow.mempool.Mempool;
import kaspeer.flow.mempool.Mempool.Result;
import kaspeer.flow.peers.Relay;
import kaspeer.flows.Samples;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.flow.FlowHarness;
import kaspeer.testkit.flow.FlowSetup;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** What a peer and the shared actors do in tests of the flow that relays transactions. */
final class Relaying {
  static final Transaction ONE = transaction(1);
  static final Transaction TWO = transaction(2);
  static final Transaction THREE = transaction(3);

  static FlowSetup flow() {
    return FlowHarness.of(RelayTransactionFlow.factory());
  }

  private Relaying() {}

  static List<Hash> ids(Transaction... transactions) {
    List<Hash> ids = new ArrayList<>();
    for (Transaction transaction : transactions) {
      ids.add(transaction.id());
    }
    return ids;
  }

  static Relay.Announced announce(FlowHarness harness, List<Hash> ids) {
    harness.receive(invTransactions(ids));
    Mempool.MissingOf query = harness.expectMempool(Mempool.MissingOf.class);
    harness.reply(query.replyTo(), new Mempool.Missing(query.ids()));
    return harness.expectRelay(Relay.Announced.class);
  }

  static void announceAndPermit(FlowHarness harness, List<Hash> ids) {
    Relay.Announced announced = announce(harness, ids);
    harness.reply(announced.replyTo(), new Relay.Permit(Relay.Kind.TRANSACTION, ids));
  }

  static void request(FlowHarness harness, List<Hash> ids) {
    announceAndPermit(harness, ids);
    harness.expectSent(PayloadCase.REQUEST_TRANSACTIONS);
  }

  /**
   * The second and third of three answers reach the mempool together, for it was busy with the
   * first.
   */
  static Mempool.Submit submitTwoTogether(FlowHarness harness) {
    request(harness, ids(ONE, TWO, THREE));
    for (Transaction transaction : List.of(ONE, TWO, THREE)) {
      harness.receive(Samples.transaction(transaction));
    }
    harness.expectRelay(Relay.Obtained.class);
    assertThat(harness.expectRelay(Relay.Obtained.class).hashes()).isEqualTo(ids(TWO, THREE));
    judge(
        harness, harness.expectMempool(Mempool.Submit.class), new Result.Accepted(1000, List.of()));
    Mempool.Submit both = harness.expectMempool(Mempool.Submit.class);
    assertThat(both.transactions()).containsExactly(TWO, THREE);
    return both;
  }

  static void judge(FlowHarness harness, Mempool.Submit submit, Result result) {
    Map<Hash, Result> results = new HashMap<>();
    submit.transactions().forEach(transaction -> results.put(transaction.id(), result));
    harness.reply(submit.replyTo(), new Mempool.Results(results));
  }
}
