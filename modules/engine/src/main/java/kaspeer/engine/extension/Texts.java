package kaspeer.engine.extension;

import java.util.Objects;
import kaspeer.flow.FlowOutcome;

/** Words of plug-ins. */
final class Texts {
  private static final int MAX = 512;

  private Texts() {}

  static String cut(String text) {
    return text.length() <= MAX ? text : text.substring(0, MAX);
  }

  /**
   * What may be told on: of bounded length, and nothing missing.
   *
   * @throws NullPointerException on the plug-in's own thread, if something is
   */
  static FlowOutcome.Violation cut(FlowOutcome.Violation violation) {
    return new FlowOutcome.Violation(
        Objects.requireNonNull(violation.code()), cut(violation.detail()));
  }
}
