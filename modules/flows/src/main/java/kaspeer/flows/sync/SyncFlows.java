package kaspeer.flows.sync;

import java.util.List;
import java.util.concurrent.Executor;
import kaspeer.flow.FlowFactory;

/**
 * The flows of the sync: the client, and one server for each family of requests that this node
 * serves.
 */
public final class SyncFlows {
  private SyncFlows() {}

  /**
   * All of them, for protocol versions 10 and 11.
   *
   * @param conversions where messages become headers and blocks, and headers messages
   */
  public static List<FlowFactory<?>> all(Executor conversions) {
    return List.of(
        IbdFlow.factory(conversions),
        ServeChainLocatorFlow.factory(),
        ServeBlockLocatorFlow.factory(),
        ServeHeadersFlow.factory(conversions),
        ServeAntipastFlow.factory(conversions),
        ServeBodiesFlow.factory(),
        ServeIbdBlocksFlow.factory());
  }
}
