package kaspeer.flows.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import kaspeer.flow.policy.ViolationCode;
import org.junit.jupiter.api.Test;

class LocalQuestionsTest {
  private final LocalQuestions questions = new LocalQuestions();

  @Test
  void a_question_open_at_two_looks_without_any_answer_between_is_lost() {
    questions.ask();
    assertThat(questions.areStalled()).isFalse();
    assertThat(questions.areStalled()).isTrue();
  }

  @Test
  void as_long_as_answers_come_nothing_is_lost() {
    questions.ask();
    for (int i = 0; i < 5; i++) {
      questions.ask();
      assertThat(questions.areStalled()).isFalse();
      questions.answer();
    }
  }

  @Test
  void without_open_questions_nothing_is_lost() {
    questions.ask();
    assertThat(questions.areStalled()).isFalse();
    questions.answer();
    assertThat(questions.areStalled()).isFalse();
    assertThat(questions.areStalled()).isFalse();
    questions.ask();
    assertThat(questions.areStalled()).isFalse();
  }

  @Test
  void a_breach_is_of_a_code_after_which_no_flow_goes_on() {
    assertThat(new Breach(ViolationCode.WRONG_BLOCK, "x").code())
        .isEqualTo(ViolationCode.WRONG_BLOCK);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Breach(ViolationCode.WRONG_PONG_NONCE, "x"));
  }
}
