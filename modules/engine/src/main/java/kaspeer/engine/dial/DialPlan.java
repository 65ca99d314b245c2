package kaspeer.engine.dial;

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
 */
public record DialPlan(
    int outboundTarget,
    boolean findPeers,
    List<DialTarget> permanent,
    List<String> seeders,
    int seedPort) {
  public DialPlan {
    permanent = List.copyOf(permanent);
    seeders = List.copyOf(seeders);
    if (outboundTarget < 0) {
      throw new IllegalArgumentException("the outbound target is 0 or more");
    }
  }
}
