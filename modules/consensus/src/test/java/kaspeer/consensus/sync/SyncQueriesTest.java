package kaspeer.consensus.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import kaspeer.consensus.sync.SyncFailure.LowAboveHigh;
import kaspeer.consensus.sync.SyncFailure.NotChainAncestor;
import kaspeer.consensus.sync.SyncFailure.TooManyBlocks;
import kaspeer.consensus.sync.SyncFailure.UnknownBlock;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

class SyncQueriesTest {
  private static final Hash UNKNOWN = Hash.ofWords(1, 1, 1, 1);

  private final FakeDag dag = new FakeDag();
  private final SyncQueries queries = new SyncQueries(dag);

  private static <T> T found(SyncAnswer<T> answer) {
    if (answer instanceof SyncAnswer.Found<T>(T value)) {
      return value;
    }
    throw new AssertionError(answer.toString());
  }

  private static <T> SyncFailure refused(SyncAnswer<T> answer) {
    if (answer instanceof SyncAnswer.Refused<T>(SyncFailure failure)) {
      assertThat(failure.text()).isNotBlank();
      return failure;
    }
    throw new AssertionError(answer.toString());
  }

  private List<Hash> hashes(Integer... ids) {
    return Arrays.stream(ids).map(dag::hash).toList();
  }

  /** A chain of blocks with bodies above genesis, ids 1 to length. */
  private void chain(int length) {
    for (int i = 0; i < length; i++) {
      dag.body(dag.add(i));
    }
  }

  /**
   *
   *
   * <pre>
   * 0 ── 1 ── 3 ── 5 ── 7
   *  └── 2 ── 4 ──┘    /
   *        └───── 6 ──┘
   * </pre>
   *
   * <p>5 has the largest past, so it is 7's selected parent, with 6 merged.
   */
  private void drawn() {
    dag.add(0);
    dag.add(0);
    dag.add(1);
    dag.add(2);
    dag.add(3, 4);
    dag.add(2);
    dag.add(5, 6);
  }

  @Test
  void aChainLocatorGoesFromTheSinkInDoublingStepsToThePruningPoint() {
    chain(20);
    assertThat(found(queries.chainLocator(null, null))).isEqualTo(hashes(20, 19, 17, 13, 5, 0));
    assertThat(found(queries.chainLocator(dag.hash(5), dag.hash(13))))
        .isEqualTo(hashes(13, 12, 10, 6, 5));
    assertThat(found(queries.chainLocator(dag.hash(5), dag.hash(6)))).isEqualTo(hashes(6, 5));
    assertThat(found(queries.chainLocator(dag.hash(5), dag.hash(5)))).isEqualTo(hashes(5));
    dag.pruneTo(9);
    assertThat(found(queries.chainLocator(null, dag.hash(12)))).isEqualTo(hashes(12, 11, 9));
  }

  @Test
  void aChainLocatorOfABlockOffTheChainIsEmpty() {
    chain(3);
    int side = dag.add(1);
    assertThat(found(queries.chainLocator(null, dag.hash(side)))).isEmpty();
    assertThat(found(queries.chainLocator(dag.hash(side), null))).isEmpty();
    assertThat(found(queries.chainLocator(dag.hash(side), dag.hash(side)))).isEqualTo(hashes(side));
  }

  @Test
  void aChainLocatorIsRefusedForUnknownBlocksAndForLowAboveHigh() {
    chain(3);
    assertThat(refused(queries.chainLocator(UNKNOWN, null))).isEqualTo(new UnknownBlock(UNKNOWN));
    assertThat(refused(queries.chainLocator(null, UNKNOWN))).isEqualTo(new UnknownBlock(UNKNOWN));
    assertThat(refused(queries.chainLocator(dag.hash(3), dag.hash(2))))
        .isEqualTo(new LowAboveHigh(dag.hash(3), dag.hash(2)));
  }

  @Test
  void aBlockLocatorGoesDownInDoublingStepsOfBlueScore() {
    chain(20);
    assertThat(found(queries.blockLocator(dag.hash(20), 0)))
        .isEqualTo(hashes(20, 19, 17, 13, 5, 0));
    assertThat(found(queries.blockLocator(dag.hash(20), 3))).isEqualTo(hashes(20, 19, 17));
    assertThat(found(queries.blockLocator(dag.hash(0), 0))).isEqualTo(hashes(0));
    dag.pruneTo(9);
    assertThat(found(queries.blockLocator(dag.hash(20), 0))).isEqualTo(hashes(20, 19, 17, 13, 9));
  }

  @Test
  void aBlockLocatorFollowsTheBlocksOwnChain() {
    drawn();
    // Blue scores 7, 5, 2, 1, 0 along 7, 5, 3 or 4, 1 or 2, 0.
    int lowest = dag.selectedParent(dag.selectedParent(5));
    assertThat(found(queries.blockLocator(dag.hash(7), 0))).isEqualTo(hashes(7, 5, lowest, 0));
  }

  @Test
  void aStepThatLeadsNowhereCountsForTheLimitAndRepeatsNothing() {
    drawn();
    // No block has blue score 6, so the first step stays at 7.
    assertThat(found(queries.blockLocator(dag.hash(7), 2))).isEqualTo(hashes(7));
    assertThat(found(queries.blockLocator(dag.hash(7), 3))).isEqualTo(hashes(7, 5));
  }

  @Test
  void aBlockLocatorIsRefusedForUnknownBlocksAndWithoutThePruningPoint() {
    drawn();
    dag.pruneTo(6);
    assertThat(refused(queries.blockLocator(UNKNOWN, 0))).isEqualTo(new UnknownBlock(UNKNOWN));
    assertThat(refused(queries.blockLocator(dag.hash(7), 0)))
        .isEqualTo(new NotChainAncestor(dag.hash(6), dag.hash(7)));
  }

  @Test
  void headersBetweenAreMergesetsInOrderEachBeforeItsChainBlock() {
    drawn();
    int first = dag.selectedParent(dag.selectedParent(5));
    int second = dag.selectedParent(5);
    HashPage page = found(queries.headersBetween(dag.hash(0), dag.hash(7), 1000));
    assertThat(page.hashes().subList(0, 2)).isEqualTo(hashes(first, second));
    assertThat(page.hashes().subList(4, 5)).isEqualTo(hashes(5));
    assertThat(page.hashes().subList(5, 7)).isEqualTo(hashes(6, 7));
    assertThat(page.last()).isTrue();
    assertThat(page.reached()).isEqualTo(dag.hash(7));
  }

  @Test
  void headersBetweenComeInWholeMergesets() {
    drawn();
    HashPage page = found(queries.headersBetween(dag.hash(5), dag.hash(7), 1));
    assertThat(page.hashes()).isEqualTo(hashes(6, 7));
    HashPage small = found(queries.headersBetween(dag.hash(0), dag.hash(7), 4));
    assertThat(small.hashes()).hasSize(2);
    assertThat(small.reached()).isEqualTo(dag.hash(dag.selectedParent(5)));
    assertThat(small.last()).isFalse();
  }

  @Test
  void headersBetweenABlockAndItselfAreNone() {
    drawn();
    assertThat(found(queries.headersBetween(dag.hash(5), dag.hash(5), 10)))
        .isEqualTo(new HashPage(List.of(), dag.hash(5), true));
  }

  @Test
  void headersBetweenAreRefusedForUnknownBlocksAndOffTheChain() {
    drawn();
    Hash top = dag.hash(7);
    assertThat(refused(queries.headersBetween(UNKNOWN, top, 9)))
        .isEqualTo(new UnknownBlock(UNKNOWN));
    assertThat(refused(queries.headersBetween(top, UNKNOWN, 9)))
        .isEqualTo(new UnknownBlock(UNKNOWN));
    assertThat(refused(queries.headersBetween(dag.hash(6), top, 9)))
        .isEqualTo(new NotChainAncestor(dag.hash(6), top));
    assertThat(refused(queries.headersBetween(top, dag.hash(5), 9)))
        .isEqualTo(new NotChainAncestor(top, dag.hash(5)));
    dag.invalidate(7);
    assertThat(refused(queries.headersBetween(dag.hash(5), top, 9)))
        .isEqualTo(new UnknownBlock(top));
  }

  @Test
  void antipastIsThePastOfTheContextWithoutThePastOfTheBlock() {
    drawn();
    assertThat(found(queries.antipast(dag.hash(5), dag.hash(7), 10))).isEqualTo(hashes(6, 7));
    assertThat(found(queries.antipast(dag.hash(7), dag.hash(5), 10))).isEmpty();
    assertThat(found(queries.antipast(dag.hash(6), dag.hash(5), 10)))
        .containsExactlyInAnyOrderElementsOf(hashes(1, 3, 4, 5))
        .endsWith(dag.hash(5));
  }

  @Test
  void antipastIsRefusedAboveItsLimitAndForUnknownBlocks() {
    drawn();
    assertThat(found(queries.antipast(dag.hash(6), dag.hash(5), 4))).hasSize(4);
    assertThat(refused(queries.antipast(dag.hash(6), dag.hash(5), 3)))
        .isEqualTo(new TooManyBlocks(3));
    assertThat(refused(queries.antipast(UNKNOWN, dag.hash(5), 3)))
        .isEqualTo(new UnknownBlock(UNKNOWN));
    assertThat(refused(queries.antipast(dag.hash(5), UNKNOWN, 3)))
        .isEqualTo(new UnknownBlock(UNKNOWN));
  }

  @Test
  void missingBodiesAreThoseAboveTheHighestChainBlockThatHasOne() {
    drawn();
    dag.body(1);
    dag.body(2);
    dag.body(6);
    int highest = dag.selectedParent(dag.selectedParent(5));
    HashPage page = found(queries.missingBodies(dag.hash(7), 100));
    assertThat(page.hashes())
        .containsExactlyInAnyOrderElementsOf(hashes(3, 4, 5, 7))
        .endsWith(dag.hash(7));
    assertThat(page.last()).isTrue();
    assertThat(found(queries.missingBodies(dag.hash(highest), 100)).hashes()).isEmpty();
  }

  @Test
  void missingBodiesGoOnWhereThePageBeforeEnded() {
    for (int i = 0; i < 10; i++) {
      dag.add(i);
    }
    HashPage first = found(queries.missingBodies(dag.hash(10), 4));
    assertThat(first.hashes()).isEqualTo(hashes(1, 2, 3, 4));
    dag.body(1);
    HashPage second = found(queries.missingBodies(dag.hash(10), first.reached(), 4));
    assertThat(second.hashes()).isEqualTo(hashes(5, 6, 7, 8));
    HashPage third = found(queries.missingBodies(dag.hash(10), second.reached(), 4));
    assertThat(third).isEqualTo(new HashPage(hashes(9, 10), dag.hash(10), true));
  }

  @Test
  void missingBodiesAreRefusedForUnknownBlocksAndWithoutThePruningPoint() {
    drawn();
    assertThat(refused(queries.missingBodies(UNKNOWN, 4))).isEqualTo(new UnknownBlock(UNKNOWN));
    assertThat(refused(queries.missingBodies(dag.hash(7), dag.hash(6), 4)))
        .isEqualTo(new NotChainAncestor(dag.hash(6), dag.hash(7)));
    dag.pruneTo(6);
    assertThat(refused(queries.missingBodies(dag.hash(7), 4)))
        .isEqualTo(new NotChainAncestor(dag.hash(6), dag.hash(7)));
  }
}
