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
  private AcceptedBlock accepted(int block) {
    read.add(block);
    AcceptedBlock.Merged part =
        new AcceptedBlock.Merged(hash(-block), Collections.nCopies(5, hash(1000 + block)));
    return new AcceptedBlock(hash(block), List.of(part, part));
  }

  private List<AcceptedBlock> told(int most) {
    return ChainChangeLimit.of(
        new int[] {1, 2, 3, 4}, ChainChangeLimitTest::hash, this::accepted, most);
  }

  @Test
  void fewAreToldOfAllBlocks() {
    assertThat(told(31)).noneMatch(block -> block.merged().isEmpty()).hasSize(4);
  }

  @Test
  void blocksAboveManyIdsComeWithoutAndAreNotRead() {
    List<AcceptedBlock> told = told(20);
    assertThat(told)
        .extracting(AcceptedBlock::hash)
        .containsExactly(hash(1), hash(2), hash(3), hash(4));
    assertThat(told).extracting(block -> block.merged().size()).containsExactly(2, 2, 0, 0);
    assertThat(read).containsExactly(1, 2);
  }
}
