package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import kaspeer.admin.ChainStop;
import kaspeer.consensus.DagEvent;
import kaspeer.primitives.Hash;
import org.junit.jupiter.api.Test;

class ChainWatchTest {
  private static final DagEvent STOPPED = new DagEvent.ChainStopped(Hash.ZERO, "zk");
  private static final DagEvent CHANGED = new DagEvent.ChainChanged(List.of(), List.of());

  private final List<DagEvent> passed = new ArrayList<>();
  private final ChainWatch chain = new ChainWatch(passed::addAll);

  @Test
  void aChainThatStopsHasStoppedUntilItMovesOnWithoutStopping() {
    assertThat(chain.get()).isEmpty();
    chain.onEvents(List.of(STOPPED));
    assertThat(chain.get()).contains(new ChainStop(Hash.ZERO, "zk"));
    chain.onEvents(List.of(STOPPED, CHANGED));
    assertThat(chain.get()).as("it moved to another place where it ends").isPresent();
    chain.onEvents(List.of());
    assertThat(chain.get()).as("nothing was told of the chain").isPresent();
    chain.onEvents(List.of(CHANGED));
    assertThat(chain.get()).isEmpty();
    assertThat(passed).containsExactly(STOPPED, STOPPED, CHANGED, CHANGED);
  }
}
