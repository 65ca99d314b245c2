package kaspeer.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kaspeer.primitives.SubnetworkId;
import kaspeer.wire.proto.AddressesMessage;

/** Random values of what a peer says of itself and of others. */
final class WireSamples {
  private WireSamples() {}

  /** An IPv4 or IPv6 address with any port. */
  static NetAddress address(Random random) {
    byte[] ip = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(ip);
    try {
      return new NetAddress(InetAddress.getByAddress(ip), random.nextInt(0x10000));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  static AddressesMessage addresses(Random random) {
    List<NetAddress> addresses = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      addresses.add(address(random));
    }
    return NetAddresses.toWire(addresses);
  }

  static VersionInfo version(Random random) {
    byte[] id = new byte[PeerId.SIZE];
    random.nextBytes(id);
    return new VersionInfo(
        random.nextInt(),
        random.nextLong(),
        random.nextLong(),
        random.nextBoolean() ? address(random) : null,
        PeerId.of(id),
        "é".repeat(random.nextInt(WireLimits.USER_AGENT_BYTES / 2 + 1)),
        random.nextBoolean(),
        random.nextBoolean() ? SubnetworkId.COINBASE : null,
        Long.toString(random.nextLong(), 36));
  }
}
