package kaspeer.engine.peers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kaspeer.flow.PeerInfo;
import kaspeer.transport.LinkTraffic;
import kaspeer.wire.PayloadType;
import org.jspecify.annotations.Nullable;

/** Puts together what is shown of a peer. */
final class PeerReports {
  private PeerReports() {}

  static PeerReport of(
      PeerInfo info,
      @Nullable Duration lastPing,
      boolean isIbdPeer,
      double score,
      LinkTraffic traffic,
      List<PeerReport.FlowReport> flows) {
    return new PeerReport(
        info,
        lastPing,
        isIbdPeer,
        score,
        byName(traffic.sent()),
        byName(traffic.received()),
        flows);
  }

  private static Map<String, PeerReport.Traffic> byName(
      Map<PayloadType, LinkTraffic.Count> counts) {
    Map<String, PeerReport.Traffic> named = new TreeMap<>();
    counts.forEach(
        (type, count) ->
            named.put(type.name(), new PeerReport.Traffic(count.messages(), count.bytes())));
    return named;
  }
}
