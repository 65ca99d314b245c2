package kaspeer.engine.dag;

import static kaspeer.engine.dag.Sketch.block;
import static kaspeer.engine.dag.Sketch.hash;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import kaspeer.engine.dag.OrphanPool.Limits;
import kaspeer.engine.dag.OrphanPool.Orphan;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

/** Protocol reference 5.6. */
class RootSearchTest {
  private final OrphanPool pool = new OrphanPool(new Limits(64 << 20, 64 << 20, 10_000));

  private void keep(Block block) {
    assertThat(pool.add(new Orphan(block, 1, 100))).isTrue();
  }

  private List<Hash> missingRoots(Block block, Predicate<Hash> inDag) {
    RootSearch search = new RootSearch(pool);
    return search.missing(search.candidates(block), inDag);
  }

  @Test
  void missingRootsAreWhatIsNeitherHereNorInTheDagNearestFirst() {
    Block far = block(1, hash(11));
    Block near = block(2, far.hash(), hash(12));
    Block tip = block(3, near.hash(), hash(13), hash(14));
    keep(far);
    keep(near);
    assertThat(missingRoots(tip, hash -> hash.equals(hash(14))))
        .containsExactly(hash(13), hash(12), hash(11));
  }

  @Test
  void theRootOfAChainOfAThousandOrphansIsFoundInAFewSteps() {
    Block tip = block(0, hash(0));
    for (int i = 1; i <= 1_000; i++) {
      keep(tip);
      tip = block(i, tip);
    }
    List<Hash> found = missingRoots(tip, _ -> false);
    int steps = 1;
    while (pool.contains(found.getFirst())) {
      assertThat(found).hasSize(1);
      found = missingRoots(Objects.requireNonNull(pool.block(found.getFirst())), _ -> false);
      steps++;
    }
    assertThat(found).containsExactly(hash(0));
    assertThat(steps).isEqualTo(4);
  }

  @Test
  void whatOneBlockWaitsForIsNotSaidOfTheNextAgain() {
    Block near = block(2, hash(11), hash(12));
    keep(near);
    RootSearch search = new RootSearch(pool);
    List<Hash> first = search.candidates(block(3, near.hash(), hash(13)));
    List<Hash> second = search.candidates(block(4, near.hash(), hash(14)));
    assertThat(first).containsExactly(hash(13), hash(11), hash(12));
    assertThat(second).containsExactly(hash(14));
    assertThat(search.candidates(near)).isEmpty();
  }

  @Test
  void aPoolFullOfOrphansWithManyUnknownParentsCostsOneQuestionLittle() {
    List<Block> full = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Hash[] parents = new Hash[16];
      for (int p = 0; p < 15; p++) {
        parents[p] = hash(10_000 + 15 * i + p);
      }
      parents[15] = i == 0 ? hash(0) : full.getLast().hash();
      Block block = block(i, parents);
      keep(block);
      full.add(block);
    }
    RootSearch search = new RootSearch(pool);
    List<Hash> roots = new ArrayList<>();
    for (int i = 1; i <= 64; i++) {
      List<Hash> candidates = search.candidates(full.get(31 * i));
      roots.addAll(search.missing(candidates, _ -> false));
    }
    assertThat(search.visited()).isEqualTo(RootSearch.MAX_VISITED);
    assertThat(roots).hasSize(RootSearch.MAX_ROOTS);
  }
}
