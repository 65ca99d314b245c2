package kaspeer.engine.dag;

import java.util.List;
import java.util.function.Consumer;
import kaspeer.consensus.ConsensusEvent;

/**
 * Carries what the consensus tells to the DAG's actor. The consensus wants its listener when it is
 * opened, which is before there is an actor; what happens until then is of no interest to anybody.
 */
public final class ConsensusEvents implements kaspeer.consensus.ConsensusListener {
  private volatile Consumer<ConsensusEvent> target = event -> {};

  /** From now on this hears of events, on the consensus's thread; it must not block. */
  void connect(Consumer<ConsensusEvent> listener) {
    target = listener;
  }

  @Override
  public void onEvents(List<ConsensusEvent> events) {
    for (ConsensusEvent event : events) {
      target.accept(event);
    }
  }
}
