package kaspeer.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import kaspeer.cluster.proto.PeerLine;
import kaspeer.cluster.proto.PeersTold;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.cluster.wire.MalformedMessageException;
import kaspeer.cluster.wire.Wire;
import kaspeer.flow.PeerInfo;
import kaspeer.wire.NetAddress;

/** The peers of a member, as it tells another one of them. */
final class PeerInfoCodec {
  /** Leaves room for the rest of the message. */
  private static final int MAX_BYTES = ClusterSerializer.MAX_BYTES - 4096;

  private PeerInfoCodec() {}

  /** As many as one message has room for. */
  static PeersTold toWire(String member, Collection<PeerInfo> peers) {
    PeersTold.Builder told = PeersTold.newBuilder().setMember(member);
    int bytes = 0;
    for (PeerInfo peer : peers) {
      PeerLine line = toWire(peer);
      // Tag and length of the line take less than eight bytes.
      bytes += line.getSerializedSize() + 8;
      if (bytes > MAX_BYTES) {
        return told.setOmitted(peers.size() - told.getPeersCount()).build();
      }
      told.addPeers(line);
    }
    return told.build();
  }

  private static PeerLine toWire(PeerInfo peer) {
    return PeerLine.newBuilder()
        .setConnection(peer.number())
        .setAddress(NetAddress.of(peer.address()).toString())
        .setOutbound(peer.isOutbound())
        .setUserAgent(peer.userAgent())
        .setProtocolVersion(peer.protocolVersion())
        .setConnectedAt(peer.connectedAt().toEpochMilli())
        .setPermanent(peer.permanent())
        .setId(Wire.bytes(peer.id()))
        .setAdvertisedVersion(peer.advertisedVersion())
        .setTimeOffset(peer.timeOffset().toMillis())
        .setRelaysTransactions(peer.relaysTransactions())
        .build();
  }

  /**
   * @throws MalformedMessageException if an address or an id is none
   */
  static List<PeerInfo> peers(PeersTold told) {
    return told.getPeersList().stream().map(PeerInfoCodec::peer).toList();
  }

  private static PeerInfo peer(PeerLine line) {
    return new PeerInfo(
        line.getConnection(),
        Wire.uuid(line.getId()),
        address(line.getAddress()),
        line.getOutbound() ? PeerInfo.Direction.OUTBOUND : PeerInfo.Direction.INBOUND,
        line.getUserAgent(),
        line.getProtocolVersion(),
        line.getAdvertisedVersion(),
        Duration.ofMillis(line.getTimeOffset()),
        line.getRelaysTransactions(),
        line.getPermanent(),
        Instant.ofEpochMilli(line.getConnectedAt()));
  }

  private static InetSocketAddress address(String text) {
    return NetAddress.parse(text)
        .map(NetAddress::toSocket)
        .orElseThrow(() -> new MalformedMessageException("address " + text));
  }
}
