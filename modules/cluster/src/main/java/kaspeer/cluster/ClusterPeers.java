package kaspeer.cluster;

import java.util.List;
import kaspeer.flow.PeerInfo;

/**
 * The peers of all members.
 *
 * @param answered addresses of the members whose peers are in it
 * @param missing addresses of those that did not answer in time
 * @param omitted peers of members that hold more than one message has room for
 */
public record ClusterPeers(
    List<Held> peers, List<String> answered, List<String> missing, int omitted) {
  public ClusterPeers {
    peers = List.copyOf(peers);
    answered = List.copyOf(answered);
    missing = List.copyOf(missing);
  }

  /**
   * A peer and the member that holds it.
   *
   * @param member the member's address
   */
  public record Held(String member, PeerInfo peer) {}
}
