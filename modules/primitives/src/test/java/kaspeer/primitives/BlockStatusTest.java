package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BlockStatusTest {
  @Test
  void aBlockKeepsItsBodyWhateverTheUtxoStateSays() {
    assertThat(Arrays.stream(BlockStatus.values()).filter(BlockStatus::hasBody))
        .containsExactly(
            BlockStatus.BODY, BlockStatus.UTXO_VALID, BlockStatus.DISQUALIFIED_FROM_CHAIN);
  }

  @Test
  void everyBlockWithABodyHasAHeaderAndAnInvalidOneHasNeither() {
    assertThat(Arrays.stream(BlockStatus.values()).filter(BlockStatus::hasHeader))
        .containsExactly(
            BlockStatus.HEADER_ONLY,
            BlockStatus.BODY,
            BlockStatus.UTXO_VALID,
            BlockStatus.DISQUALIFIED_FROM_CHAIN);
  }
}
