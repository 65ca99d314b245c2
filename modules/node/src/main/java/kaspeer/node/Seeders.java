package kaspeer.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import kaspeer.primitives.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DNS names that resolve to peers (protocol reference 7.3). */
final class Seeders {
  private static final Logger LOG = LoggerFactory.getLogger(Seeders.class);

  private Seeders() {}

  static List<String> of(Network network) {
    return switch (network) {
      case MAINNET ->
          List.of(
              "mainnet-dnsseed-1.kaspanet.org",
              "mainnet-dnsseed-2.kaspanet.org",
              "seeder1.kaspad.net",
              "seeder2.kaspad.net",
              "seeder3.kaspad.net",
              "seeder4.kaspad.net",
              "kaspadns.kaspacalc.net",
              "n-mainnet.kaspa.ws",
              "dnsseeder-kaspa-mainnet.x-con.at");
      case TESTNET_10 ->
          List.of(
              "seeder1-tn.kaspad.net", "dnsseeder-kaspa-testnet.x-con.at", "n-testnet-10.kaspa.ws");
      case DEVNET, SIMNET -> List.of();
    };
  }

  /** The addresses of a name; none if it has none. Blocks. */
  static List<InetAddress> lookUp(String host) {
    try {
      return List.of(InetAddress.getAllByName(host));
    } catch (UnknownHostException e) {
      LOG.debug("no addresses for {}", host, e);
      return List.of();
    }
  }
}
