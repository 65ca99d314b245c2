package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.ComputedHeader;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.NextBlock;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/**
 * The virtual parents of random DAGs with long branches beside each other, and small limits, are
 * those that are found by computing each possible block in full (consensus reference 6.1).
 */
class VirtualParentsPropertyTest {
  private static final int BLOCKS = 120;
  private static final int MERGESET_LIMIT = 9;
  private static final int MAX_PARENTS = 4;
  private static final Params PARAMS =
      TestParams.simnet(TestParams.blockRate(3, MAX_PARENTS, MERGESET_LIMIT, 1, 1, 12, 1000));

  /** A DAG that grows. */
  private static final class Growing {
    private final Dag dag = new Dag(PARAMS, 1 << 20);
    private final Calculator calculator = dag.calculator();
    private final Tips tips = new Tips();
    private long clock = PARAMS.genesis().header().timestamp();

    private int add(Random random, int[] parents) {
      NextBlock next = calculator.all(parents, parents.length);
      clock = Math.max(clock + 100, next.pastMedianTime() + 1);
      Header header = ComputedHeader.of(calculator, clock, random.nextLong(), dag.blocks().hash(0));
      int id = dag.append(calculator, header, 0).id();
      tips.add(id, parents);
      return id;
    }

    /** Whether a block may have these parents. */
    private boolean isValid(int[] parents) {
      NextBlock next = calculator.all(parents, parents.length);
      return !next.mergesetBeyondBound()
          && next.mergesetSize() <= MERGESET_LIMIT
          && calculator.boundedMergeViolation() == Blocks.NONE;
    }

    /** Up to three branches, each of which now and then merges the tips of the others. */
    private void grow(Random random, Runnable afterEach) {
      int[] branches = new int[1 + random.nextInt(3)];
      for (int i = 1; i < BLOCKS; i++) {
        int branch = random.nextInt(branches.length);
        int[] parents = {branches[branch]};
        if (random.nextInt(12) == 0) {
          int[] wanted = Arrays.stream(tips.toArray()).limit(MAX_PARENTS).toArray();
          parents = wanted.length > 0 && isValid(wanted) ? wanted : parents;
        }
        branches[branch] = add(random, parents);
        afterEach.run();
      }
    }

    /** Likewise, by trying every candidate in full. */
    private List<Hash> plainly() {
      Blocks blocks = dag.blocks();
      Comparator<Integer> byWork = blocks::compareWork;
      TreeSet<Integer> candidates = new TreeSet<>(byWork);
      Arrays.stream(tips.toArray()).forEach(candidates::add);
      int sink = candidates.pollLast();
      List<Integer> parents = new ArrayList<>(List.of(sink));
      int tries = 3 * MAX_PARENTS;
      while (parents.size() < MAX_PARENTS && !candidates.isEmpty() && tries-- > 0) {
        int candidate = candidates.pollLast();
        if (parents.stream().anyMatch(parent -> isInPast(candidate, parent))) {
          continue;
        }
        List<Integer> more = new ArrayList<>(parents);
        more.add(candidate);
        if (isValid(more.stream().mapToInt(Integer::intValue).toArray())) {
          parents = more;
        } else {
          for (int parent : blocks.parents(candidate)) {
            if (candidates.stream().noneMatch(other -> isInPast(parent, other))) {
              candidates.add(parent);
            }
          }
        }
      }
      return parents.stream().map(blocks::hash).toList();
    }

    private List<Hash> hashes(int[] ids) {
      return Arrays.stream(ids).mapToObj(dag.blocks()::hash).toList();
    }

    private boolean isInPast(int id, int other) {
      return dag.reachability().isDagAncestor(id, other);
    }
  }

  @Property(tries = 40)
  void theyAreThoseThatAreFoundByComputingEachBlockInFull(@ForAll long seed) {
    Growing growing = new Growing();
    VirtualResolver resolver = new VirtualResolver(growing.dag, growing.dag.calculator(), null, 0);
    boolean[] refused = {false};
    growing.grow(
        new Random(seed),
        () -> {
          int[] tips = growing.tips.toArray();
          List<Hash> found = resolver.resolve(tips).parents();
          assertThat(found).isEqualTo(growing.plainly());
          refused[0] |= !growing.hashes(tips).containsAll(found);
        });
    Statistics.label("a part of a branch is merged")
        .collect(refused[0])
        .coverage(coverage -> coverage.check(true).percentage(percent -> percent > 10));
  }
}
