package kaspeer.conformance.hostile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whether honest peers are served at once. A machine that has other things to do is slow now and
 * then, a node that an attack holds up is slow each time: so there are some tries, of which one has
 * to be prompt.
 */
final class Promptness {
  /** What an honest peer may have to wait for anything that needs no work. */
  private static final Duration PROMPT = Duration.ofSeconds(2);

  private static final int TRIES = 5;

  private Promptness() {}

  /**
   * @param deed does it, and tells how long it took
   */
  static void assertOf(String what, Supplier<Duration> deed) {
    List<Duration> took = new ArrayList<>();
    while (took.size() < TRIES) {
      took.add(deed.get());
      if (took.getLast().compareTo(PROMPT) < 0) {
        return;
      }
    }
    throw new AssertionError(what + " took each time more than " + PROMPT + ": " + took);
  }
}
