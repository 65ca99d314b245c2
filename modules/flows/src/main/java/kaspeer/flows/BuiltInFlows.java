package kaspeer.flows;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import kaspeer.flow.FlowFactory;
import kaspeer.flows.address.AddressFlow;
import kaspeer.flows.block.RelayBlockFlow;
import kaspeer.flows.block.ServeBlockFlow;
import kaspeer.flows.handshake.HandshakeFlow;
import kaspeer.flows.ping.PingFlow;
import kaspeer.flows.refused.RefusedRequestsFlow;
import kaspeer.flows.sync.SyncFlows;
import kaspeer.flows.transaction.RelayTransactionFlow;
import kaspeer.flows.transaction.ServeTransactionFlow;

/** The flows of the network's protocol, versions 10 and 11. */
public final class BuiltInFlows {
  private static final List<FlowFactory<?>> STEADY =
      List.of(
          HandshakeFlow.factory(),
          AddressFlow.factory(),
          PingFlow.factory(),
          RelayBlockFlow.factory(),
          ServeBlockFlow.factory(),
          RelayTransactionFlow.factory(),
          ServeTransactionFlow.factory(),
          RefusedRequestsFlow.factory());

  private BuiltInFlows() {}

  /**
   * All of them. Together they take every payload of the catalogue exactly once in every version,
   * {@code REJECT} excepted, which the peer's supervisor takes.
   *
   * @param conversions where the sync turns messages into headers (which are hashed then) and
   *     blocks, and headers into messages: some milliseconds of a processor each
   */
  public static List<FlowFactory<?>> all(Executor conversions) {
    return Stream.<FlowFactory<?>>concat(STEADY.stream(), SyncFlows.all(conversions).stream())
        .toList();
  }
}
