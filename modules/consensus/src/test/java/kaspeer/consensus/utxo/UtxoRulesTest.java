package kaspeer.consensus.utxo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Sompi;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One transaction in a given UTXO context (consensus reference 6.6). */
class UtxoRulesTest {
  private static final Params PARAMS = Params.of(Network.SIMNET);
  private static final long MATURITY = PARAMS.coinbaseMaturity();
  private static final long KAS = 100_000_000;
  private static final ScriptPublicKey SCRIPT = new ScriptPublicKey(0, new byte[] {0x51});
  private static final long FINAL = -1;
  private static final long POV = 5000;

  private final UtxoRules rules = new UtxoRules(PARAMS);

  private static UtxoEntry entry(long amount, long daaScore, boolean coinbase) {
    return new UtxoEntry(amount, SCRIPT, daaScore, coinbase, null);
  }

  private static Transaction transaction(
      int version, long storageMass, @Nullable Covenant covenant, long sequence, long... outputs) {
    Input input = new Input(new Outpoint(Hash.ofWords(1, 2, 3, 4), 0), new byte[0], sequence, 0);
    List<Output> made =
        java.util.Arrays.stream(outputs)
            .mapToObj(value -> new Output(value, SCRIPT, covenant))
            .toList();
    return new Transaction(
        version, List.of(input), made, 0, SubnetworkId.NATIVE, 0, new byte[0], storageMass);
  }

  private static Transaction transaction(long sequence, long... outputs) {
    return transaction(0, 0, null, sequence, outputs);
  }

  private void breaks(Rule rule, Transaction transaction, UtxoEntry... spent) {
    assertThatThrownBy(() -> rules.check(transaction, List.of(spent), POV))
        .isInstanceOfSatisfying(
            RuleException.class, broken -> assertThat(broken.rule()).isEqualTo(rule))
        .hasMessageContaining(transaction.id().toString());
  }

  @Test
  void whatIsNotPaidOutIsTheFeeWhichMayBeZero() throws RuleException {
    UtxoEntry spent = entry(10 * KAS, 10, false);
    assertThat(rules.check(transaction(FINAL, 10 * KAS - 7), List.of(spent), POV).fee())
        .isEqualTo(7);
    assertThat(rules.check(transaction(FINAL, 10 * KAS), List.of(spent), POV).fee()).isZero();
  }

  @Test
  void aCoinbaseCanBeSpentAfterItsMaturityAndNotBefore() throws RuleException {
    Transaction transaction = transaction(FINAL, 10 * KAS);
    UtxoEntry mature = entry(10 * KAS, POV - MATURITY, true);
    assertThat(rules.check(transaction, List.of(mature), POV).spent()).containsExactly(mature);
    breaks(Rule.IMMATURE_COINBASE_SPEND, transaction, entry(10 * KAS, POV - MATURITY + 1, true));
    UtxoEntry young = entry(10 * KAS, POV - 1, false);
    assertThat(rules.check(transaction, List.of(young), POV).spent()).containsExactly(young);
  }

  @Test
  void noMoreCanBeSpentThanThereCanBe() {
    Input one = new Input(new Outpoint(Hash.ofWords(1, 2, 3, 4), 0), new byte[0], FINAL, 0);
    Input other = new Input(new Outpoint(Hash.ofWords(1, 2, 3, 4), 1), new byte[0], FINAL, 0);
    Transaction transaction =
        new Transaction(
            0,
            List.of(one, other),
            List.of(new Output(Sompi.MAX, SCRIPT, null)),
            0,
            SubnetworkId.NATIVE,
            0,
            new byte[0],
            0);
    breaks(Rule.INPUT_AMOUNT_TOO_HIGH, transaction, entry(Sompi.MAX, 1, false), entry(1, 1, false));
  }

  @Test
  void moreThanIsSpentCannotBeMade() {
    breaks(Rule.SPEND_TOO_HIGH, transaction(FINAL, 10 * KAS + 1), entry(10 * KAS, 1, false));
  }

  @Test
  void theStorageMassIsTheOneCommittedTo() throws RuleException {
    UtxoEntry spent = entry(10 * KAS, 1, false);
    long mass =
        rules.checkUncommitted(transaction(FINAL, KAS, KAS), List.of(spent), POV).storageMass();
    assertThat(mass).isPositive();
    Transaction right = transaction(0, mass, null, FINAL, KAS, KAS);
    assertThat(rules.check(right, List.of(spent), POV).storageMass()).isEqualTo(mass);
    breaks(Rule.WRONG_MASS, transaction(0, mass + 1, null, FINAL, KAS, KAS), spent);
    breaks(Rule.WRONG_MASS, transaction(0, 0, null, FINAL, KAS, KAS), spent);
  }

  @Test
  void aStorageMassBeyond64BitsIsRefused() {
    byte[] large = new byte[10_000];
    ScriptPublicKey script = new ScriptPublicKey(0, large);
    Input input = new Input(new Outpoint(Hash.ofWords(1, 2, 3, 4), 0), new byte[0], FINAL, 0);
    List<Output> outputs = java.util.Collections.nCopies(3000, new Output(1, script, null));
    Transaction transaction =
        new Transaction(0, List.of(input), outputs, 0, SubnetworkId.NATIVE, 0, new byte[0], 0);
    breaks(Rule.MASS_INCOMPUTABLE, transaction, entry(10 * KAS, 1, false));
  }

  @ParameterizedTest
  @CsvSource({
    "4990, 11, false",
    "4990, 10, true",
    "4990, 0, true",
    "4999, 1, true",
    "1, 5000, false"
  })
  void aRelativeLockHoldsUntilItsDaaScoreIsPassed(long made, long lock, boolean passes)
      throws RuleException {
    Transaction transaction = transaction(lock, 10 * KAS);
    UtxoEntry spent = entry(10 * KAS, made, false);
    if (passes) {
      assertThat(rules.check(transaction, List.of(spent), POV).fee()).isZero();
    } else {
      breaks(Rule.SEQUENCE_LOCK_CONDITIONS_ARE_NOT_MET, transaction, spent);
    }
  }

  @Test
  void bit63SwitchesTheRelativeLockOffAndBits32To62DoNotCount() throws RuleException {
    UtxoEntry spent = entry(10 * KAS, POV - 1, false);
    Transaction off = transaction(Long.MIN_VALUE | 0xFFFF_FFFFL, 10 * KAS);
    assertThat(rules.check(off, List.of(spent), POV).fee()).isZero();
    Transaction high = transaction(0x7FFF_FFFF_0000_0001L, 10 * KAS);
    assertThat(rules.check(high, List.of(spent), POV).fee()).isZero();
  }

  @Test
  void anOutputNoBlockHasAcceptedCountsAsOld() throws RuleException {
    UtxoEntry unaccepted = entry(10 * KAS, UtxoEntry.UNACCEPTED, false);
    Transaction transaction = transaction(100, 10 * KAS);
    assertThat(rules.checkUncommitted(transaction, List.of(unaccepted), POV).fee()).isZero();
  }

  @Test
  void aCovenantCannotBeClaimed() {
    Covenant claimed = new Covenant(0, Hash.ofWords(9, 9, 9, 9));
    breaks(
        Rule.COVENANTS_ERROR,
        transaction(1, 0, claimed, FINAL, 10 * KAS),
        entry(10 * KAS, 1, false));
  }
}
