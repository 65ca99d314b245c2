package kaspeer.node;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import kaspeer.admin.ChainStop;
import kaspeer.consensus.DagEvent;
import kaspeer.consensus.DagListener;
import org.jspecify.annotations.Nullable;

/** Knows whether the selected chain has stopped, from what the consensus tells; passes all on. */
final class ChainWatch implements DagListener, Supplier<Optional<ChainStop>> {
  private final DagListener next;
  private volatile @Nullable ChainStop stop;

  ChainWatch(DagListener next) {
    this.next = next;
  }

  /** What is told together is of one search for the sink: it stopped, went on, or neither. */
  @Override
  public void onEvents(List<DagEvent> events) {
    boolean moved = false;
    ChainStop stopped = null;
    for (DagEvent event : events) {
      switch (event) {
        case DagEvent.ChainStopped(var hash, var detail) -> stopped = new ChainStop(hash, detail);
        case DagEvent.ChainChanged _ -> moved = true;
        default -> {}
      }
    }
    if (stopped != null || moved) {
      stop = stopped;
    }
    next.onEvents(events);
  }

  @Override
  public Optional<ChainStop> get() {
    return Optional.ofNullable(stop);
  }
}
