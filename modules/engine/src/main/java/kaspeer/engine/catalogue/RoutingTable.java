package kaspeer.engine.catalogue;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import kaspeer.flow.FlowDescriptor.Inbox;
import kaspeer.flow.FlowFactory;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.jspecify.annotations.Nullable;

/**
 * The flows of one version and phase, and which of their inboxes takes which message. Shared by all
 * peers of the version.
 */
public final class RoutingTable {
  /** Before there is a version: nothing is routed. */
  public static final RoutingTable EMPTY = new RoutingTable(List.of());

  /**
   * Where a message goes.
   *
   * @param flow index in {@link #flows()}
   * @param inbox index in the flow's inboxes
   */
  public record Route(int flow, int inbox, Inbox spec) {}

  private final List<FlowFactory<?>> flows;
  private final Map<PayloadCase, Route> routes = new EnumMap<>(PayloadCase.class);

  RoutingTable(List<FlowFactory<?>> flows) {
    this.flows = List.copyOf(flows);
    for (int flow = 0; flow < this.flows.size(); flow++) {
      List<Inbox> inboxes = this.flows.get(flow).descriptor().inboxes();
      for (int inbox = 0; inbox < inboxes.size(); inbox++) {
        for (PayloadCase payload : inboxes.get(inbox).payloads()) {
          routes.put(payload, new Route(flow, inbox, inboxes.get(inbox)));
        }
      }
    }
  }

  /** The flows in the order in which they start. */
  public List<FlowFactory<?>> flows() {
    return flows;
  }

  /** Where a message of this type goes, or null if nobody takes it. */
  public @Nullable Route route(PayloadCase payload) {
    return routes.get(payload);
  }
}
