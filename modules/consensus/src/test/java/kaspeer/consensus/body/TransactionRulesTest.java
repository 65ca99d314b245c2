package kaspeer.consensus.body;

import static kaspeer.consensus.body.Bodies.coinbase;
import static kaspeer.consensus.body.Bodies.input;
import static kaspeer.consensus.body.Bodies.output;
import static kaspeer.consensus.body.Bodies.spend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.consensus.body.Bodies.Tx;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Sompi;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import org.junit.jupiter.api.Test;

class TransactionRulesTest {
  private static final TransactionRules RULES = new TransactionRules(Bodies.PARAMS);

  private static void passes(Tx tx, Consumer<Tx> change) {
    change.accept(tx);
    assertThatCode(() -> RULES.validate(tx.make())).doesNotThrowAnyException();
  }

  private static void breaks(Rule rule, Tx tx, Consumer<Tx> change) {
    passes(tx, unchanged -> {});
    change.accept(tx);
    RuleException broken =
        catchThrowableOfType(RuleException.class, () -> RULES.validate(tx.make()));
    assertThat(broken).isNotNull();
    assertThat(broken.rule()).isEqualTo(rule);
    assertThat(broken.detail()).contains(tx.make().id().toString());
  }

  private static Tx version1() {
    Tx tx = spend(1);
    tx.version = 1;
    return tx;
  }

  @Test
  void anythingButACoinbaseSpendsSomething() {
    breaks(Rule.NO_TX_INPUTS, spend(1), tx -> tx.inputs = List.of());
  }

  @Test
  void thereMayBeAThousandInputs() {
    passes(spend(1), tx -> tx.inputs = Bodies.inputs(1000));
    breaks(Rule.TOO_MANY_INPUTS, spend(1), tx -> tx.inputs = Bodies.inputs(1001));
  }

  @Test
  void thereMayBeAThousandOutputs() {
    passes(spend(1), tx -> tx.outputs = Collections.nCopies(1000, output(1)));
    breaks(
        Rule.TOO_MANY_OUTPUTS, spend(1), tx -> tx.outputs = Collections.nCopies(1001, output(1)));
  }

  @Test
  void signatureScriptsAreBounded() {
    passes(
        spend(1), tx -> tx.inputs = List.of(new Input(Bodies.outpoint(1), new byte[1000], 0, 0)));
    breaks(
        Rule.TOO_BIG_SIGNATURE_SCRIPT,
        spend(1),
        tx -> tx.inputs = List.of(input(2), new Input(Bodies.outpoint(1), new byte[1001], 0, 0)));
  }

  @Test
  void publicKeyScriptsAreBounded() {
    passes(spend(1), tx -> tx.outputs = List.of(output(1, new byte[300], null)));
    breaks(
        Rule.TOO_BIG_SCRIPT_PUBLIC_KEY,
        spend(1),
        tx -> tx.outputs = List.of(output(1), output(1, new byte[301], null)));
  }

  @Test
  void aCoinbaseSpendsNothing() {
    breaks(Rule.COINBASE_HAS_INPUTS, coinbase(), tx -> tx.inputs = List.of(input(1)));
  }

  @Test
  void aCoinbaseCommitsToNoStorageMass() {
    breaks(Rule.COINBASE_NON_ZERO_MASS_COMMITMENT, coinbase(), tx -> tx.storageMass = 1);
    breaks(Rule.COINBASE_NON_ZERO_MASS_COMMITMENT, coinbase(), tx -> tx.storageMass = -1);
  }

  @Test
  void aCoinbaseHasAnOutputForEachBlueOneForTheSelectedParentAndOneForAllReds() {
    passes(coinbase(), tx -> tx.outputs = Collections.nCopies(126, output(1)));
    breaks(
        Rule.COINBASE_TOO_MANY_OUTPUTS,
        coinbase(),
        tx -> tx.outputs = Collections.nCopies(127, output(1)));
  }

  @Test
  void aCoinbasePaysToShortScripts() {
    passes(coinbase(), tx -> tx.outputs = List.of(output(1, new byte[150], null)));
    breaks(
        Rule.COINBASE_SCRIPT_PUBLIC_KEY_TOO_LONG,
        coinbase(),
        tx -> tx.outputs = List.of(output(1), output(1, new byte[151], null)));
  }

  @Test
  void anOutputHasAValue() {
    breaks(Rule.TX_OUT_ZERO, spend(1), tx -> tx.outputs = List.of(output(1), output(0)));
  }

  @Test
  void anOutputHasAtMostAllThatExists() {
    long all = Sompi.MAX;
    assertThat(all).isEqualTo(2_900_000_000_000_000_000L);
    passes(spend(1), tx -> tx.outputs = List.of(output(all)));
    breaks(Rule.TX_OUT_TOO_HIGH, spend(1), tx -> tx.outputs = List.of(output(all + 1)));
    breaks(Rule.TX_OUT_TOO_HIGH, spend(1), tx -> tx.outputs = List.of(output(-1)));
  }

  @Test
  void allOutputsTogetherHaveAtMostAllThatExists() {
    long all = Sompi.MAX;
    passes(spend(1), tx -> tx.outputs = List.of(output(all - 1), output(1)));
    breaks(
        Rule.TOTAL_TX_OUT_TOO_HIGH, spend(1), tx -> tx.outputs = List.of(output(all), output(1)));
    breaks(
        Rule.TOTAL_TX_OUT_TOO_HIGH,
        spend(1),
        tx -> tx.outputs = Collections.nCopies(7, output(all)));
  }

  @Test
  void anOutputIsSpentOnce() {
    passes(spend(1), tx -> tx.inputs = List.of(input(1), input(2)));
    breaks(
        Rule.TX_DUPLICATE_INPUTS,
        spend(1),
        tx -> tx.inputs = List.of(input(1), input(2), input(1)));
  }

  @Test
  void onlyUserLanesFromVersion1OnHaveGas() {
    passes(
        version1(),
        tx -> {
          tx.subnetwork = Bodies.LANE;
          tx.gas = -1;
        });
    breaks(Rule.TX_HAS_GAS, spend(1), tx -> tx.gas = 1);
    breaks(Rule.TX_HAS_GAS, version1(), tx -> tx.gas = 1);
    breaks(Rule.TX_HAS_GAS, coinbase(), tx -> tx.gas = 1);
  }

  @Test
  void onlyNativeCoinbaseAndUserLanesFromVersion1OnAreSubnetworks() {
    passes(version1(), tx -> tx.subnetwork = Bodies.subnetwork(3, 1));
    breaks(Rule.SUBNETWORKS_DISABLED, version1(), tx -> tx.subnetwork = SubnetworkId.REGISTRY);
    breaks(Rule.SUBNETWORKS_DISABLED, version1(), tx -> tx.subnetwork = Bodies.subnetwork(0, 3));
    breaks(Rule.SUBNETWORKS_DISABLED, version1(), tx -> tx.subnetwork = Bodies.subnetwork(4, 1));
    breaks(Rule.SUBNETWORKS_DISABLED, version1(), tx -> tx.subnetwork = Bodies.subnetwork(19, 1));
    breaks(Rule.SUBNETWORKS_DISABLED, spend(1), tx -> tx.subnetwork = Bodies.LANE);
  }

  @Test
  void versionsAre0And1() {
    passes(spend(1), tx -> tx.version = 1);
    breaks(Rule.UNKNOWN_TX_VERSION, spend(1), tx -> tx.version = 2);
    breaks(Rule.UNKNOWN_TX_VERSION, coinbase(), tx -> tx.version = 65_535);
  }

  @Test
  void version0CountsSignatureOperationsInAByte() {
    passes(spend(1), tx -> tx.inputs = List.of(new Input(Bodies.outpoint(1), new byte[0], 0, 255)));
    breaks(
        Rule.WRONG_COMPUTE_COMMIT,
        spend(1),
        tx -> tx.inputs = List.of(new Input(Bodies.outpoint(1), new byte[0], 0, 256)));
  }

  @Test
  void version1HasAComputeBudgetOfTwoBytes() {
    passes(
        version1(),
        tx -> tx.inputs = List.of(new Input(Bodies.outpoint(1), new byte[0], 0, 65_535)));
    breaks(
        Rule.WRONG_COMPUTE_COMMIT,
        version1(),
        tx -> tx.inputs = List.of(new Input(Bodies.outpoint(1), new byte[0], 0, 65_536)));
    breaks(
        Rule.WRONG_COMPUTE_COMMIT,
        version1(),
        tx -> tx.inputs = List.of(new Input(Bodies.outpoint(1), new byte[0], 0, -1)));
  }

  @Test
  void version0HasNoCovenants() {
    Covenant covenant = new Covenant(0, Hash.ZERO);
    passes(version1(), tx -> tx.outputs = List.of(output(1, new byte[3], covenant)));
    breaks(
        Rule.COVENANT_BINDING_IN_V0,
        spend(1),
        tx -> tx.outputs = List.of(output(1, new byte[3], covenant)));
  }
}
