package kaspeer.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import kaspeer.cluster.members.SharedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the decisions that count here and those in a map of all members together: the later one
 * counts, here and there. An entry that is missing in the map lifts nothing, and what a member that
 * was away writes into it is set right by those that know better. State of the agent.
 */
final class SharedDecisions {
  private static final Logger LOG = LoggerFactory.getLogger(SharedDecisions.class);

  /**
   * Every so many reviews what nobody need know of any more goes out of the map. Seldom: a member
   * whose clock is ahead takes out what the others write again.
   */
  static final int SWEEP = 720;

  /** What follows here from a decision of another member. */
  interface Effect {
    /**
     * @param before what counted until now
     */
    void of(String subject, Decision now, @Nullable Decision before);
  }

  private final String what;
  private final Decisions ours;
  private final Consumer<SharedMap.Command> map;
  private final Effect effect;
  private Map<String, String> texts = Map.of();
  private Map<String, Decision> theirs = Map.of();
  private int reviews;

  /**
   * @param what for the log
   * @param map writes for all members
   */
  SharedDecisions(String what, Decisions ours, Consumer<SharedMap.Command> map, Effect effect) {
    this.what = what;
    this.ours = ours;
    this.map = map;
    this.effect = effect;
  }

  /** This is in the map now. */
  void onChange(Map<String, String> all) {
    Map<String, Decision> read = new HashMap<>();
    all.forEach(
        (subject, text) -> {
          Optional<Decision> decision = Decision.parse(text);
          if (decision.isPresent()) {
            read.put(subject, decision.get());
          } else if (!text.equals(texts.get(subject))) {
            LOG.warn("What others say of {} {} makes no sense here: {}", what, subject, text);
          }
        });
    texts = all;
    theirs = read;
  }

  /** Applies what others decided later than what counts here. */
  void takeOver(long now) {
    theirs.forEach(
        (subject, decision) -> {
          Decision before = ours.get(subject);
          boolean counts = decision.holds() ? decision.until() > now : !decision.isForgotten(now);
          if (counts && ours.hear(subject, decision)) {
            effect.of(subject, decision, before);
          }
        });
  }

  /** Tells the others of what was decided here, unless they know. */
  void share(String subject) {
    Decision last = ours.get(subject);
    Decision known = theirs.get(subject);
    if (last != null && (known == null || last.isAfter(known))) {
      map.accept(new SharedMap.Put(subject, last.text()));
    }
  }

  /** Looks whether the map says what counts here, and forgets what is over. */
  void review(long now) {
    takeOver(now);
    ours.forEach(
        (subject, last) -> {
          if (last.isForgotten(now)) {
            ours.forget(subject, last);
          } else if (!last.holds() || last.until() > now) {
            share(subject);
          }
        });
    reviews++;
    if (reviews % SWEEP == 0) {
      theirs.forEach(
          (subject, decision) -> {
            if (decision.isForgotten(now)) {
              map.accept(new SharedMap.Remove(subject));
            }
          });
    }
  }
}
