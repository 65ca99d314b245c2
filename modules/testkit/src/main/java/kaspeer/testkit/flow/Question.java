package kaspeer.testkit.flow;

import java.util.Set;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;

/** An open question of the flow: what may answer it, and whether by number or by type. */
record Question(int number, Set<PayloadCase> answers, boolean withId) {
  Question {
    answers = Set.copyOf(answers);
  }
}
