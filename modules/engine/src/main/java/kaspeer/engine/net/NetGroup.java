package kaspeer.engine.net;

import java.net.InetAddress;

/**
 * The group an address belongs to for diversity: who holds one address of it can easily hold many.
 * IPv4 by the first 16 bits (protocol reference 7.2), IPv6 by the first 32, which is what one
 * customer of a registry gets.
 */
public final class NetGroup {
  private static final int IPV4_BITS = 96 + 16;
  private static final int IPV6_BITS = 32;

  private NetGroup() {}

  public static IpRange of(InetAddress address) {
    IpRange single = IpRange.of(address);
    return IpRange.of(address, single.isIpv4() ? IPV4_BITS : IPV6_BITS);
  }
}
