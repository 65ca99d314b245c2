package kaspeer.engine.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All IP addresses with the same leading bits. IPv4 addresses are held in their IPv4-mapped IPv6
 * form, so that both spellings of one address are the same.
 *
 * @param high the first 64 bits, those beyond the prefix 0
 * @param low the last 64 bits, likewise
 * @param prefix leading bits that count, 0 to 128; of an IPv4 range 96 more than its CIDR form says
 */
public record IpRange(long high, long low, int prefix) {
  /** Bits of a whole address. */
  public static final int BITS = 128;

  /** Java would read {@code 1.2.3} as 1.2.0.3. */
  private static final Pattern DOTTED_QUAD = Pattern.compile("[0-9]{1,3}([.][0-9]{1,3}){3}");

  private static final long MAPPED = 0xFFFF_0000_0000L;
  private static final int MAPPED_PREFIX = 96;
  private static final int IPV6_HOST_BITS = 64;

  public IpRange {
    if (prefix < 0 || prefix > BITS) {
      throw new IllegalArgumentException("a prefix has 0 to 128 bits, not " + prefix);
    }
    high &= mask(prefix);
    low &= mask(prefix - 64);
  }

  /** The range of one address. */
  public static IpRange of(InetAddress address) {
    return of(address, BITS);
  }

  /**
   * The addresses that share the leading bits of {@code address}. @param prefix counted in the IPv6
   * form
   */
  public static IpRange of(InetAddress address, int prefix) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length == 4) {
      return new IpRange(0, MAPPED | Integer.toUnsignedLong(buffer.getInt()), prefix);
    }
    return new IpRange(buffer.getLong(), buffer.getLong(), prefix);
  }

  /**
   * What one host holds, and so what a sanction by host covers: one IPv4 address, or the 64 bits of
   * an IPv6 network. The same rule as {@link kaspeer.wire.HostKey}'s.
   */
  public static IpRange hostOf(InetAddress address) {
    return of(address, of(address).isIpv4() ? BITS : IPV6_HOST_BITS);
  }

  /** Parses an IP address or a CIDR range, never a host name. Empty if the text is neither. */
  public static Optional<IpRange> parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    if (!host.contains(":") && !DOTTED_QUAD.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      int offset = address instanceof Inet4Address && !host.contains(":") ? MAPPED_PREFIX : 0;
      int prefix =
          slash < 0 ? BITS : offset + parsePrefix(text.substring(slash + 1), BITS - offset);
      return Optional.of(of(address, prefix));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  private static int parsePrefix(String digits, int max) {
    if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > max) {
      throw new IllegalArgumentException(
          "a prefix is a number up to " + max + ", not '" + digits + "'");
    }
    return Integer.parseInt(digits);
  }

  public boolean contains(InetAddress address) {
    return of(address, prefix).equals(this);
  }

  /** Whether it is one address. */
  private boolean isSingle() {
    return prefix == BITS;
  }

  public boolean isIpv4() {
    return high == 0 && prefix >= MAPPED_PREFIX && low >>> 32 == MAPPED >>> 32;
  }

  /** The first address of the range. */
  public InetAddress first() {
    ByteBuffer bytes = ByteBuffer.allocate(16).putLong(high).putLong(low);
    byte[] all = bytes.array();
    try {
      return InetAddress.getByAddress(
          isIpv4() ? new byte[] {all[12], all[13], all[14], all[15]} : all);
    } catch (UnknownHostException wrongLength) {
      throw new IllegalStateException(wrongLength);
    }
  }

  /** The address, or the range in CIDR form; {@link #parse} takes it back. */
  @Override
  public String toString() {
    String host = first().getHostAddress();
    return isSingle() ? host : host + "/" + (isIpv4() ? prefix - MAPPED_PREFIX : prefix);
  }

  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= 64 ? -1L : -1L << (64 - bits);
  }
}
