package kaspeer.engine.net;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kaspeer.primitives.Network;

/**
 * Which addresses are worth keeping, by where they come from and the network we are on (protocol
 * reference 7.2).
 */
public final class Routability {
  private static final List<IpRange> NEVER =
      ranges(
          "0.0.0.0/8",
          "127.0.0.0/8",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "::/128",
          "::1/128",
          "ff00::/8");

  private static final List<IpRange> NOT_PUBLIC =
      ranges(
          "10.0.0.0/8",
          "100.64.0.0/10",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "64:ff9b::/96",
          "100::/64",
          "2001::/32",
          "2001:10::/28",
          "2001:470::/32",
          "2001:db8::/32",
          "2002::/16",
          "fc00::/7",
          "fe80::/10");

  private Routability() {}

  /** Whether anybody on the internet could reach it. */
  public static boolean isPublic(InetAddress address) {
    return !in(NEVER, address) && !in(NOT_PUBLIC, address);
  }

  /**
   * Whether to believe a peer that tells of this address. On networks for trials private ones
   * count, for these run inside one house; loopback and the like never do.
   */
  public static boolean acceptsGossip(InetAddress address, int port, Network network) {
    if (port < 1 || port > 65_535 || in(NEVER, address)) {
      return false;
    }
    return !isDiverse(network) || !in(NOT_PUBLIC, address);
  }

  /**
   * Whether peers of this network are spread over the world, so that their addresses say something
   * of who holds them.
   */
  public static boolean isDiverse(Network network) {
    return network == Network.MAINNET || network == Network.TESTNET_10;
  }

  private static boolean in(List<IpRange> ranges, InetAddress address) {
    for (IpRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<IpRange> ranges(String... texts) {
    return Stream.of(texts).map(IpRange::parse).map(Optional::orElseThrow).toList();
  }
}
