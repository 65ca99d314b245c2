package kaspeer.consensus.body;

import static kaspeer.consensus.body.Bodies.coinbase;
import static kaspeer.consensus.body.Bodies.input;
import static kaspeer.consensus.body.Bodies.output;
import static kaspeer.consensus.body.Bodies.spend;
import static kaspeer.consensus.body.Bodies.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.consensus.body.Bodies.Tx;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Subsidy;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.TransactionMass;
import org.junit.jupiter.api.Test;

class BodyRulesTest {
  private static final BodyRules RULES = new BodyRules(Bodies.PARAMS);

  private static void passes(List<Transaction> transactions) {
    assertThatCode(() -> validate(transactions)).doesNotThrowAnyException();
  }

  private static void validate(List<Transaction> transactions) throws RuleException {
    Header header = Bodies.header(transactions);
    RULES.validateInIsolation(header, transactions);
    RULES.validateInContext(header, transactions, 0);
  }

  private static RuleException breaks(Rule rule, List<Transaction> transactions) {
    return breaks(rule, Bodies.header(transactions), transactions);
  }

  private static RuleException breaks(Rule rule, Header header, List<Transaction> transactions) {
    RuleException broken =
        catchThrowableOfType(
            RuleException.class, () -> RULES.validateInIsolation(header, transactions));
    assertThat(broken).isNotNull();
    assertThat(broken.rule()).isEqualTo(rule);
    return broken;
  }

  private static void breaksInContext(
      Rule rule, List<Transaction> transactions, long pastMedianTime) {
    Header header = Bodies.header(transactions);
    assertThatCode(() -> RULES.validateInIsolation(header, transactions))
        .doesNotThrowAnyException();
    RuleException broken =
        catchThrowableOfType(
            RuleException.class,
            () -> RULES.validateInContext(header, transactions, pastMedianTime));
    assertThat(broken).isNotNull();
    assertThat(broken.rule()).isEqualTo(rule);
  }

  private static void breaksPayload(Rule rule, byte[] payload) {
    Tx coinbase = coinbase();
    coinbase.payload = payload;
    breaksInContext(rule, List.of(coinbase.make()), 0);
  }

  @Test
  void aValidBodyPasses() {
    passes(Bodies.valid());
    passes(List.of(coinbase().make()));
  }

  @Test
  void aBodyHasTransactions() {
    breaks(Rule.NO_TRANSACTIONS, Bodies.header(Bodies.valid()), List.of());
    breaks(Rule.NO_TRANSACTIONS, Bodies.header(Hash.ZERO), List.of());
  }

  @Test
  void theHeaderCommitsToTheTransactionsInTheirOrder() {
    List<Transaction> transactions = Bodies.valid();
    breaks(Rule.BAD_MERKLE_ROOT, Bodies.header(Hash.ZERO), transactions);
    List<Transaction> swapped =
        List.of(transactions.get(0), transactions.get(2), transactions.get(1));
    breaks(Rule.BAD_MERKLE_ROOT, Bodies.header(transactions), swapped);
    breaks(Rule.BAD_MERKLE_ROOT, Bodies.header(transactions), transactions.subList(0, 2));
  }

  @Test
  void theFirstTransactionIsTheCoinbase() {
    breaks(Rule.FIRST_TX_NOT_COINBASE, List.of(spend(1).make()));
    breaks(Rule.FIRST_TX_NOT_COINBASE, List.of(spend(1).make(), coinbase().make()));
  }

  @Test
  void thereIsOneCoinbase() {
    Tx second = coinbase();
    second.payload = Bodies.coinbasePayload(1, 1);
    breaks(Rule.MULTIPLE_COINBASES, with(spend(1), second));
  }

  @Test
  void everyTransactionKeepsTheRulesOfTransactions() {
    Tx last = spend(2);
    last.outputs = List.of(output(0));
    breaks(Rule.TX_OUT_ZERO, with(spend(1), last));
  }

  @Test
  void whatTheHashDoesNotCommitToMustNotMarkTheBlockInvalid() {
    // A stranger's covenant on an output of version 0 leaves hash and merkle root as they were.
    Tx honest = spend(1);
    List<Transaction> honestBody = with(honest);
    Tx disfigured = spend(1);
    disfigured.outputs = List.of(output(101, new byte[34], new Covenant(0, Hash.ZERO)));
    Header header = Bodies.header(honestBody);
    assertThat(breaks(Rule.COVENANT_BINDING_IN_V0, header, with(disfigured)).rule().remembered())
        .isFalse();
    assertThat(breaks(Rule.NO_TRANSACTIONS, header, List.of()).rule().remembered()).isFalse();
    assertThat(breaks(Rule.BAD_MERKLE_ROOT, header, with(spend(2))).rule().remembered()).isFalse();
    assertThat(Rule.WRONG_COMPUTE_COMMIT.remembered()).isFalse();
    passes(honestBody);
  }

  @Test
  void computeMassesTogetherAreBounded() {
    // 255 signature operations of 1,000 grams each: two such inputs are too much for a block.
    passes(with(heavy(1, 255), heavy(2, 240)));
    breaks(Rule.EXCEEDS_COMPUTE_MASS_LIMIT, with(heavy(1, 255), heavy(2, 255)));
  }

  private static Tx heavy(int number, int sigOps) {
    Tx tx = spend(number);
    tx.inputs = List.of(new Input(Bodies.outpoint(number), new byte[0], 0, sigOps));
    return tx;
  }

  @Test
  void transientMassesTogetherAreBounded() {
    // 250,000 bytes of four grams each; as compute mass they are half of what may be.
    Tx large = spend(1);
    large.payload = new byte[248_000];
    passes(with(large));
    Tx small = spend(2);
    small.payload = new byte[2_000];
    assertThat(TransactionMass.of(small.make(), Bodies.PARAMS).transientStorage())
        .isGreaterThan(8_000);
    breaks(Rule.EXCEEDS_TRANSIENT_MASS_LIMIT, with(large, small));
  }

  @Test
  void committedStorageMassesTogetherAreBoundedAndDoNotWrapAround() {
    Tx first = spend(1);
    first.storageMass = 499_999;
    Tx second = spend(2);
    second.storageMass = 1;
    passes(with(first, second));
    second.storageMass = 2;
    breaks(Rule.EXCEEDS_STORAGE_MASS_LIMIT, with(first, second));
    second.storageMass = -499_999;
    breaks(Rule.EXCEEDS_STORAGE_MASS_LIMIT, with(first, second));
  }

  @Test
  void ofSeveralLimitsTheOneExceededByTheFirstTransactionsCounts() {
    Tx stores = spend(1);
    stores.storageMass = 500_001;
    breaks(Rule.EXCEEDS_STORAGE_MASS_LIMIT, with(stores, heavy(2, 255), heavy(3, 255)));
    breaks(Rule.EXCEEDS_COMPUTE_MASS_LIMIT, with(heavy(2, 255), heavy(3, 255), stores));
    Tx last = heavy(2, 255);
    last.storageMass = 500_001;
    breaks(Rule.EXCEEDS_COMPUTE_MASS_LIMIT, with(heavy(3, 255), last));
    breaks(
        Rule.EXCEEDS_GAS_PER_LANE_LIMIT,
        with(inLane(4, 1_000_000_001), heavy(2, 255), heavy(3, 255)));
  }

  private static Tx inLane(int lane, long gas) {
    Tx tx = spend(lane);
    tx.version = 1;
    tx.subnetwork = Bodies.lane(lane);
    tx.gas = gas;
    return tx;
  }

  @Test
  void fiftyLanesFitInABlockTheNativeOneIncluded() {
    List<Tx> lanes =
        new ArrayList<>(IntStream.rangeClosed(1, 49).mapToObj(i -> inLane(i, 0)).toList());
    lanes.add(spend(100));
    passes(with(lanes.toArray(Tx[]::new)));
    lanes.add(inLane(50, 0));
    breaks(Rule.EXCEEDS_LANES_PER_BLOCK_LIMIT, with(lanes.toArray(Tx[]::new)));
  }

  @Test
  void gasIsBoundedForEachLaneAndDoesNotWrapAround() {
    long limit = 1_000_000_000;
    Tx sameLane = inLane(1, 1);
    sameLane.inputs = List.of(input(7));
    passes(with(inLane(1, limit), inLane(2, limit)));
    passes(with(inLane(1, limit - 1), sameLane));
    breaks(Rule.EXCEEDS_GAS_PER_LANE_LIMIT, with(inLane(1, limit), sameLane));
    breaks(Rule.EXCEEDS_GAS_PER_LANE_LIMIT, with(inLane(1, -1), sameLane));
  }

  @Test
  void aTransactionIsThereOnce() {
    // Signature scripts are no part of the id.
    Tx again = spend(1);
    again.inputs = List.of(new Input(Bodies.outpoint(1), new byte[5], 0, 1));
    breaks(Rule.DUPLICATE_TRANSACTIONS, with(spend(1), again));
  }

  @Test
  void anOutputIsSpentOnceInABlock() {
    Tx rival = spend(1);
    rival.outputs = List.of(output(7));
    RuleException broken = breaks(Rule.DOUBLE_SPEND_IN_SAME_BLOCK, with(spend(1), spend(2), rival));
    assertThat(broken.detail())
        .contains(spend(1).make().id().toString(), rival.make().id().toString());
  }

  @Test
  void nothingSpendsAnOutputOfTheSameBlock() {
    Hash parent = spend(1).make().id();
    Tx child = spend(2);
    child.inputs = List.of(new Input(new Outpoint(parent, 0), new byte[0], 0, 0));
    breaks(Rule.CHAINED_TRANSACTION, with(spend(1), child));
    breaks(Rule.CHAINED_TRANSACTION, with(child, spend(1)));
    Tx ofCoinbase = spend(2);
    ofCoinbase.inputs =
        List.of(new Input(new Outpoint(coinbase().make().id(), 1), new byte[0], 0, 0));
    breaks(Rule.CHAINED_TRANSACTION, with(ofCoinbase));
  }

  @Test
  void anOutputThatTheTransactionDoesNotHaveIsNotOfTheSameBlock() {
    Tx stranger = spend(2);
    stranger.inputs =
        List.of(
            new Input(new Outpoint(spend(1).make().id(), 1), new byte[0], 0, 0),
            new Input(new Outpoint(spend(1).make().id(), -1), new byte[0], 0, 0));
    passes(with(spend(1), stranger));
  }

  @Test
  void theCoinbasePayloadHas19To204Bytes() {
    byte[] good = coinbase().payload;
    breaksPayload(Rule.BAD_COINBASE_PAYLOAD, Arrays.copyOf(good, 18));
    breaksPayload(Rule.BAD_COINBASE_PAYLOAD, new byte[0]);
    breaksPayload(Rule.BAD_COINBASE_PAYLOAD, Arrays.copyOf(good, 205));
    Tx longest = coinbase();
    longest.payload = Arrays.copyOf(good, 204);
    passes(List.of(longest.make()));
  }

  @Test
  void theCoinbasePayloadHoldsTheScriptItAnnounces() {
    byte[] cut = Arrays.copyOf(coinbase().payload, 19 + 33);
    breaksPayload(Rule.BAD_COINBASE_PAYLOAD, cut);
    byte[] tooLong = Arrays.copyOf(coinbase().payload, 204);
    tooLong[18] = (byte) 151;
    breaksPayload(Rule.BAD_COINBASE_PAYLOAD, tooLong);
    Tx longest = coinbase();
    longest.payload = tooLong.clone();
    longest.payload[18] = (byte) 150;
    passes(List.of(longest.make()));
  }

  @Test
  void theCoinbaseStatesTheBlueScoreOfTheHeader() {
    long subsidy = Subsidy.of(Bodies.PARAMS, Bodies.DAA_SCORE);
    breaksPayload(
        Rule.BAD_COINBASE_PAYLOAD_BLUE_SCORE,
        Bodies.coinbasePayload(Bodies.BLUE_SCORE + 1, subsidy));
  }

  @Test
  void theCoinbaseStatesTheSubsidyOfItsDaaScore() {
    long subsidy = Subsidy.of(Bodies.PARAMS, Bodies.DAA_SCORE);
    assertThat(subsidy).isEqualTo(5_000_000_000L);
    breaksPayload(Rule.WRONG_SUBSIDY, Bodies.coinbasePayload(Bodies.BLUE_SCORE, subsidy + 1));
    breaksPayload(Rule.WRONG_SUBSIDY, Bodies.coinbasePayload(Bodies.BLUE_SCORE, 0));
  }

  @Test
  void aTransactionWaitsForItsDaaScore() {
    Tx tx = spend(1);
    tx.lockTime = Bodies.DAA_SCORE;
    breaksInContext(Rule.NOT_FINALIZED, with(tx), Long.MAX_VALUE);
    tx.lockTime = Bodies.DAA_SCORE - 1;
    passes(with(tx));
  }

  @Test
  void aTransactionWaitsForItsTime() {
    Tx tx = spend(1);
    tx.lockTime = 1_600_000_000_000L;
    breaksInContext(Rule.NOT_FINALIZED, with(tx), 1_600_000_000_000L);
    List<Transaction> body = with(tx);
    assertThatCode(() -> RULES.validateInContext(Bodies.header(body), body, 1_600_000_000_001L))
        .doesNotThrowAnyException();
  }
}
