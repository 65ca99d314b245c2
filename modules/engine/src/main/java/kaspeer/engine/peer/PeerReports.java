package kaspeer.engine.peer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kaspeer.engine.extension.PeerExtensions;
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

  /** Those of the network's protocol, and behind them those of plug-ins. */
  static List<PeerReport.FlowReport> flows(
      List<PeerReport.FlowReport> builtIn, @Nullable PeerExtensions extensions) {
    if (extensions == null) {
      return builtIn;
    }
    List<PeerReport.FlowReport> all = new ArrayList<>(builtIn);
    for (PeerExtensions.Shown flow : extensions.shown()) {
      all.add(
          new PeerReport.FlowReport(
              flow.name(),
              flow.state(),
              flow.depth(),
              flow.handled(),
              flow.dropped(),
              flow.failures()));
    }
    return all;
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
