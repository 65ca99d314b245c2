package kaspeer.engine.peers;

import java.time.Instant;
import kaspeer.flow.PeerInfo;

/**
 * A peer that is gone, and why. @param reason typed reason, as in {@link
 * kaspeer.engine.NodeEvent.PeerDisconnected}
 */
public record Departure(PeerInfo info, Instant at, String reason, String detail, String sanction) {}
