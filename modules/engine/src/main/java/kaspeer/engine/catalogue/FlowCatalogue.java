package kaspeer.engine.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.engine.Engine.RegisteredFlow;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowFactory;
import kaspeer.wire.PayloadCatalogue;

/**
 * All registered flows, checked: whatever could go wrong with routes when a peer connects or a
 * message comes is found when the node starts. Immutable.
 */
public final class FlowCatalogue {
  /** The origin of the flows that come with Kaspeer. */
  public static final String BUILT_IN = "built-in";

  /**
   * A flow and where it came from.
   *
   * @param origin {@link #BUILT_IN}, or a plug-in's file
   */
  public record Registration(FlowFactory<?> factory, String origin) {
    FlowDescriptor descriptor() {
      return factory.descriptor();
    }
  }

  private final List<Registration> registrations;
  private final RoutingTable handshake;
  private final Map<Integer, RoutingTable> ready = new ConcurrentHashMap<>();

  private FlowCatalogue(List<Registration> registrations, int maxVersion) {
    this.registrations = registrations;
    this.handshake = table(Phase.HANDSHAKE, maxVersion);
  }

  /**
   * The catalogue of these flows.
   *
   * @param minVersion lowest protocol version to accept
   * @param maxVersion highest one
   * @throws CatalogueException naming everything that is wrong
   */
  public static FlowCatalogue of(
      List<Registration> registrations, PayloadCatalogue payloads, int minVersion, int maxVersion) {
    List<String> faults =
        new CatalogueCheck(registrations, payloads, minVersion, maxVersion).faults();
    if (!faults.isEmpty()) {
      throw new CatalogueException(faults);
    }
    return new FlowCatalogue(List.copyOf(registrations), maxVersion);
  }

  /** The flows that shake hands. */
  public RoutingTable handshake() {
    return handshake;
  }

  /** The flows of a peer with this version. */
  public RoutingTable ready(int version) {
    return ready.computeIfAbsent(version, v -> table(Phase.READY, v));
  }

  /** Every flow, for those who ask. */
  public List<RegisteredFlow> flows() {
    return registrations.stream().map(r -> new RegisteredFlow(r.descriptor(), r.origin())).toList();
  }

  private RoutingTable table(Phase phase, int version) {
    List<FlowFactory<?>> flows = new ArrayList<>();
    for (Registration registration : registrations) {
      FlowDescriptor descriptor = registration.descriptor();
      if (descriptor.phase() == phase && descriptor.versions().contains(version)) {
        flows.add(registration.factory());
      }
    }
    return new RoutingTable(flows);
  }
}
