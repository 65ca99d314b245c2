package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.ComputedHeader;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.NextBlock;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A block has to be in the future of the pruning point (consensus reference 3.1), any given one.
 */
class PruningRuleTest {
  private static final int GENESIS = 0;
  private static final Params PARAMS = TestParams.simnet("");

  private final Dag dag = new Dag(PARAMS, 1 << 20);
  private final Calculator calculator = dag.calculator();
  private int pruningPoint = GENESIS;
  private final HeaderRules rules =
      new HeaderRules(
          dag, calculator, new InvalidHashes(10), new PipelineMetrics(), () -> pruningPoint);
  private long nonce;
  private int below;
  private int point;
  private int above;
  private int beside;

  /** Genesis - below - point - above, and a block beside the point. */
  @BeforeEach
  void grow() {
    below = add(GENESIS);
    point = add(below);
    above = add(point);
    beside = add(below);
    pruningPoint = point;
  }

  private Header header(int... parents) {
    NextBlock next = calculator.all(parents, parents.length);
    return ComputedHeader.of(calculator, next.pastMedianTime() + 1, nonce++, dag.blocks().hash(0));
  }

  private int add(int... parents) {
    return dag.append(calculator, header(parents), 0).id();
  }

  private void assertBreaksIt(Header header) {
    assertThatExceptionOfType(RuleException.class)
        .isThrownBy(() -> rules.check(header))
        .satisfies(broken -> assertThat(broken.rule()).isEqualTo(Rule.PRUNING_VIOLATION));
  }

  @Test
  void aBlockOnThePastOfThePruningPointBreaksTheRule() {
    assertBreaksIt(header(below));
  }

  @Test
  void aBlockBesideThePruningPointBreaksTheRule() {
    assertBreaksIt(header(beside));
  }

  @Test
  void aBlockOnThePruningPointOrItsFutureIsInOrder() throws RuleException {
    assertThat(rules.check(header(point))).isEmpty();
    assertThat(rules.check(header(above))).isEmpty();
  }

  @Test
  void oneParentInItsFutureIsEnough() throws RuleException {
    assertThat(rules.check(header(above, beside))).isEmpty();
  }

  @Test
  void withGenesisForThePruningPointNoBlockBreaksIt() throws RuleException {
    pruningPoint = GENESIS;
    assertThat(rules.check(header(beside))).isEmpty();
  }

  @Test
  void whatBreaksItIsNotRememberedAsInvalid() {
    assertThat(Rule.PRUNING_VIOLATION.remembered()).isFalse();
  }
}
