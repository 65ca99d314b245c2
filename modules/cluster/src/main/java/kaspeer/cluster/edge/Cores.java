package kaspeer.cluster.edge;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Which core to use. */
public final class Cores {
  /** DAA scores that are no further apart say nothing of who is ahead. */
  private static final long SAME = 20;

  private Cores() {}

  /**
   * A core as an edge sees it.
   *
   * @param address by which members know it
   * @param agent its agent
   * @param heardAt when it was heard of last, by {@link System#nanoTime}
   * @param leaving whether it is about to go
   */
  public record Seen(
      String address,
      ActorRef<MessageLite> agent,
      boolean synced,
      long daaScore,
      long heardAt,
      boolean leaving) {
    Duration silence() {
      return Duration.ofNanos(System.nanoTime() - heardAt);
    }
  }

  /**
   * The best one: synced before others, the least behind, and among equals each edge prefers
   * another, so that they spread.
   *
   * @param edge who asks
   * @param except not this one
   * @param silence of a core that is left out
   */
  static Optional<Seen> choose(List<Seen> cores, String edge, String except, Duration silence) {
    long best =
        cores.stream()
            .filter(Seen::synced)
            .mapToLong(Seen::daaScore)
            .max()
            .orElseGet(() -> cores.stream().mapToLong(Seen::daaScore).max().orElse(0));
    return cores.stream()
        .filter(core -> !core.leaving && !core.address.equals(except))
        .filter(core -> core.silence().compareTo(silence) < 0)
        .min(
            Comparator.comparing((Seen core) -> !core.synced)
                .thenComparingLong(core -> best - core.daaScore > SAME ? best - core.daaScore : 0)
                .thenComparingInt(core -> weight(edge, core.address)));
  }

  private static int weight(String edge, String core) {
    int mixed = (edge + "|" + core).hashCode() * 0x9E3779B1;
    return mixed ^ mixed >>> 15;
  }
}
