package kaspeer.consensus.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import kaspeer.consensus.DagReader;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The queries against their definitions as sets, on random DAGs. */
class SyncQueriesPropertyTest {
  private static <T> T found(SyncAnswer<T> answer) {
    if (answer instanceof SyncAnswer.Found<T>(T value)) {
      return value;
    }
    throw new AssertionError(answer.toString());
  }

  private static List<Integer> chainOf(FakeDag dag, int block) {
    List<Integer> chain = new ArrayList<>();
    for (int b = block; b != DagReader.NONE; b = dag.selectedParent(b)) {
      chain.add(b);
    }
    return chain;
  }

  /** Follows pages to the end; each must be of at most {@code max} hashes, or of one mergeset. */
  private static List<Hash> allPages(
      FakeDag dag, HashPage first, int max, Function<Hash, HashPage> next) {
    List<Hash> all = new ArrayList<>();
    HashPage page = first;
    while (true) {
      int reached = dag.id(page.reached());
      if (page.hashes().size() > max) {
        assertThat(page.hashes()).hasSizeLessThanOrEqualTo(dag.mergeset(reached).length + 1);
      }
      all.addAll(page.hashes());
      if (page.last()) {
        return all;
      }
      assertThat(page.hashes()).isNotEmpty();
      page = next.apply(page.reached());
    }
  }

  private static void assertTopological(FakeDag dag, List<Hash> hashes) {
    Set<Hash> wanted = new HashSet<>(hashes);
    Set<Hash> seen = new HashSet<>();
    for (Hash hash : hashes) {
      for (int parent : dag.parents(dag.id(hash))) {
        assertThat(seen.contains(dag.hash(parent)) || !wanted.contains(dag.hash(parent))).isTrue();
      }
      assertThat(seen.add(hash)).isTrue();
    }
  }

  @Property(tries = 150)
  void pagesOfHeadersTogetherAreThePastOfHighWithoutThePastOfLow(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 120) int blocks,
      @ForAll @IntRange(min = 1, max = 30) int max) {
    FakeDag dag = FakeDag.random(seed, blocks);
    SyncQueries queries = new SyncQueries(dag);
    int high = Math.floorMod(Long.hashCode(seed), dag.size());
    for (int low : chainOf(dag, high)) {
      HashPage first = found(queries.headersBetween(dag.hash(low), dag.hash(high), max));
      List<Hash> all =
          allPages(dag, first, max, r -> found(queries.headersBetween(r, dag.hash(high), max)));
      BitSet expected = dag.pastAndSelf(high);
      expected.andNot(dag.pastAndSelf(low));
      assertThat(all).containsExactlyInAnyOrderElementsOf(dag.hashesOf(expected));
      assertTopological(dag, all);
    }
  }

  @Property(tries = 150)
  void antipastIsADifferenceOfPasts(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int blocks) {
    FakeDag dag = FakeDag.random(seed, blocks);
    SyncQueries queries = new SyncQueries(dag);
    int context = dag.size() - 1;
    for (int block = 0; block < dag.size(); block++) {
      BitSet expected = dag.pastAndSelf(context);
      expected.andNot(dag.pastAndSelf(block));
      List<Hash> sorted =
          expected.stream().boxed().sorted(dag::compareWork).map(dag::hash).toList();
      int size = sorted.size();
      assertThat(found(queries.antipast(dag.hash(block), dag.hash(context), size)))
          .isEqualTo(sorted);
      if (size > 0) {
        assertThat(queries.antipast(dag.hash(block), dag.hash(context), size - 1))
            .isEqualTo(SyncAnswer.refused(new SyncFailure.TooManyBlocks(size - 1)));
      }
    }
  }

  @Property(tries = 150)
  void missingBodiesAreHeaderOnlyBlocksAboveTheHighestChainBlockWithABody(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 120) int blocks,
      @ForAll @IntRange(min = 1, max = 30) int max) {
    FakeDag dag = FakeDag.random(seed, blocks);
    SyncQueries queries = new SyncQueries(dag);
    for (int target = 0; target < dag.size(); target++) {
      int highest =
          chainOf(dag, target).stream()
              .filter(b -> dag.status(b).hasBody())
              .findFirst()
              .orElse(DagReader.NONE);
      BitSet expected = dag.pastAndSelf(target);
      expected.andNot(dag.pastAndSelf(highest));
      expected.stream()
          .filter(b -> dag.status(b) != BlockStatus.HEADER_ONLY)
          .forEach(expected::clear);
      Hash hash = dag.hash(target);
      List<Hash> all =
          allPages(
              dag,
              found(queries.missingBodies(hash, max)),
              max,
              r -> found(queries.missingBodies(hash, r, max)));
      assertThat(all).containsExactlyInAnyOrderElementsOf(dag.hashesOf(expected));
      assertTopological(dag, all);
    }
  }

  @Property(tries = 150)
  void chainLocatorsHaveStepsOfTheIndexThatDouble(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int blocks) {
    FakeDag dag = FakeDag.random(seed, blocks);
    SyncQueries queries = new SyncQueries(dag);
    List<Integer> chain = chainOf(dag, dag.sink()).reversed();
    for (int high = 0; high < chain.size(); high++) {
      int low = Math.floorMod(seed, high + 1);
      List<Hash> expected = new ArrayList<>();
      for (int at = high, step = 1; at > low; at -= step, step *= 2) {
        expected.add(dag.hash(chain.get(at)));
      }
      expected.add(dag.hash(chain.get(low)));
      assertThat(found(queries.chainLocator(dag.hash(chain.get(low)), dag.hash(chain.get(high)))))
          .isEqualTo(expected);
    }
  }

  @Property(tries = 150)
  void blockLocatorsHaveStepsOfBlueScoreThatDouble(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 120) int blocks,
      @ForAll @IntRange(max = 8) int limit) {
    FakeDag dag = FakeDag.random(seed, blocks);
    SyncQueries queries = new SyncQueries(dag);
    for (int high = 0; high < dag.size(); high++) {
      List<Integer> chain = chainOf(dag, high);
      Set<Hash> expected = new LinkedHashSet<>();
      long target = dag.blueScore(high);
      int taken = 0;
      for (long step = 1; ; step *= 2) {
        long wanted = target;
        int block =
            chain.stream().filter(b -> dag.blueScore(b) >= wanted).reduce((a, b) -> b).orElse(0);
        expected.add(dag.hash(block));
        if (++taken == limit || block == 0) {
          break;
        }
        target = Math.max(0, dag.blueScore(block) - step);
      }
      assertThat(found(queries.blockLocator(dag.hash(high), limit)))
          .containsExactlyElementsOf(expected);
    }
  }

  @Example
  void noReadLooksAtMoreThanASliceHoweverLongTheWay() {
    FakeDag dag = new FakeDag();
    for (int i = 0; i < 3000; i++) {
      dag.add(i);
    }
    SyncQueries queries = new SyncQueries(dag);
    Hash top = dag.hash(3000);
    assertThat(found(queries.headersBetween(dag.hash(0), top, 10_000)).hashes()).hasSize(3000);
    assertThat(found(queries.missingBodies(top, 10_000)).hashes()).hasSize(3000);
    assertThat(found(queries.antipast(dag.hash(0), top, 10_000))).hasSize(3000);
    assertThat(found(queries.blockLocator(top, 0))).hasSize(13);
    // A few looks at each block of a slice.
    assertThat(dag.mostLooked)
        .isLessThan(4 * ChainWalk.SLICE + 100)
        .isGreaterThan(ChainWalk.SLICE / 2);
  }
}
