package kaspeer.cluster.wire;

import static org.assertj.core.api.Assertions.assertThat;

import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

class NewsCodecTest {
  @Test
  void thatABlockIsSettledComesOverAsItIs() {
    DagEvent settled = new DagEvent.BlockSettled(Hash.ofWords(1, 2, 3, 4), 5);
    assertThat(NewsCodec.fromWire(NewsCodec.toWire(settled, peer -> peer).build()))
        .isEqualTo(settled);
  }
}
