package kaspeer.engine.peers;

import java.time.Duration;
import java.util.List;

/**
 * Whom to dial.
 *
 * @param outboundTarget outbound peers to hold, found ones and permanent ones together; permanent
 *     ones are dialled in any case
 * @param findPeers whether to look for peers at all, in the address book and at seeders
 * @param permanent peers to hold whatever comes
 * @param seeders DNS names that resolve to peers (protocol reference 7.3)
 * @param seedPort port of the peers that seeders name
 * @param permanentRetry pause after the first failure with a permanent peer; it doubles up to four
 *     times
 */
public record DialPlan(
    int outboundTarget,
    boolean findPeers,
    List<DialTarget> permanent,
    List<String> seeders,
    int seedPort,
    Duration permanentRetry) {
  /** Protocol reference 7.1. */
  public static final Duration PERMANENT_RETRY = Duration.ofSeconds(30);

  public DialPlan {
    permanent = List.copyOf(permanent);
    seeders = List.copyOf(seeders);
    if (outboundTarget < 0 || !permanentRetry.isPositive()) {
      throw new IllegalArgumentException("the outbound target is 0 or more, and retries take time");
    }
  }
}
