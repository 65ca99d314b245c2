package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import kaspeer.consensus.TestParams;
import kaspeer.primitives.CompactTarget;
import kaspeer.primitives.Params;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The window, median time and difficulty scenarios of consensus reference 10.7. */
class WindowScenariosTest {
  @Test
  void aWindowHoldsTheHighestBlocksOfThePastInOrder() {
    NamedDag dag =
        new NamedDag(
            TestParams.simnet(
                "\"past_median_time_window_size\": 10, "
                    + TestParams.blockRate(1, 16, 248, 1, 40, 36_000, 432_000)),
            "A");
    assertWindow(dag, "B", "", "A");
    assertWindow(dag, "C", "B", "B");
    assertWindow(dag, "D", "B", "B");
    assertWindow(dag, "E", "D C B", "D", "C");
    assertWindow(dag, "F", "D C B", "D", "C");
    assertWindow(dag, "G", "", "A");
    assertWindow(dag, "H", "G", "G");
    assertWindow(dag, "I", "F H D C G B", "H", "F");
    assertWindow(dag, "J", "I F H D C G B", "I");
    assertWindow(dag, "K", "J I F H D C G B", "J");
    assertWindow(dag, "L", "K J I F H D C G B", "K");
    assertWindow(dag, "M", "L K J I F H D C G B", "L");
    assertWindow(dag, "N", "M L K J I F H D C G", "M");
    assertWindow(dag, "O", "N M L K J I F H D C", "N");
  }

  private static void assertWindow(NamedDag dag, String name, String expected, String... parents) {
    int[] window = dag.next(parents).medianTimeWindow.toArray();
    dag.add(name, parents);
    List<String> names = dag.names(window).reversed();
    assertThat(names)
        .as("window of %s", name)
        .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void theMedianTimeIsTheMiddleOfTheSampledTimestamps() {
    int window = (2 * 120 - 1) / 3;
    NamedDag dag =
        new NamedDag(
            TestParams.simnet(
                "\"past_median_time_window_size\": %d, ".formatted(window)
                    + TestParams.blockRate(18, 16, 248, 3, 40, 36_000, 432_000)),
            "genesis");
    String tip = "genesis";
    int blocks = window * 3;
    for (int i = 1; i <= blocks; i++) {
      dag.add("b" + i, 1000 + i, tip);
      tip = "b" + i;
    }
    assertThat(dag.next(tip).pastMedianTime()).isEqualTo(1000 + 120);
  }

  /** The average of the 11 middle ones, rounded half up; of fewer, of all. */
  @ParameterizedTest
  @CsvSource({
    "2, 1, 1",
    "3, 1 4, 3",
    "4, 1 4 5, 3",
    "5, 7 1 4 9, 5",
    "13, 1 2 3 4 5 6 7 8 9 10 11 112, 16"
  })
  void theMedianTimeIsAnAverageOfTheMiddle(int height, String times, long expected) {
    NamedDag dag =
        new NamedDag(
            TestParams.simnet(
                "\"past_median_time_window_size\": 27, "
                    + TestParams.blockRate(18, 16, 248, 1, 40, 36_000, 432_000)),
            "genesis");
    long[] timestamps = Arrays.stream(times.split(" ")).mapToLong(Long::parseLong).toArray();
    String tip = "genesis";
    for (int i = 0; i < timestamps.length; i++) {
      dag.add("b" + i, timestamps[i], tip);
      tip = "b" + i;
    }
    assertThat(timestamps).hasSize(height - 1);
    assertThat(dag.next(tip).pastMedianTime()).isEqualTo(expected);
  }

  /** A chain, and branches, whose blocks come at chosen times. */
  private static final class Clocked {
    static final int SAMPLES = 11;
    static final int RATE = 6;
    static final int EXPANDED = SAMPLES * RATE;

    final Params params = params();
    final NamedDag dag = new NamedDag(params, "genesis");
    private int count;

    static Params params() {
      return TestParams.devnet(
          "\"difficulty_window_size\": %d, \"past_median_time_window_size\": 13, "
                  .formatted(SAMPLES)
              + TestParams.blockRate(1, 16, 248, 3, RATE, 36_000, 432_000));
    }

    /** A block at the target rate after its selected parent. */
    String add(String... parents) {
      int selected = dag.next(parents).selectedParent();
      return addAt(dag.dag.blocks().timestamp(selected) + params.targetTimePerBlock(), parents);
    }

    String addEarliest(String parent) {
      return addAt(dag.next(parent).pastMedianTime() + 1, parent);
    }

    String addAt(long time, String... parents) {
      String name = "b" + count++;
      dag.add(name, time, parents);
      return name;
    }

    String chain(String from, int length) {
      String tip = from;
      for (int i = 0; i < length; i++) {
        tip = add(tip);
      }
      return tip;
    }

    /** Adds blocks until the next one is a sample. */
    String upToSample(String from) {
      String tip = from;
      while ((dag.dag.blocks().daaScore(dag.id(tip)) + 1) % RATE != 0) {
        tip = add(tip);
      }
      return tip;
    }

    BigInteger target(String name) {
      return CompactTarget.target(dag.dag.blocks().bits(dag.id(name)));
    }

    BigInteger genesisTarget() {
      return CompactTarget.target(params.genesis().header().bits());
    }
  }

  @Test
  void theTargetFollowsTheRateOfBlocks() {
    Clocked dag = new Clocked();
    String tip = "genesis";
    for (int i = 0; i < 2 * Clocked.EXPANDED + 10; i++) {
      tip = dag.add(tip);
      assertThat(dag.target(tip)).as("the rate is the target rate").isEqualTo(dag.genesisTarget());
    }

    tip = dag.addEarliest(dag.upToSample(tip));
    assertThat(dag.target(tip))
        .as("a block does not change its own target")
        .isEqualTo(dag.genesisTarget());
    tip = dag.chain(tip, Clocked.RATE);
    assertThat(dag.target(tip)).as("one early block").isLessThan(dag.genesisTarget());

    BigInteger before = dag.target(tip);
    for (int i = 0; i < Clocked.EXPANDED; i++) {
      BigInteger last = dag.target(tip);
      tip = dag.addEarliest(tip);
      assertThat(dag.target(tip)).as("the rate rises").isLessThanOrEqualTo(last);
    }
    assertThat(dag.target(tip)).as("a higher rate in the whole window").isLessThan(before);

    for (int same = 0; same <= Clocked.EXPANDED; ) {
      BigInteger last = dag.target(tip);
      tip = dag.add(tip);
      same = dag.target(tip).equals(last) ? same + 1 : 0;
    }
    BigInteger stable = dag.target(tip);
    tip = dag.upToSample(tip);
    long slow =
        dag.dag.dag.blocks().timestamp(dag.dag.id(tip)) + 3 * dag.params.targetTimePerBlock();
    tip = dag.addAt(slow, tip);
    assertThat(dag.target(tip)).as("a slow block does not change its own target").isEqualTo(stable);
    tip = dag.chain(tip, Clocked.RATE);
    assertThat(dag.target(tip)).as("one slow block").isGreaterThan(stable);
  }

  @Test
  void redBlocksCountInTheWindowUntilTheyAreTooLowForIt() {
    Clocked dag = new Clocked();
    String split = dag.chain("genesis", 2 * Clocked.EXPANDED);
    int redLength = 2 * Clocked.RATE;
    String blue = dag.chain(split, Clocked.EXPANDED);
    String red = dag.chain(split, redLength);
    assertThat(dag.target(dag.add(red, blue))).isLessThan(dag.target(dag.add(blue)));

    String longer = dag.chain(split, Clocked.EXPANDED + redLength + Clocked.RATE);
    String otherRed = dag.chain(split, redLength);
    String above = dag.add(otherRed, longer);
    assertThat(dag.target(above)).isEqualTo(dag.target(dag.add(longer)));
    assertThat(dag.dag.dag.blocks().reds(dag.dag.id(above))).hasSize(redLength);
  }

  /**
   * Of blocks that the cache has forgotten, in any order: later ones, earlier ones, other chains.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void windowsBuiltOneAfterTheOtherAreThoseBuiltAlone(long seed) {
    NamedDag dag = new NamedDag(Clocked.params(), "genesis", 0);
    Random random = new Random(seed);
    List<String> tips = new ArrayList<>(List.of("genesis"));
    int blocks = 800;
    for (int i = 1; i < blocks; i++) {
      Collections.shuffle(tips, random);
      String[] parents = tips.stream().limit(1 + random.nextInt(3)).toArray(String[]::new);
      dag.add("b" + i, 1000L * i + random.nextInt(5000), parents);
      if (random.nextInt(3) > 0) {
        tips.removeAll(List.of(parents));
      } else {
        tips.remove(parents[0]);
      }
      tips.add("b" + i);
    }
    Calculator used = dag.dag.calculator();
    for (int i = 0; i < 300; i++) {
      int[] parent = {1 + random.nextInt(blocks - 1)};
      NextBlock next = used.all(parent, 1);
      NextBlock alone = dag.dag.calculator().all(parent, 1);
      assertThat(next.difficultyWindow.toArray()).isEqualTo(alone.difficultyWindow.toArray());
      assertThat(next.medianTimeWindow.toArray()).isEqualTo(alone.medianTimeWindow.toArray());
      assertThat(next.bits()).isEqualTo(alone.bits());
      assertThat(next.pastMedianTime()).isEqualTo(alone.pastMedianTime());
    }
  }
}
