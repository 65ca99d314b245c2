package kaspeer.cluster.edge;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kaspeer.cluster.ClusterOptions;

/** Which core an edge asks next, by what came of asking others. State of the proxy. */
final class CoreChoice {
  /**
   * A core that takes this edge in and soon sends it away again may have put it out of the cluster,
   * as the next one will have: then there is no use in asking at once.
   */
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final Duration REST = Duration.ofSeconds(1);

  /** A core that will not take this edge in, such as one of another version, is let be so long. */
  private static final Duration REFUSED = Duration.ofSeconds(3);

  /** One that did not answer is asked again when there is no other, or after so long. */
  private static final Duration NO_ANSWER = Duration.ofSeconds(10);

  private final ClusterOptions options;

  /** Cores that would not take this edge in, and when they said so. */
  private final Map<String, Long> refused = new HashMap<>();

  /** Cores that did not answer, and when they were left for that. */
  private final Map<String, Long> unanswered = new HashMap<>();

  private String tried = "";
  private long restUntil = System.nanoTime();

  CoreChoice(ClusterOptions options) {
    this.options = options;
  }

  /** The core that was asked has taken this edge in. */
  void takenIn() {
    tried = "";
  }

  /** The core ends the session, or will have none. */
  void sentAway(Session session) {
    long now = System.nanoTime();
    if (!session.isAttached()) {
      refused.put(session.core().address(), now);
    } else if (session.age().compareTo(SOON) < 0) {
      restUntil = now + REST.toNanos();
    }
  }

  /** Another one is wanted than this. */
  void left(Session session) {
    if (!session.isAttached()) {
      unanswered.put(session.core().address(), System.nanoTime());
    }
    tried = session.core().address();
  }

  /** The core to ask now, if there is one. */
  Optional<Cores.Seen> next(List<Cores.Seen> cores) {
    long now = System.nanoTime();
    if (now - restUntil < 0) {
      return Optional.empty();
    }
    refused.values().removeIf(since -> now - since > REFUSED.toNanos());
    unanswered.values().removeIf(since -> now - since > NO_ANSWER.toNanos());
    List<Cores.Seen> willing =
        cores.stream().filter(core -> !refused.containsKey(core.address())).toList();
    // Or two that do not answer would be asked in turn, and a third one never.
    List<Cores.Seen> answering =
        willing.stream().filter(core -> !unanswered.containsKey(core.address())).toList();
    return best(answering, tried).or(() -> best(willing, tried)).or(() -> best(willing, ""));
  }

  private Optional<Cores.Seen> best(List<Cores.Seen> cores, String except) {
    return Cores.choose(cores, options.address(), except, options.times().silence());
  }
}
