package kaspeer.wire;

import com.google.protobuf.UnsafeByteOperations;
import kaspeer.primitives.SubnetworkId;
import kaspeer.wire.proto.VersionMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a node says of itself first (protocol reference 4.2).
 *
 * @param protocolVersion the highest it speaks; unsigned 32 bits
 * @param services bit set, ignored
 * @param timestamp its clock, milliseconds since 1970
 * @param address where it can be dialled, by its own word
 * @param userAgent at most 256 bytes in UTF-8
 * @param disableRelayTx whether it wants no transactions announced
 * @param subnetworkId set by a node that follows one subnetwork only
 * @param network the network's name
 */
public record VersionInfo(
    int protocolVersion,
    long services,
    long timestamp,
    @Nullable NetAddress address,
    PeerId id,
    String userAgent,
    boolean disableRelayTx,
    @Nullable SubnetworkId subnetworkId,
    String network) {
  public VersionInfo {
    userAgent = Utf8.cut(userAgent, WireLimits.USER_AGENT_BYTES);
  }

  public VersionMessage toWire() {
    VersionMessage.Builder wire =
        VersionMessage.newBuilder()
            .setProtocolVersion(protocolVersion)
            .setServices(services)
            .setTimestamp(timestamp)
            .setId(UnsafeByteOperations.unsafeWrap(id.toBytes()))
            .setUserAgent(userAgent)
            .setDisableRelayTx(disableRelayTx)
            .setNetwork(network);
    if (address != null) {
      wire.setAddress(NetAddresses.toWire(address));
    }
    if (subnetworkId != null) {
      wire.setSubnetworkId(Transactions.toWire(subnetworkId));
    }
    return wire.build();
  }

  /**
   * @throws ConversionException if the id has not 16 bytes, or address or subnetwork id do not
   *     convert
   */
  public static VersionInfo fromWire(VersionMessage wire) throws ConversionException {
    if (wire.getId().size() != PeerId.SIZE) {
      throw ConversionException.length("peer id", wire.getId().size());
    }
    return new VersionInfo(
        wire.getProtocolVersion(),
        wire.getServices(),
        wire.getTimestamp(),
        wire.hasAddress() ? NetAddresses.fromWire(wire.getAddress()) : null,
        PeerId.of(wire.getId().toByteArray()),
        wire.getUserAgent(),
        wire.getDisableRelayTx(),
        wire.hasSubnetworkId() ? Transactions.fromWire(wire.getSubnetworkId()) : null,
        wire.getNetwork());
  }
}
