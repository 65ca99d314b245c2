package kaspeer.engine.extension;

import kaspeer.flow.FlowOutcome;
import org.jspecify.annotations.Nullable;

/** What flows of plug-ins have to tell the supervisor of their peer. */
public sealed interface ExtensionNote {
  /**
   * A verdict on the message that waits under this number.
   *
   * @param violation null unless that is the verdict
   */
  record Decided(long message, Word word, FlowOutcome.@Nullable Violation violation)
      implements ExtensionNote {}

  /** The time for a verdict is over. */
  record Late(long message) implements ExtensionNote {}

  /** A flow found the peer out. */
  record Accused(PluginInstance instance, FlowOutcome outcome) implements ExtensionNote {}

  /** A verdict. */
  enum Word {
    PASS,
    DROP,
    VIOLATION
  }
}
