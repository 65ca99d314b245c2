package kaspeer.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

class ChainChangeLimitTest {
  private final List<Integer> read = new ArrayList<>();

  private static Hash hash(int number) {
    return Hash.ofWords(0, 0, 0, number);
  }

  /** Each block accepts ten, of two blocks. */
  private BlockAcceptance accepted(int block) {
    read.add(block);
    BlockAcceptance.Merged part =
        new BlockAcceptance.Merged(hash(-block), Collections.nCopies(5, hash(1000 + block)));
    return new BlockAcceptance(hash(block), List.of(part, part));
  }

  private List<BlockAcceptance> told(int most) {
    return ChainChangeLimit.of(
        new int[] {1, 2, 3, 4}, ChainChangeLimitTest::hash, this::accepted, most);
  }

  @Test
  void fewAreToldOfAllBlocks() {
    assertThat(told(31)).noneMatch(block -> block.merged().isEmpty()).hasSize(4);
  }

  @Test
  void blocksAboveManyIdsComeWithoutAndAreNotRead() {
    List<BlockAcceptance> told = told(20);
    assertThat(told)
        .extracting(BlockAcceptance::hash)
        .containsExactly(hash(1), hash(2), hash(3), hash(4));
    assertThat(told).extracting(block -> block.merged().size()).containsExactly(2, 2, 0, 0);
    assertThat(read).containsExactly(1, 2);
  }
}
