package kaspeer.engine.peers;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kaspeer.engine.Persistence;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.net.IpRange;
import kaspeer.flow.PeerInfo;
import kaspeer.wire.NetAddress;

/**
 * The outbound peers that lasted longest, dialled first after a restart: whoever fills the address
 * book with his own addresses and then makes us restart must not find us among strangers only.
 */
public final class Anchors {
  /** How many are kept. */
  static final int COUNT = 4;

  private static final String KEY = "anchors";

  private Anchors() {}

  /** Those of the last run. Blocks. */
  public static List<InetSocketAddress> load(Persistence persistence) {
    String text = new String(persistence.get(KEY).orElse(new byte[0]), StandardCharsets.US_ASCII);
    return Arrays.stream(text.split("\n", -1))
        .map(Anchors::parse)
        .flatMap(Optional::stream)
        .limit(COUNT)
        .toList();
  }

  /** Those to be kept of the outbound peers that are connected. */
  static List<NetAddress> among(Collection<PeerInfo> outbound) {
    return outbound.stream()
        .filter(info -> !info.permanent())
        .sorted(Comparator.comparing(PeerInfo::connectedAt))
        .limit(COUNT)
        .map(info -> NetAddress.of(info.address()))
        .toList();
  }

  static void store(List<NetAddress> anchors, WriteBehind store) {
    List<String> lines = new ArrayList<>();
    for (NetAddress anchor : anchors) {
      lines.add(anchor.ip().getHostAddress() + "|" + anchor.port());
    }
    store.put(KEY, String.join("\n", lines).getBytes(StandardCharsets.US_ASCII));
  }

  private static Optional<InetSocketAddress> parse(String line) {
    int bar = line.indexOf('|');
    if (bar < 0 || !line.substring(bar + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(line.substring(bar + 1));
    return port > 0xFFFF
        ? Optional.empty()
        : IpRange.parse(line.substring(0, bar))
            .map(range -> new InetSocketAddress(range.first(), port));
  }
}
