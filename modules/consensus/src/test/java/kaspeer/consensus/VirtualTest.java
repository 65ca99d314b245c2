package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sink, selected chain and virtual parents (consensus reference 6.1, without UTXO state). */
class VirtualTest {
  private static final int MAX_PARENTS = 4;
  private static final int MERGESET_LIMIT = 10;
  private static final int FINALITY = 30;
  private static final Params PARAMS =
      TestParams.simnet(TestParams.blockRate(3, MAX_PARENTS, MERGESET_LIMIT, 10, 10, 12, FINALITY));
  private static final Hash GENESIS = PARAMS.genesis().hash();

  private final MemoryDagStore store = new MemoryDagStore();
  private final Consensus consensus = open(store);
  private final TestHeaders headers = new TestHeaders(consensus, PARAMS.targetTimePerBlock());

  private static Consensus open(MemoryDagStore store) {
    return Consensus.open(
        PARAMS, store, new NoBodyRules(), ConsensusOptions.defaults().withUtxoValidation(false));
  }

  @AfterEach
  void close() {
    consensus.close();
  }

  private Hash add(Hash... parents) {
    Header header = headers.next(parents);
    assertThat(consensus.submitBlock(new Block(header, List.of())).join())
        .isInstanceOf(Verdict.Accepted.class);
    return header.hash();
  }

  private Hash chain(Hash from, int length) {
    Hash tip = from;
    for (int i = 0; i < length; i++) {
      tip = add(tip);
    }
    return tip;
  }

  private Hash sink() {
    return consensus.state().sink().hash();
  }

  private List<Hash> selectedChain() {
    return consensus.read(
        dag ->
            LongStream.rangeClosed(0, dag.chainPosition(dag.sink()))
                .mapToObj(position -> dag.hash(dag.chainBlock(position)))
                .toList());
  }

  @Test
  void atFirstTheVirtualBlockIsOnGenesis() {
    DagState state = consensus.state();
    assertThat(state.sink().hash()).isEqualTo(GENESIS);
    assertThat(state.tips()).containsExactly(GENESIS);
    assertThat(state.virtualParents()).containsExactly(GENESIS);
    assertThat(state.headerCount()).isZero();
    assertThat(state.blockCount()).isZero();
    assertThat(state.virtualDaaScore()).isEqualTo(consensus.template(List.of(GENESIS)).daaScore());
    assertThat(state.pastMedianTime()).isEqualTo(PARAMS.genesis().header().timestamp());
    assertThat(state.pruningPoint()).isEqualTo(GENESIS);
    assertThat(state.mergeDepthRootWork()).isEqualTo(BlueWork.ZERO);
    assertThat(selectedChain()).containsExactly(GENESIS);
  }

  @Test
  void theSinkIsTheTipOfMostWorkAndOfEqualOnesTheHigherHash() {
    Hash first = add(GENESIS);
    assertThat(sink()).isEqualTo(first);
    Hash second = add(GENESIS);
    assertThat(sink()).isEqualTo(first.compareTo(second) > 0 ? first : second);
    Hash third = add(first.compareTo(second) > 0 ? second : first);
    assertThat(sink()).isEqualTo(third);
    assertThat(consensus.state().tips()).hasSize(2).contains(third);
  }

  @Test
  void theSelectedChainFollowsTheSinkToAnotherBranchAndBack() {
    Hash fork = chain(GENESIS, 3);
    Hash left = chain(fork, 4);
    List<Hash> leftChain = selectedChain();
    Hash right = chain(fork, 6);
    assertThat(sink()).isEqualTo(right);
    List<Hash> rightChain = selectedChain();
    assertThat(rightChain)
        .hasSize(10)
        .endsWith(right)
        .startsWith(leftChain.subList(0, 4).toArray(Hash[]::new));
    assertThat(consensus.<Long>read(dag -> dag.chainPosition(dag.id(left)))).isEqualTo(-1);
    Hash longer = chain(left, 3);
    assertThat(sink()).isEqualTo(longer);
    assertThat(selectedChain()).hasSize(11).startsWith(leftChain.toArray(Hash[]::new));
    assertThat(consensus.<Long>read(dag -> dag.chainPosition(dag.id(right)))).isEqualTo(-1);
    assertThat(consensus.<Integer>read(dag -> dag.chainBlock(-1))).isEqualTo(DagReader.NONE);
  }

  @Test
  void headersWithoutBodiesDoNotMoveTheSink() {
    Hash withBody = add(GENESIS);
    Hash headersTip = headers.chain(GENESIS, 5);
    assertThat(sink()).isEqualTo(withBody);
    assertThat(consensus.state().headersTip().hash()).isEqualTo(headersTip);
    assertThat(consensus.state().headerCount()).isEqualTo(6);
    assertThat(consensus.state().blockCount()).isEqualTo(1);
  }

  @Test
  void theVirtualParentsAreTheSinkAndThenTheTipsOfMostWorkUpToTheLimit() {
    Hash fork = chain(GENESIS, 2);
    List<Hash> tips = new ArrayList<>();
    for (int i = 0; i < MAX_PARENTS + 2; i++) {
      tips.add(add(fork));
    }
    tips.sort((a, b) -> b.compareTo(a));
    assertThat(consensus.state().virtualParents()).isEqualTo(tips.subList(0, MAX_PARENTS));
    assertThat(consensus.state().tips()).containsExactlyInAnyOrderElementsOf(tips);
  }

  @Test
  void theVirtualFieldsAreThoseOfABlockOnTheVirtualParents() {
    Hash fork = chain(GENESIS, 20);
    chain(fork, 2);
    chain(fork, 3);
    DagState state = consensus.state();
    assertThat(state.virtualParents()).hasSize(2);
    HeaderTemplate template = consensus.template(state.virtualParents());
    assertThat(state.virtualDaaScore()).isEqualTo(template.daaScore());
    assertThat(state.virtualBits()).isEqualTo(template.bits());
    assertThat(state.pastMedianTime()).isEqualTo(template.pastMedianTime());
    assertThat(template.selectedParent()).isEqualTo(state.sink().hash());
    int mergeRoot = consensus.read(dag -> dag.chainBlock(dag.chainPosition(dag.sink()) - 13));
    assertThat(state.mergeDepthRootWork())
        .isLessThan(state.sink().blueWork())
        .isGreaterThan(BlueWork.ZERO);
    assertThat(mergeRoot).isPositive();
    add(state.virtualParents().toArray(Hash[]::new));
    assertThat(consensus.state().tips()).hasSize(1);
  }

  @Test
  void aSideBranchBeyondTheMergesetLimitIsMergedPieceByPiece() {
    Hash fork = chain(GENESIS, 2);
    Hash main = chain(fork, MERGESET_LIMIT + 1);
    Hash side = chain(fork, MERGESET_LIMIT);
    assertThat(sink()).isEqualTo(main);
    List<Hash> parents = consensus.state().virtualParents();
    assertThat(parents).hasSize(2).startsWith(main).doesNotContain(side);
    Hash merging = add(parents.toArray(Hash[]::new));
    assertThat(consensus.<Integer>read(dag -> dag.mergeset(dag.id(merging)).length))
        .isEqualTo(MERGESET_LIMIT - 1);
    assertThat(consensus.state().virtualParents()).containsExactly(merging, side);
  }

  @Test
  void aTipBelowTheMergeDepthIsLeftOut() {
    Hash old = add(GENESIS);
    Hash main = chain(add(GENESIS), 20);
    assertThat(consensus.state().tips()).containsExactlyInAnyOrder(old, main);
    assertThat(consensus.state().virtualParents()).containsExactly(main);
  }

  @Test
  void aBranchWithoutTheFinalityPointIsNotFollowedHoweverHeavy() {
    Hash fork = chain(GENESIS, 2);
    Hash main = chain(fork, FINALITY + 5);
    Hash other = chain(fork, FINALITY + 20);
    assertThat(consensus.state().headersTip().hash()).isEqualTo(other);
    assertThat(sink()).isEqualTo(main);
    assertThat(consensus.state().virtualParents()).containsExactly(main);
  }

  @Test
  void aTemplateNeedsKnownParentsOfWhichNoneIsInThePastOfAnother() {
    Hash first = add(GENESIS);
    assertThatIllegalArgumentException().isThrownBy(() -> consensus.template(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> consensus.template(List.of(Hash.ofWords(1, 2, 3, 4))))
        .withMessageContaining("unknown");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> consensus.template(List.of(first, GENESIS)))
        .withMessageContaining("past");
  }

  @Test
  void tipsThatCameTooLateToBeMergedStayTips() {
    Hash late = add(GENESIS);
    Hash tip = chain(GENESIS, 3 * FINALITY);
    assertThat(consensus.state().tips()).containsExactlyInAnyOrder(late, tip);
    Hash onIt = add(late);
    assertThat(consensus.state().tips()).containsExactlyInAnyOrder(onIt, tip);
    assertThat(sink()).isEqualTo(tip);
  }

  @Test
  void afterARestartTheTipsAreTheSame() {
    Hash late = add(GENESIS);
    Hash used = add(GENESIS);
    Hash fork = chain(GENESIS, FINALITY);
    Hash tip = chain(fork, 2 * FINALITY);
    Hash beside = chain(fork, FINALITY - 2);
    Hash onIt = add(used);
    consensus.close();
    try (Consensus again = open(store)) {
      assertThat(again.state().tips()).containsExactlyInAnyOrder(late, onIt, beside, tip);
      assertThat(again.state().sink().hash()).isEqualTo(tip);
    }
  }

  @Test
  void ofManyTipsThoseThatMatterAreTold() {
    Hash fork = chain(GENESIS, 2);
    for (int i = 0; i < StatePublisher.MAX_TIPS + 10; i++) {
      add(fork);
    }
    assertThat(consensus.state().tips()).hasSize(StatePublisher.MAX_TIPS);
    Hash tip = chain(fork, 3 * FINALITY);
    assertThat(consensus.state().tips()).hasSize(StatePublisher.MAX_TIPS).startsWith(tip);
    assertThat(sink()).isEqualTo(tip);
  }
}
