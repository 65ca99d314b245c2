package kaspeer.testkit.peer;

import java.util.List;
import kaspeer.wire.proto.KaspadMessage;

/** What a scripted peer says when it hears a message of some type, without the test's doing. */
@FunctionalInterface
public interface Answer {
  /** Takes the message and says nothing. */
  Answer NOTHING = message -> List.of();

  /**
   * The answers, in order; a request id is echoed in each by itself. Called on a thread of the
   * peer, one message at a time.
   */
  List<KaspadMessage> to(KaspadMessage message);
}
