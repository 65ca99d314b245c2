package kaspeer.cluster.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import kaspeer.primitives.Block;
import kaspeer.testkit.chain.ChainBuilder;
import org.junit.jupiter.api.Test;

final class RecentBlocksTest {
  @Test
  void theOldestMakeRoomInBytes() {
    try (ChainBuilder chain = ChainBuilder.simnet(1)) {
      List<Block> blocks = chain.extend(3);
      RecentBlocks recent = new RecentBlocks(1000);
      recent.put(blocks.get(0), 600);
      recent.put(blocks.get(1), 400);
      assertThat(recent.get(blocks.get(0).hash())).isEqualTo(blocks.get(0));
      recent.put(blocks.get(2), 1);
      assertThat(recent.get(blocks.get(0).hash())).isNull();
      assertThat(recent.get(blocks.get(1).hash())).isEqualTo(blocks.get(1));
      assertThat(recent.bytes()).isEqualTo(401);
      recent.put(blocks.get(2), 500);
      assertThat(recent.bytes()).as("counted once").isEqualTo(900);
    }
  }
}
