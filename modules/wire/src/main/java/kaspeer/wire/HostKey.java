package kaspeer.wire;

import java.net.Inet4Address;
import java.net.InetAddress;
import kaspeer.primitives.Bytes;

/** What counts as one host wherever something is counted by host. */
public final class HostKey {
  private HostKey() {}

  /** An IPv4 address, or the /64 of an IPv6 one: a host commands all of that. */
  public static long of(InetAddress address) {
    byte[] bytes = address.getAddress();
    // An IPv4 key has 33 bits, the first a 1: as a /64 that is reserved space, which nobody dials
    // from.
    return address instanceof Inet4Address ? 1L << 32 | ipv4(bytes) : Bytes.longBe(bytes, 0);
  }

  /** The /24 of an IPv4 address, or the /48 of an IPv6 one: what one site has. */
  public static long ofSite(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address
        ? 1L << 32 | ipv4(bytes) >>> 8
        : Bytes.longBe(bytes, 0) >>> 16 << 16;
  }

  private static long ipv4(byte[] bytes) {
    return (bytes[0] & 0xFFL) << 24
        | (bytes[1] & 0xFFL) << 16
        | (bytes[2] & 0xFFL) << 8
        | bytes[3] & 0xFFL;
  }
}
