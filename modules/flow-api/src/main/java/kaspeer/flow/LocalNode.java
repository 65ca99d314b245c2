package kaspeer.flow;

import java.util.UUID;
import kaspeer.primitives.Network;
import kaspeer.wire.NetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What we tell peers of ourselves.
 *
 * @param id random per start of the process (of the cluster, when clustered)
 * @param advertised where peers can reach us, if known
 * @param minVersion lowest protocol version we accept
 * @param maxVersion the version we advertise
 */
public record LocalNode(
    UUID id,
    Network network,
    String userAgent,
    @Nullable NetAddress advertised,
    int minVersion,
    int maxVersion) {
  /** The same under another id. */
  public LocalNode withId(UUID other) {
    return new LocalNode(other, network, userAgent, advertised, minVersion, maxVersion);
  }

  /** The same with another name of its program. */
  public LocalNode withUserAgent(String other) {
    return new LocalNode(id, network, other, advertised, minVersion, maxVersion);
  }
}
