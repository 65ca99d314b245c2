package kaspeer.engine.addresses;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import kaspeer.engine.net.IpRange;
import kaspeer.engine.net.NetGroup;

/** Who told us of an address. */
sealed interface AddressSource {
  /** A peer, by gossip. */
  record Peer(InetAddress address) implements AddressSource {
    @Override
    public IpRange group() {
      return NetGroup.of(address);
    }

    @Override
    public String toString() {
      return address.getHostAddress();
    }
  }

  /** A DNS seeder. */
  record Seeder(String host) implements AddressSource {
    @Override
    public IpRange group() {
      return new IpRange(0, host.hashCode(), IpRange.BITS);
    }

    @Override
    public String toString() {
      return "dns";
    }
  }

  /** Ourselves: we have dialled it. */
  enum Own implements AddressSource {
    DIALLED;

    @Override
    public IpRange group() {
      return new IpRange(0, 0, 0);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What stands for the source in the choice of a bucket. */
  IpRange group();

  /**
   * Reads what {@code toString} wrote. The host of a seeder is lost: it does not matter any more.
   */
  static Optional<AddressSource> parse(String text) {
    return switch (text) {
      case "dns" -> Optional.of(new Seeder(""));
      case "dialled" -> Optional.of(Own.DIALLED);
      default -> IpRange.parse(text).map(range -> new Peer(range.first()));
    };
  }
}
