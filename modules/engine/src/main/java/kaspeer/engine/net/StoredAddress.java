package kaspeer.engine.net;

import java.util.Optional;
import kaspeer.wire.NetAddress;

/** An address as it is stored: {@code ip|port}, and the ip without brackets. */
public final class StoredAddress {
  private StoredAddress() {}

  public static String write(NetAddress address) {
    return address.ip().getHostAddress() + "|" + address.port();
  }

  /** Empty if the text is none. */
  public static Optional<NetAddress> read(String text) {
    int bar = text.indexOf('|');
    if (bar < 0 || !text.substring(bar + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(bar + 1));
    return port > 0xFFFF
        ? Optional.empty()
        : IpRange.parse(text.substring(0, bar)).map(range -> new NetAddress(range.first(), port));
  }
}
