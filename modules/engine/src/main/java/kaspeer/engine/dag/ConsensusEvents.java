package kaspeer.engine.dag;

import java.util.List;
import java.util.function.Consumer;
import kaspeer.consensus.DagEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what the consensus tells to the DAG's actor. The consensus wants its listener when it is
 * opened, which is before there is an actor; what happens until then is of no interest to anybody.
 */
public final class ConsensusEvents implements kaspeer.consensus.DagListener {
  private static final Logger LOG = LoggerFactory.getLogger(ConsensusEvents.class);

  private volatile Consumer<DagEvent> target = event -> {};

  /** From now on this hears of events, on the consensus's thread; it must not block. */
  void connect(Consumer<DagEvent> listener) {
    target = listener;
  }

  @Override
  public void onEvents(List<DagEvent> events) {
    for (DagEvent event : events) {
      if (event instanceof DagEvent.FinalityViolated(var hash)) {
        LOG.warn(
            "Tip {} has more work than the sink and is not followed: it violates finality", hash);
      }
      target.accept(event);
    }
  }
}
