package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Random;
import kaspeer.consensus.DagCapacityException;
import org.junit.jupiter.api.Test;

class IntPoolTest {
  private static final int CHUNK = 1 << 14;

  @Test
  void anAddressCountsFourInts() {
    IntPool pool = new IntPool();
    int first = pool.allocate(CHUNK);
    int second = pool.allocate(CHUNK);
    assertThat(second - first).isEqualTo(CHUNK / 4);
    assertThat(pool.allocate(5)).isEqualTo(second + CHUNK / 4);
    assertThat(pool.allocate(1)).isEqualTo(second + CHUNK / 4 + 2);
  }

  @Test
  void runsDoNotOverlap() {
    Random random = new Random(1);
    IntPool pool = new IntPool();
    int[] addresses = new int[5000];
    int[] lengths = new int[addresses.length];
    for (int i = 0; i < addresses.length; i++) {
      lengths[i] = 1 + random.nextInt(i % 100 == 0 ? 2 * CHUNK : 40);
      addresses[i] = pool.allocate(lengths[i]);
      int offset = IntPool.offset(addresses[i]);
      for (int j = 0; j < lengths[i]; j++) {
        assertThat(pool.array(addresses[i])[offset + j]).isZero();
        pool.array(addresses[i])[offset + j] = i + 1;
      }
    }
    for (int i = 0; i < addresses.length; i++) {
      int offset = IntPool.offset(addresses[i]);
      for (int j = 0; j < lengths[i]; j++) {
        assertThat(pool.array(addresses[i])[offset + j]).isEqualTo(i + 1);
      }
    }
  }

  /** Beyond 2^33 ints addresses are negative. */
  @Test
  void theHighestAddressIsThatOfTheLastRunOfAChunk() {
    assertThat(IntPool.offset(-1)).isEqualTo(CHUNK - 4);
    assertThat(IntPool.offset(Integer.MIN_VALUE)).isZero();
  }

  @Test
  void whenNoAddressIsLeftThatIsSaidWithWhatToDo() {
    IntPool pool = new IntPool(2);
    pool.allocate(CHUNK);
    pool.allocate(CHUNK - 1);
    assertThatExceptionOfType(DagCapacityException.class)
        .isThrownBy(() -> pool.allocate(1))
        .withMessageContaining("131072 bytes")
        .withMessageContaining("a newer version");
  }

  @Test
  void thereAreNoMoreBlocksThanArraysHaveRoomFor() {
    int capacity = 0;
    while (capacity < Blocks.MAX_BLOCKS) {
      int wider = Blocks.widened(capacity);
      assertThat(wider).isGreaterThan(capacity).isLessThanOrEqualTo(Blocks.MAX_BLOCKS);
      capacity = wider;
    }
    assertThatExceptionOfType(DagCapacityException.class)
        .isThrownBy(() -> Blocks.widened(Blocks.MAX_BLOCKS))
        .withMessageContaining("headers");
  }
}
