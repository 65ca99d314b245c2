package kaspeer.engine.extension;

import java.io.UncheckedIOException;
import java.time.Instant;
import kaspeer.flow.FlowEvent;
import kaspeer.transport.InboundFrame;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to a plug-in's flow. It is decoded by the thread that gives it to the flow.
 *
 * @param gate through which it went
 * @param pending due for it; null unless it is intercepted
 */
record Delivery(
    Kind kind, InboundFrame frame, Instant at, Gate gate, @Nullable PendingVerdict pending) {
  /** What it is to the flow. */
  enum Kind {
    OWN,
    OBSERVED,
    INTERCEPTED
  }

  /** What the flow is told; null if the message cannot be decoded, which is not its fault. */
  @Nullable FlowEvent event() {
    try {
      return switch (kind) {
        case OWN -> new FlowEvent.Own(frame.type().number(), frame.payload(), at);
        case OBSERVED -> new FlowEvent.Observed(frame.message(), frame.bytes(), at);
        case INTERCEPTED ->
            pending == null
                ? null
                : new FlowEvent.Intercepted(frame.message(), frame.bytes(), at, pending);
      };
    } catch (UncheckedIOException e) {
      if (pending != null) {
        // The built-in flow's door finds out the same, and says so.
        pending.pass();
      }
      return null;
    }
  }

  void done() {
    gate.leave(frame.bytes());
  }
}
