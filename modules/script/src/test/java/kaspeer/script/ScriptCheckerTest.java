package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole transactions: signing them and checking them. */
class ScriptCheckerTest {
  private static final Params PARAMS = Params.of(Network.MAINNET);

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatIsSignedMaySpendAndNothingElseMay(int version) throws ScriptException {
    List<UtxoEntry> spent =
        List.of(entry(1), entry(2), entry(1), Spending.entry(ShortForm.parse("1")));
    Transaction unsigned = transaction(version, 4);
    Transaction half = TransactionSigner.signSchnorr(unsigned, spent, Keys.secret(1));
    Transaction whole = TransactionSigner.signSchnorr(half, spent, Keys.secret(2));

    assertThat(whole.id()).isEqualTo(unsigned.id());
    assertThat(half.inputs().get(1)).isSameAs(unsigned.inputs().get(1));
    assertThat(half.inputs().get(3)).isSameAs(unsigned.inputs().get(3));
    check(half, spent, 0);
    assertThatThrownBy(() -> check(half, spent, 1)).isInstanceOf(ScriptException.class);
    for (int i = 0; i < 4; i++) {
      check(whole, spent, i);
    }
  }

  @Test
  void aSignatureOfOneTransactionIsNoneOfAnother() {
    List<UtxoEntry> spent = List.of(entry(1));
    Transaction signed = TransactionSigner.signSchnorr(transaction(0, 1), spent, Keys.secret(1));
    Transaction other =
        new Transaction(
            0,
            signed.inputs(),
            signed.outputs(),
            signed.lockTime() + 1,
            signed.subnetworkId(),
            0,
            signed.payload(),
            0);

    assertThatThrownBy(() -> check(other, spent, 0))
        .isInstanceOfSatisfying(
            ScriptException.class, e -> assertThat(e.error()).isEqualTo(ScriptError.EVAL_FALSE));
  }

  @Test
  void threadsMayCheckTheInputsOfOneTransactionTogether() throws Exception {
    int count = 40;
    List<UtxoEntry> spent = Collections.nCopies(count, entry(1));
    Transaction signed =
        TransactionSigner.signSchnorr(transaction(0, count), spent, Keys.secret(1));
    SpendingTransaction spending = new SpendingTransaction(signed, spent);
    ScriptChecker checker = new ScriptChecker(PARAMS, new SignatureCache(1 << 12));
    List<Callable<Boolean>> checks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int input = i;
      checks.add(
          () -> {
            checker.check(spending, CovenantContext.EMPTY, input, ChainCommitments.NONE);
            return true;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Boolean> checked : threads.invokeAll(checks)) {
        assertThat(checked.get()).isTrue();
      }
    }
  }

  @Test
  void aScriptOfALaterVersionMayBeSpentByAnyone() throws ScriptException {
    ScriptPublicKey later = new ScriptPublicKey(1, ShortForm.parse("RETURN"));

    check(transaction(1, 1), List.of(Spending.entry(later)), 0);
  }

  @Test
  void theUnitsUsedAreWhatASpenderMustCommitTo() throws ScriptException {
    ScriptChecker checker = new ScriptChecker(PARAMS, new SignatureCache(0));
    List<UtxoEntry> spent = List.of(entry(1));
    Transaction signed = TransactionSigner.signSchnorr(transaction(0, 1), spent, Keys.secret(1));
    long units =
        checker.unitsUsed(
            new SpendingTransaction(signed, spent),
            CovenantContext.EMPTY,
            0,
            ChainCommitments.NONE);

    assertThat(units).isEqualTo(100_001);
    assertThat(ScriptLimits.computeBudgetFor(units)).isEqualTo(10);
  }

  @Test
  void thePriceOfASignatureCheckIsAParameter() throws Exception {
    Params dear = priced("5000");
    List<UtxoEntry> spent = List.of(entry(1));
    Transaction signed = TransactionSigner.signSchnorr(transaction(0, 1), spent, Keys.secret(1));
    SpendingTransaction spending = new SpendingTransaction(signed, spent);
    ScriptChecker checker = new ScriptChecker(dear, new SignatureCache(0));

    assertThatThrownBy(
            () -> checker.check(spending, CovenantContext.EMPTY, 0, ChainCommitments.NONE))
        .isInstanceOfSatisfying(
            ScriptException.class,
            e -> assertThat(e.error()).isEqualTo(ScriptError.SCRIPT_UNITS_EXCEEDED));
  }

  @Test
  void eachInputSpendsOneEntry() {
    assertThatThrownBy(() -> new SpendingTransaction(transaction(0, 2), List.of(entry(1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Params priced(String grams) throws Exception {
    return ParamsOverride.parse("{\"mass_per_sig_op\": " + grams + "}")
        .apply(Params.of(Network.SIMNET));
  }

  private static void check(Transaction transaction, List<UtxoEntry> spent, int input)
      throws ScriptException {
    new ScriptChecker(PARAMS, new SignatureCache(0))
        .check(
            new SpendingTransaction(transaction, spent),
            CovenantContext.EMPTY,
            input,
            ChainCommitments.NONE);
  }

  private static UtxoEntry entry(int owner) {
    return new UtxoEntry(
        1000 * owner, StandardScripts.payToPubKey(Keys.xOnly(owner)), 5, false, null);
  }

  /** Unsigned, and committed to one signature check an input. */
  private static Transaction transaction(int version, int inputs) {
    Spending spending = new Spending().version(version).output(100, new byte[] {1}, null);
    for (int i = 0; i < inputs; i++) {
      spending.input(
          new Input(new Outpoint(Spending.hash(i), i), new byte[0], i, version == 0 ? 1 : 10),
          Spending.entry(new byte[0]));
    }
    return spending.transaction();
  }
}
