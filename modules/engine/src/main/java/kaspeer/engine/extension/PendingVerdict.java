package kaspeer.engine.extension;

import java.util.concurrent.atomic.AtomicBoolean;
import kaspeer.engine.extension.ExtensionNote.Word;
import kaspeer.flow.FlowOutcome;
import kaspeer.flow.Verdict;
import kaspeer.flow.policy.ViolationCode;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** Tells the peer's supervisor the first word that the flow has on a message. */
final class PendingVerdict implements Verdict {
  private final AtomicBoolean said = new AtomicBoolean();
  private final ActorRef<ExtensionNote> supervisor;
  private final long message;

  PendingVerdict(ActorRef<ExtensionNote> supervisor, long message) {
    this.supervisor = supervisor;
    this.message = message;
  }

  @Override
  public void pass() {
    say(Word.PASS, null);
  }

  @Override
  public void drop() {
    say(Word.DROP, null);
  }

  @Override
  public void violation(ViolationCode code, String detail) {
    say(Word.VIOLATION, Texts.cut(new FlowOutcome.Violation(code, detail)));
  }

  private void say(Word word, FlowOutcome.@Nullable Violation violation) {
    if (said.compareAndSet(false, true)) {
      supervisor.tell(new ExtensionNote.Decided(message, word, violation));
    }
  }
}
