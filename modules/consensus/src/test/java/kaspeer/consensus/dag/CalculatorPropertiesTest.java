package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import kaspeer.consensus.TestParams;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParentsByLevel;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is computed for blocks of random DAGs, held against the plain definitions. */
class CalculatorPropertiesTest {
  private static final int BLOCKS = 90;

  private static Params randomParams(Random random) {
    return TestParams.simnet(
        """
        "past_median_time_window_size": %d, "difficulty_window_size": %d, "min_difficulty_window_size": %d, %s
        """
            .formatted(
                1 + random.nextInt(15),
                2 + random.nextInt(20),
                2 + random.nextInt(12),
                TestParams.blockRate(
                    random.nextInt(6),
                    8,
                    248,
                    1 + random.nextInt(3),
                    1 + random.nextInt(3),
                    random.nextInt(20),
                    1 + random.nextInt(30))));
  }

  /** A random DAG twice: as computed and as defined. */
  private static final class Twins {
    final Random random;
    final Params params;
    final Dag dag;
    final Calculator calculator;
    final NaiveDag naive;
    final List<Header> headers = new ArrayList<>();
    final List<byte[]> dagData = new ArrayList<>();
    private long clock;

    Twins(long seed) {
      random = new Random(seed);
      params = randomParams(random);
      dag = new Dag(params, random.nextBoolean() ? 0 : 1 << 20);
      calculator = dag.calculator();
      naive = new NaiveDag(params, params.genesis().hash());
      clock = params.genesis().header().timestamp();
    }

    Header header(NextBlock next) {
      clock += random.nextInt(300);
      return ComputedHeader.of(
          calculator,
          Math.max(next.pastMedianTime() + 1, clock - random.nextInt(500)),
          random.nextLong(),
          dag.blocks().hash(random.nextInt(dag.blocks().count())));
    }

    /** Computes the block of these parents both ways and compares; adds it to both. */
    void add(List<Integer> parents) {
      int[] ids = parents.stream().mapToInt(Integer::intValue).toArray();
      NextBlock next = calculator.all(ids, ids.length);
      Header header = header(next);
      int level =
          Math.min(params.maxBlockLevel(), (int) (-Math.log(1 - random.nextDouble()) * 1.5));
      NaiveDag.Block expected = naive.next(header.hash(), header.timestamp(), level, parents);
      compare(next, expected);
      assertThat(calculator.levelsMatch(header.parents())).isTrue();
      Dag.Appended appended = dag.append(calculator, header, level);
      naive.add(expected);
      headers.add(header);
      dagData.add(appended.dagData());
      compareStored(appended.id(), expected);
    }

    private void compare(NextBlock next, NaiveDag.Block expected) {
      assertThat(next.selectedParent()).isEqualTo(expected.selectedParent);
      assertThat(next.blueScore()).as("blue score").isEqualTo(expected.blueScore);
      assertThat(next.blueWork().toBigInteger()).as("blue work").isEqualTo(expected.blueWork);
      assertThat(next.daaScore()).as("DAA score").isEqualTo(expected.daaScore);
      assertThat(next.difficultyWindow.toArray())
          .as("difficulty window")
          .containsExactly(
              expected.difficultyWindow.stream().mapToInt(Integer::intValue).toArray());
      assertThat(next.bits()).as("bits").isEqualTo(expected.bits);
      assertThat(next.pastMedianTime()).as("past median time").isEqualTo(expected.pastMedianTime);
      assertThat(next.mergeRoot()).as("merge root").isEqualTo(expected.mergeRoot);
      assertThat(next.finalityPoint()).as("finality point").isEqualTo(expected.finalityPoint);
      assertThat(calculator.boundedMergeViolation() == Blocks.NONE)
          .as("bounded merge")
          .isEqualTo(expected.boundedMergeHolds);
      assertThat(levels(calculator.parentsByLevel()))
          .as("levels")
          .isEqualTo(levels(expected.levels));
    }

    private void compareStored(int id, NaiveDag.Block expected) {
      expected.bits = dag.blocks().bits(id);
      assertThat(ints(dag.blocks().blues(id))).as("blues").isEqualTo(expected.blues);
      assertThat(ints(dag.blocks().reds(id))).as("reds").isEqualTo(expected.reds);
      assertThat(ints(dag.blocks().parents(id))).as("parents").isEqualTo(expected.parents);
      for (int other = 0; other < id; other++) {
        assertThat(dag.reachability().isDagAncestor(other, id))
            .isEqualTo(naive.isAncestor(other, id));
        assertThat(dag.reachability().isChainAncestor(other, id))
            .isEqualTo(naive.isChainAncestor(other, id));
      }
    }

    private List<Set<Hash>> levels(ParentsByLevel parents) {
      return parents.toLevels().stream().<Set<Hash>>map(HashSet::new).toList();
    }

    private List<Set<Hash>> levels(List<List<Integer>> ids) {
      return ids.stream()
          .<Set<Hash>>map(level -> new HashSet<>(level.stream().map(dag.blocks()::hash).toList()))
          .toList();
    }

    private static List<Integer> ints(int[] ids) {
      return Arrays.stream(ids).boxed().toList();
    }
  }

  @Property(tries = 60)
  void everyFieldOfABlockIsWhatTheDefinitionsGive(@ForAll long seed) {
    Twins twins = new Twins(seed);
    List<List<Integer>> shape = RandomDags.parents(twins.random, BLOCKS, 5, 6);
    shape.subList(1, shape.size()).forEach(twins::add);
    assertThat(twins.dag.blocks().count()).isEqualTo(BLOCKS);
  }

  @Property(tries = 30)
  void aLoadedDagIsTheOneThatWasBuilt(@ForAll long seed) {
    Twins twins = new Twins(seed);
    List<List<Integer>> shape = RandomDags.parents(twins.random, BLOCKS, 5, 6);
    shape.subList(1, BLOCKS / 2).forEach(twins::add);
    Dag loaded = new Dag(twins.params, 1 << 20);
    Dag.Loader loader = loaded.loader();
    for (int i = 0; i < twins.headers.size(); i++) {
      loader.add(twins.headers.get(i), twins.dagData.get(i));
    }
    loader.finish();
    Calculator calculator = loaded.calculator();
    for (int id = BLOCKS / 2; id < BLOCKS; id++) {
      twins.add(shape.get(id));
      Header header = twins.headers.getLast();
      int[] parents = shape.get(id).stream().mapToInt(Integer::intValue).toArray();
      NextBlock next = calculator.all(parents, parents.length);
      twins.compare(next, twins.naive.get(id));
      assertThat(calculator.levelsMatch(header.parents())).isTrue();
      Dag.Appended appended = loaded.append(calculator, header, twins.naive.get(id).level);
      assertThat(appended.id()).isEqualTo(id);
      assertSameBlock(loaded, twins.dag, id);
    }
    assertThat(loaded.headersTip()).isEqualTo(twins.dag.headersTip());
    for (int id = 0; id < BLOCKS; id++) {
      assertSameBlock(loaded, twins.dag, id);
    }
  }

  private static void assertSameBlock(Dag a, Dag b, int id) {
    assertThat(a.blocks().hash(id)).isEqualTo(b.blocks().hash(id));
    assertThat(a.find(b.blocks().hash(id))).isEqualTo(id);
    assertThat(a.blocks().blueWork(id)).isEqualTo(b.blocks().blueWork(id));
    assertThat(a.blocks().blueScore(id)).isEqualTo(b.blocks().blueScore(id));
    assertThat(a.blocks().daaScore(id)).isEqualTo(b.blocks().daaScore(id));
    assertThat(a.blocks().timestamp(id)).isEqualTo(b.blocks().timestamp(id));
    assertThat(a.blocks().pastMedianTime(id)).isEqualTo(b.blocks().pastMedianTime(id));
    assertThat(a.blocks().bits(id)).isEqualTo(b.blocks().bits(id));
    assertThat(a.blocks().level(id)).isEqualTo(b.blocks().level(id));
    assertThat(a.blocks().mergeRoot(id)).isEqualTo(b.blocks().mergeRoot(id));
    assertThat(a.blocks().finalityPoint(id)).isEqualTo(b.blocks().finalityPoint(id));
    assertThat(a.blocks().pruningSample[id]).isEqualTo(b.blocks().pruningSample[id]);
    assertThat(a.blocks().pruningPoint[id]).isEqualTo(b.blocks().pruningPoint[id]);
    assertThat(a.blocks().mergeset(id)).isEqualTo(b.blocks().mergeset(id));
    assertThat(a.blocks().parents(id)).isEqualTo(b.blocks().parents(id));
    assertThat(a.children(id)).isEqualTo(b.children(id));
    for (int other = 0; other <= id; other++) {
      assertThat(a.reachability().isDagAncestor(other, id))
          .isEqualTo(b.reachability().isDagAncestor(other, id));
      assertThat(a.blocks().anticoneSize(Math.max(1, id), other))
          .isEqualTo(b.blocks().anticoneSize(Math.max(1, id), other));
    }
  }

  @Property(tries = 60)
  void damagedDataIsRefusedAndNothingElse(@ForAll long seed) {
    Twins twins = new Twins(seed);
    List<List<Integer>> shape = RandomDags.parents(twins.random, 12, 4, 4);
    shape.subList(1, shape.size()).forEach(twins::add);
    Dag loaded = new Dag(twins.params, 0);
    Dag.Loader loader = loaded.loader();
    int damaged = twins.random.nextInt(twins.headers.size());
    for (int i = 0; i < damaged; i++) {
      loader.add(twins.headers.get(i), twins.dagData.get(i));
    }
    byte[] data = twins.dagData.get(damaged).clone();
    byte[] shorter = Arrays.copyOf(data, twins.random.nextInt(data.length));
    assertRefused(loader, twins.headers.get(damaged), shorter);
    data[0]++;
    assertRefused(loader, twins.headers.get(damaged), data);
    byte[] longer = Arrays.copyOf(twins.dagData.get(damaged), data.length + 1);
    assertRefused(loader, twins.headers.get(damaged), longer);
  }

  private static void assertRefused(Dag.Loader loader, Header header, byte[] data) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader.add(header, data))
        .withMessageContaining("damaged");
  }
}
