package kaspeer.engine.peer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.jspecify.annotations.Nullable;

/**
 * What the flows of one peer have asked and not settled. An answer is legal only while its question
 * is here.
 */
final class OpenQuestions {
  /**
   * One question.
   *
   * @param slot number of the flow that asked
   * @param withId whether the answer names it
   * @param abandoned whether the asker is gone: answers are still legal, and of no use
   */
  record Question(int slot, Set<PayloadCase> answers, boolean withId, boolean abandoned) {}

  private final Map<Integer, Question> byNumber = new HashMap<>(2);

  void open(int number, Question question) {
    byNumber.put(number, question);
  }

  /** Returns the question, if it was open. */
  @Nullable Question settle(int number) {
    return byNumber.remove(number);
  }

  /** The question that this message answers by number, or null. */
  @Nullable Question answered(int number, PayloadCase payload) {
    Question question = byNumber.get(number);
    return question != null && question.withId && question.answers.contains(payload)
        ? question
        : null;
  }

  /**
   * A question of a flow that this message answers by type, or null; one that is not abandoned if
   * there is one.
   */
  @Nullable Question answered(PayloadCase payload, int slot) {
    Question found = null;
    for (Question question : byNumber.values()) {
      if (question.slot == slot && !question.withId && question.answers.contains(payload)) {
        if (!question.abandoned) {
          return question;
        }
        found = question;
      }
    }
    return found;
  }

  /** A flow is started anew: what its predecessor asked is nothing to it. */
  void abandon(int slot) {
    byNumber.replaceAll(
        (_, question) ->
            question.slot == slot
                ? new Question(slot, question.answers, question.withId, true)
                : question);
  }

  /** Whether a flow, or its predecessor, has a question open. */
  boolean isAnyOf(int slot) {
    return byNumber.values().stream().anyMatch(question -> question.slot == slot);
  }

  int size() {
    return byNumber.size();
  }
}
