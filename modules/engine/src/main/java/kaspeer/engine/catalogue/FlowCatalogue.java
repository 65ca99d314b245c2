package kaspeer.engine.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import kaspeer.engine.Engine.RegisteredFlow;
import kaspeer.flow.Extension;
import kaspeer.flow.Extension.OwnMessage;
import kaspeer.flow.FlowDescriptor;
import kaspeer.flow.FlowDescriptor.Phase;
import kaspeer.flow.FlowFactory;
import kaspeer.wire.PayloadCatalogue;
import kaspeer.wire.PayloadType;
import kaspeer.wire.WireLimits;

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
   * @param descriptor of the factory, asked for once
   */
  public record Registration(FlowFactory<?> factory, String origin, FlowDescriptor descriptor) {
    public Registration(FlowFactory<?> factory, String origin) {
      this(factory, origin, factory.descriptor());
    }

    /** Whether it came from a plug-in. */
    public boolean isPlugin() {
      return !origin.equals(BUILT_IN);
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
    List<Registration> builtIn = registrations.stream().filter(r -> !r.isPlugin()).toList();
    List<String> faults =
        new ArrayList<>(new CatalogueCheck(builtIn, payloads, minVersion, maxVersion).faults());
    faults.addAll(new ExtensionCheck(registrations, payloads).faults());
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

  /** Every flow that is built in, for those who ask. */
  public List<RegisteredFlow> flows() {
    return registrations.stream()
        .filter(flow -> !flow.isPlugin())
        .map(flow -> new RegisteredFlow(flow.descriptor(), flow.origin()))
        .toList();
  }

  /** The flows of plug-ins. */
  public List<Registration> extensions() {
    return registrations.stream().filter(Registration::isPlugin).toList();
  }

  /** These types of messages, and those that plug-ins bring. */
  public PayloadCatalogue payloads(PayloadCatalogue network) {
    List<PayloadType> own =
        ownMessages().flatMap(one -> one.messages().stream()).map(OwnMessage::type).toList();
    return own.isEmpty() ? network : network.with(own);
  }

  /**
   * This user agent, and the tags of what plug-ins speak.
   *
   * @throws CatalogueException if peers would not keep all of it
   */
  public String userAgent(String base) {
    StringBuilder agent = new StringBuilder(base);
    ownMessages().forEach(own -> agent.append(own.tag()).append('/'));
    if (agent.length() > WireLimits.USER_AGENT_BYTES) {
      throw new CatalogueException(
          "the user agent with the tags of all plug-ins is longer than "
              + WireLimits.USER_AGENT_BYTES
              + " bytes: "
              + agent);
    }
    return agent.toString();
  }

  private Stream<Extension.Own> ownMessages() {
    return extensions().stream().flatMap(flow -> flow.descriptor().extension().own().stream());
  }

  private RoutingTable table(Phase phase, int version) {
    List<FlowFactory<?>> flows = new ArrayList<>();
    for (Registration registration : registrations) {
      FlowDescriptor descriptor = registration.descriptor();
      if (!registration.isPlugin()
          && descriptor.phase() == phase
          && descriptor.versions().contains(version)) {
        flows.add(registration.factory());
      }
    }
    return new RoutingTable(flows);
  }
}
