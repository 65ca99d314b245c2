package kaspeer.admin;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What does not change while a node runs and the engine does not know.
 *
 * @param roles the node's part in a cluster: {@code core}, {@code edge} or both
 * @param policy name of the preset that outcomes are judged by
 * @param p2pAddress where the node accepts peers, or null when it only dials
 * @param difficultyWindow how many blocks it spans
 */
public record NodeFacts(
    String version,
    Instant startedAt,
    List<String> roles,
    String policy,
    @Nullable InetSocketAddress p2pAddress,
    long difficultyWindow) {
  public NodeFacts {
    roles = List.copyOf(roles);
  }
}
