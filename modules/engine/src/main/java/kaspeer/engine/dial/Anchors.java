package kaspeer.engine.dial;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kaspeer.engine.Persistence;
import kaspeer.engine.WriteBehind;
import kaspeer.engine.net.StoredAddress;
import kaspeer.flow.PeerInfo;
import kaspeer.wire.NetAddress;

/**
 * The outbound peers that lasted longest, dialled first after a restart: whoever fills the address
 * book with his own addresses and then makes us restart must not find us among strangers only.
 */
public final class Anchors {
  /** How many are kept. */
  public static final int COUNT = 4;

  private static final String KEY = "anchors";

  private Anchors() {}

  /** Those of the last run. Blocks. */
  public static List<InetSocketAddress> load(Persistence persistence) {
    String text = new String(persistence.get(KEY).orElse(new byte[0]), StandardCharsets.US_ASCII);
    return Arrays.stream(text.split("\n", -1))
        .map(StoredAddress::read)
        .flatMap(Optional::stream)
        .map(NetAddress::toSocket)
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
    String lines = anchors.stream().map(StoredAddress::write).collect(Collectors.joining("\n"));
    store.put(KEY, lines.getBytes(StandardCharsets.US_ASCII));
  }
}
