package kaspeer.engine.peer;

import java.time.Duration;
import java.time.InstantSource;
import kaspeer.engine.LogRateLimit;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.PeerInfo;
import kaspeer.flow.policy.RejectText;
import kaspeer.wire.NetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of peers that come and go. They do so as often as they like, so the lines of a
 * minute are limited, by reason, and strangers who do not even get through their handshake are
 * matter for a closer look only. Shared by all supervisors.
 */
public final class PeerLog {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLog.class);

  /** Lines in a minute that say the same of different peers. */
  static final int LINES = 20;

  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** Characters of a peer's words in a line of log. */
  private static final int MAX_LOGGED = 256;

  private final LogRateLimit limit;

  public PeerLog(InstantSource clock) {
    this.limit = new LogRateLimit(LINES, WINDOW, clock);
  }

  /** A peer is through with its handshake. */
  public void connected(PeerInfo info) {
    limit.write(
        "connected",
        more ->
            LOG.info(
                "Connected {} {} {}{}",
                info.direction(),
                NetAddress.of(info.address()),
                info.userAgent(),
                more));
  }

  /** An outcome ends a peer. @param flow where it came about */
  void ending(PeerInfo peer, String flow, FlowOutcome outcome) {
    NetAddress address = NetAddress.of(peer.address());
    String reason = outcome.typedReason();
    String detail = outcome.detail();
    boolean isStranger =
        !peer.isOutbound() && !peer.permanent() && peer.id().equals(PeerInfo.NO_ID);
    switch (outcome) {
      case FlowOutcome.LocalFault _ ->
          limit.write(
              reason,
              more ->
                  LOG.warn(
                      "Ending {} through our own fault, {}: {}{}", address, flow, detail, more));
      case FlowOutcome.Refused(var text) when !RejectText.isBenign(text) ->
          limit.write(
              reason,
              more ->
                  LOG.warn(
                      "{} {} rejected us: {}{}", address, peer.userAgent(), shortened(text), more));
      case FlowOutcome.Refused _, FlowOutcome.LinkLost _ ->
          LOG.debug("Ending {}: {} {}", address, reason, detail);
      default -> {
        if (isStranger) {
          LOG.debug("Ending {} in its handshake: {} in {}: {}", address, reason, flow, detail);
        } else {
          limit.write(
              reason,
              more -> LOG.info("Ending {}: {} in {}: {}{}", address, reason, flow, detail, more));
        }
      }
    }
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(text.length(), MAX_LOGGED));
  }
}
