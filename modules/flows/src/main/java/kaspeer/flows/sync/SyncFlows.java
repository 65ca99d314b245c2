package kaspeer.flows.sync;

import java.util.List;
import kaspeer.flow.FlowFactory;

/**
 * The flows of the sync: the client, and one server for each family of requests that this node
 * serves.
 */
public final class SyncFlows {
  private SyncFlows() {}

  /** All of them, for protocol versions 10 and 11. */
  public static List<FlowFactory<?>> all() {
    return List.of(
        IbdFlow.factory(),
        ServeChainLocatorFlow.factory(),
        ServeBlockLocatorFlow.factory(),
        ServeHeadersFlow.factory(),
        ServeAntipastFlow.factory(),
        ServeBodiesFlow.factory(),
        ServeIbdBlocksFlow.factory());
  }
}
