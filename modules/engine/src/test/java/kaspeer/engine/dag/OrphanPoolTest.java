package kaspeer.engine.dag;

import static kaspeer.engine.dag.Sketch.block;
import static kaspeer.engine.dag.Sketch.hash;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import kaspeer.engine.dag.OrphanPool.Limits;
import kaspeer.engine.dag.OrphanPool.Orphan;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Protocol reference 5.6. */
class OrphanPoolTest {
  private static final int BYTES = 1_000;

  /** What an orphan of so many bytes on the wire counts as. */
  private static final long COST = new Orphan(block(0, hash(0)), 1, BYTES).cost();

  /** Room for 12 orphans, at most 6 of one peer. */
  private static final Limits LIMITS = new Limits(12 * COST, 6 * COST, 1_000);

  private final OrphanPool pool = new OrphanPool(LIMITS);

  private boolean keep(Block block, long peer) {
    return pool.add(new Orphan(block, peer, BYTES));
  }

  private List<Hash> keepSome(int from, int count, long peer) {
    List<Hash> kept = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      Block block = block(i, hash(1_000_000 + i));
      assertThat(keep(block, peer)).isTrue();
      kept.add(block.hash());
    }
    return kept;
  }

  private void assertHolds(List<Hash> hashes) {
    assertThat(hashes).allMatch(pool::contains);
  }

  private void assertLacks(List<Hash> hashes) {
    assertThat(hashes).noneMatch(pool::contains);
  }

  @Test
  void anOrphanCostsMoreThanItsBytesOnTheWire() {
    keepSome(0, 1, 1);
    assertThat(pool.bytes()).isEqualTo(COST).isGreaterThan(BYTES);
  }

  @Test
  void anOrphanLargerThanAShareIsNotKept() {
    Block large = block(1, hash(1));
    assertThat(pool.add(new Orphan(large, 1, (int) (6 * COST)))).isFalse();
    assertThat(pool.contains(large.hash())).isFalse();
    assertThat(pool.bytes()).isZero();
  }

  @Test
  void aPeerBeyondItsShareLosesItsOwnOldest() {
    List<Hash> first = keepSome(0, 2, 1);
    List<Hash> more = keepSome(10, 6, 1);
    assertLacks(first);
    assertHolds(more);
    assertThat(pool.bytes()).isEqualTo(6 * COST);
  }

  @Test
  void whoHoldsNoMoreThanItsEvenPartNeverLosesABlockToAnother() {
    List<Hash> honest = keepSome(0, 4, 1);
    for (int round = 0; round < 10; round++) {
      keepSome(1_000 + 10 * round, 6, 2);
      keepSome(2_000 + 10 * round, 6, 3);
    }
    assertHolds(honest);
    assertThat(pool.bytes()).isEqualTo(12 * COST);
  }

  @Test
  void whenAllIsFullTheOldestOfTheLargestShareGoes() {
    List<Hash> large = keepSome(0, 6, 1);
    List<Hash> small = keepSome(10, 5, 2);
    List<Hash> newcomer = keepSome(20, 2, 3);
    assertLacks(large.subList(0, 1));
    assertHolds(large.subList(1, 6));
    assertHolds(small);
    assertHolds(newcomer);
  }

  @Test
  void whatDepartedPeersLeftGoesFirst() {
    List<Hash> left = keepSome(0, 2, 1);
    List<Hash> large = keepSome(10, 6, 2);
    keepSome(20, 4, 3);
    pool.ownerLeft(1);
    assertHolds(left);
    keepSome(30, 2, 4);
    assertLacks(left);
    assertHolds(large);
    assertThat(pool.bytes()).isEqualTo(12 * COST);
  }

  @Test
  void theNumberOfBlocksIsBoundedToo() {
    OrphanPool few = new OrphanPool(new Limits(1_000 * COST, 1_000 * COST, 3));
    for (int i = 0; i < 10; i++) {
      few.add(new Orphan(block(i, hash(i)), i, 1));
    }
    assertThat(few.size()).isEqualTo(3);
  }

  @Test
  void manySmallOnesDoNotPushOutAPeersFewLargeOnes() {
    OrphanPool few = new OrphanPool(new Limits(1_000 * COST, 1_000 * COST, 10));
    List<Hash> large = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Block block = block(i, hash(i));
      few.add(new Orphan(block, 1, 50 * BYTES));
      large.add(block.hash());
    }
    for (int i = 0; i < 100; i++) {
      few.add(new Orphan(block(1_000 + i, hash(i)), 2 + i % 2, 1));
    }
    assertThat(few.size()).isEqualTo(10);
    assertThat(large).allMatch(few::contains);
  }

  @Test
  void oneThatIsThereAlreadyStaysWithWhoBroughtItFirst() {
    Block block = block(1, hash(1));
    assertThat(keep(block, 1)).isTrue();
    assertThat(keep(block, 2)).isTrue();
    assertThat(pool.size()).isEqualTo(1);
    pool.ownerLeft(2);
    keepSome(10, 6, 3);
    keepSome(20, 6, 4);
    // Had peer 2's leaving set it free, it would have gone first.
    assertThat(pool.contains(block.hash())).isTrue();
    assertThat(pool.size()).isEqualTo(12);
  }

  // --- ends of waiting --------------------------------------------------------------------------

  @Test
  void onlyChildrenWhoseParentsAreAllThereAreReadyInOrderOfBlueWork() {
    Hash added = hash(1);
    Hash missing = hash(2);
    Block heavy = block(30, added);
    Block light = block(20, added);
    Block waits = block(10, added, missing);
    List.of(heavy, waits, light).forEach(block -> keep(block, 1));
    assertThat(pool.takeReady(added, added::equals))
        .extracting(Orphan::hash)
        .containsExactly(light.hash(), heavy.hash());
    assertThat(pool.contains(waits.hash())).isTrue();
    assertThat(pool.takeReady(missing, _ -> true))
        .extracting(Orphan::hash)
        .containsExactly(waits.hash());
    assertThat(pool.bytes()).isZero();
    assertThat(pool.takeReady(added, _ -> true)).isEmpty();
  }

  @Test
  void allThatDescendsFromAnInvalidBlockIsDropped() {
    Hash invalid = hash(1);
    Block child = block(1, invalid);
    Block grandchild = block(2, child);
    Block stranger = block(3, hash(2));
    List.of(grandchild, child, stranger).forEach(block -> keep(block, 1));
    assertThat(pool.dropDescendants(invalid)).isEqualTo(2);
    assertThat(pool.contains(stranger.hash())).isTrue();
    assertThat(pool.bytes()).isEqualTo(COST);
  }

  // --- always -----------------------------------------------------------------------------------

  @Property(tries = 200)
  void sumsAndBoundsHoldWhateverHappens(@ForAll long seed) {
    OrphanPool any = new OrphanPool(LIMITS);
    Random random = new Random(seed);
    List<Hash> known = new ArrayList<>(List.of(hash(0)));
    Map<Hash, Long> owners = new HashMap<>();
    for (int i = 1; i < 150; i++) {
      switch (random.nextInt(6)) {
        case 0 -> {
          long peer = random.nextInt(4);
          any.ownerLeft(peer);
          owners.replaceAll((_, owner) -> owner == peer ? OrphanPool.NOBODY : owner);
        }
        case 1 -> any.takeReady(any(known, random), _ -> random.nextBoolean());
        case 2 -> any.dropDescendants(any(known, random));
        default -> {
          Set<Hash> parents = new HashSet<>();
          for (int p = 0; p <= random.nextInt(3); p++) {
            parents.add(any(known, random));
          }
          Block block = block(i, parents.toArray(Hash[]::new));
          known.add(block.hash());
          long peer = random.nextInt(4);
          owners.put(block.hash(), peer);
          assertThat(any.add(new Orphan(block, peer, BYTES))).isEqualTo(any.contains(block.hash()));
        }
      }
      Map<Long, Integer> held = new HashMap<>();
      owners.forEach(
          (hash, owner) -> {
            if (any.contains(hash)) {
              held.merge(owner, 1, Integer::sum);
            }
          });
      assertThat(any.size()).isEqualTo(held.values().stream().mapToInt(n -> n).sum());
      assertThat(any.bytes()).isEqualTo(any.size() * COST).isLessThanOrEqualTo(12 * COST);
      held.remove(OrphanPool.NOBODY);
      assertThat(held.values()).allMatch(n -> n <= 6);
    }
    // Nothing is left behind of what is gone.
    Collections.shuffle(known, random);
    known.forEach(any::dropDescendants);
    assertThat(any.size()).isZero();
    assertThat(any.bytes()).isZero();
  }

  private static Hash any(List<Hash> hashes, Random random) {
    return hashes.get(random.nextInt(hashes.size()));
  }
}
