package kaspeer.mempool;

import static kaspeer.mempool.Txs.coin;
import static kaspeer.mempool.Txs.output;
import static kaspeer.mempool.Txs.pay;
import static kaspeer.mempool.Txs.spend;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Orphaned;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.MempoolOptions.OrphanOptions;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One transaction for each policy that asks for nothing but that this one be left out. */
class PolicyTest {
  private static final Submission PEER = Submission.relayed("peer");

  /** The minimum for a transaction of one input and two outputs: 2036 grams. */
  private static final long MINIMUM_FEE = 203_600;

  private final FakeVirtual virtual = new FakeVirtual();
  private final TransactionPool pool =
      new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20));

  /** A transaction, how it comes, and where to. */
  private record Case(TransactionPool pool, Transaction transaction, Submission how) {}

  @ParameterizedTest
  @EnumSource(Policy.class)
  void aTransactionThatMeetsAllButOnePolicyIsRefusedForThatOne(Policy policy) {
    Case broken = breaking(policy);
    int before = broken.pool.info().transactions();
    assertThat(broken.pool.submit(broken.transaction, broken.how, virtual))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).isEqualTo(policy.name());
              assertThat(refusal.detail()).isNotBlank();
              assertThat(refusal.id()).isEqualTo(broken.transaction.id());
            });
    assertThat(broken.pool.info().transactions()).isEqualTo(before);
    assertThat(broken.pool.isKnown(broken.transaction.id())).isFalse();
  }

  private Case breaking(Policy policy) {
    return switch (policy) {
      case OUTPUT_SCRIPT_VERSION ->
          peer(new Txs.Draft(coin(1)).script(new ScriptPublicKey(1, Txs.payToKey().script())));
      case OUTPUT_SCRIPT_CLASS -> peer(new Txs.Draft(coin(1)).script(Txs.odd()));
      case INPUT_SCRIPT_CLASS -> {
        virtual.locks(coin(1), Txs.odd());
        yield peer(new Txs.Draft(coin(1)));
      }
      case TOO_MANY_SIG_OPS -> {
        virtual.locks(coin(1), Txs.payToScriptHash());
        yield peer(new Txs.Draft(coin(1)).signatureScript(redeemScript(16)));
      }
      case COMPUTE_FEE_TOO_LOW -> peer(new Txs.Draft(coin(1)).fee(MINIMUM_FEE - 1));
      case TRANSIENT_FEE_TOO_LOW -> {
        // 5316 bytes: 10,632 grams as compute mass, of which there are only 7036.
        yield peer(new Txs.Draft(coin(1)).payload(5000).fee(1_063_199));
      }
      case DOUBLE_SPEND -> {
        accept(spend(coin(1)));
        yield new Case(pool, pay(Txs.FEE * 2, coin(1)), Submission.local());
      }
      case REPLACEMENT_FEE_RATE_TOO_LOW -> {
        accept(spend(coin(1)));
        yield peer(new Txs.Draft(coin(1)).payload(10));
      }
      case REPLACES_NOTHING -> new Case(pool, spend(coin(1)), Submission.localReplacement());
      case REPLACES_SEVERAL -> {
        accept(spend(coin(1)));
        accept(spend(coin(2)));
        Transaction both = pay(Txs.FEE * 10, coin(1), coin(2));
        yield new Case(pool, both, Submission.localReplacement());
      }
      case REPLACES_TOO_MANY -> {
        TransactionPool narrow =
            new TransactionPool(
                FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withMaxAncestorLinks(1));
        Transaction family = spend(coin(1));
        for (Transaction tx : List.of(family, spend(output(family, 0)), spend(output(family, 1)))) {
          narrow.submit(tx, Submission.relayed("peer"), virtual);
        }
        yield new Case(narrow, pay(Txs.FEE * 2, coin(1)), Submission.relayed("peer"));
      }
      case REPLACES_ITS_ANCESTOR -> {
        Transaction parent = spend(coin(1));
        Transaction child = spend(output(parent, 0));
        accept(parent);
        accept(child);
        yield peer(new Txs.Draft(coin(1), output(child, 0)).fee(Txs.FEE * 10));
      }
      case IMPOSSIBLE_OUTPOINT -> {
        Transaction parent = spend(coin(1));
        accept(parent);
        Outpoint third = new Outpoint(parent.id(), 2);
        yield peer(new Txs.Draft(new Txs.Money(third, Txs.COIN)));
      }
      case ORPHAN_NOT_ALLOWED ->
          new Case(pool, spend(output(spend(coin(1)), 0)), Submission.local());
      case ORPHAN_DOUBLE_SPEND -> {
        Transaction parent = spend(coin(1));
        pool.submit(spend(output(parent, 0)), PEER, virtual);
        yield peer(new Txs.Draft(output(parent, 0)).fee(Txs.FEE * 2));
      }
      case ORPHANS_FULL -> {
        TransactionPool one =
            pool(new OrphanOptions(1, 1 << 20, 1, 1 << 20, Duration.ofMinutes(1)));
        Submission patient =
            new Submission("x", Submission.Priority.HIGH, Submission.Replacement.FORBIDDEN, true);
        Transaction first = spend(output(spend(coin(1)), 0));
        assertThat(one.submit(first, patient, virtual)).isInstanceOf(Orphaned.class);
        yield new Case(one, spend(output(spend(coin(2)), 0)), PEER);
      }
      case TOO_MANY_ANCESTORS -> {
        TransactionPool shallow = pool(2);
        Transaction last = spend(coin(1));
        shallow.submit(last, PEER, virtual);
        for (int i = 0; i < 3; i++) {
          last = spend(output(last, 0));
          assertThat(shallow.submit(last, PEER, virtual)).isInstanceOf(Accepted.class);
        }
        shallow.submit(spend(coin(2)), PEER, virtual);
        Transaction rival = pay(Txs.FEE * 10, output(last, 0), coin(2));
        yield new Case(shallow, rival, PEER);
      }
      case POOL_FULL -> {
        TransactionPool one =
            new TransactionPool(
                FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withMaxTransactions(1));
        one.submit(spend(coin(1)), PEER, virtual);
        yield new Case(one, pay(Txs.FEE - 1, coin(2)), PEER);
      }
    };
  }

  private Case peer(Txs.Draft draft) {
    return new Case(pool, draft.build(), PEER);
  }

  private void accept(Transaction transaction) {
    assertThat(pool.submit(transaction, PEER, virtual)).isInstanceOf(Accepted.class);
  }

  private static TransactionPool pool(OrphanOptions orphans) {
    return new TransactionPool(
        FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withOrphans(orphans));
  }

  private static TransactionPool pool(int maxAncestorLinks) {
    return new TransactionPool(
        FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withMaxAncestorLinks(maxAncestorLinks));
  }

  /** A signature script that ends with the push of a script of so many signature checks. */
  private static byte[] redeemScript(int checks) {
    byte[] script = new byte[checks + 1];
    Arrays.fill(script, (byte) 0xAC);
    script[0] = (byte) checks;
    return script;
  }

  @Test
  void whatIsJustWithinEveryPolicyIsTaken() {
    accept(pay(MINIMUM_FEE, coin(1)));
    accept(new Txs.Draft(coin(2)).payload(5000).fee(1_063_200).build());
    virtual.locks(coin(3), Txs.payToScriptHash());
    accept(new Txs.Draft(coin(3)).signatureScript(redeemScript(15)).build());
    accept(new Txs.Draft(coin(4)).script(Txs.payToScriptHash()).build());
    accept(pay(MINIMUM_FEE + 100, coin(1)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Policy.class,
      names = {
        "OUTPUT_SCRIPT_VERSION",
        "OUTPUT_SCRIPT_CLASS",
        "INPUT_SCRIPT_CLASS",
        "TOO_MANY_SIG_OPS",
        "COMPUTE_FEE_TOO_LOW",
        "TRANSIENT_FEE_TOO_LOW"
      })
  void whereFormsAndFeesDoNotMatterItIsTaken(Policy policy) {
    Transaction transaction = breaking(policy).transaction;
    TransactionPool liberal =
        new TransactionPool(
            FakeVirtual.PARAMS, MempoolOptions.ofBytes(1 << 20).withAcceptNonStandard(true));
    assertThat(liberal.submit(transaction, PEER, virtual)).isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 250, 782, 1500, 500_000})
  void theMinimumFeeIsInProportionToTheMassAndNeverNothing(long mass) {
    for (long relayFee : new long[] {1, 3, 2346, 100_000}) {
      long inProportion = mass * relayFee / 1000;
      assertThat(policy(relayFee).minimumFee(mass))
          .isEqualTo(inProportion == 0 ? relayFee : inProportion);
    }
    assertThat(policy(0).minimumFee(mass)).isZero();
    assertThat(policy(Long.MAX_VALUE).minimumFee(mass)).isEqualTo(18_446_744_073_709_551L);
  }

  private static TransactionPolicy policy(long relayFee) {
    return new TransactionPolicy(
        FakeVirtual.PARAMS,
        new MassScale(FakeVirtual.PARAMS),
        MempoolOptions.ofBytes(1).withMinimumRelayFee(relayFee));
  }
}
