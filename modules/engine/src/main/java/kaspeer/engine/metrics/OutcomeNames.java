package kaspeer.engine.metrics;

import kaspeer.flow.FlowOutcome;

/** Stable names of outcomes, for metrics, events and departed peers. */
public final class OutcomeNames {
  private OutcomeNames() {}

  /** The kind of an outcome: {@code violation}, {@code link-lost} and so on. */
  public static String kind(FlowOutcome outcome) {
    return switch (outcome) {
      case FlowOutcome.Completed _ -> "completed";
      case FlowOutcome.Violation _ -> "violation";
      case FlowOutcome.Unresponsive _ -> "unresponsive";
      case FlowOutcome.Overflowed _ -> "overflowed";
      case FlowOutcome.Refused _ -> "refused";
      case FlowOutcome.LocalFault _ -> "local-fault";
      case FlowOutcome.LinkLost _ -> "link-lost";
    };
  }

  /**
   * The typed reason: the kind, and for a violation its code, as in {@code
   * violation.WRONG_NETWORK}.
   */
  public static String reason(FlowOutcome outcome) {
    return outcome instanceof FlowOutcome.Violation violation
        ? kind(outcome) + "." + violation.code().name()
        : kind(outcome);
  }

  /** What is known beyond the reason. */
  public static String detail(FlowOutcome outcome) {
    return switch (outcome) {
      case FlowOutcome.Completed _ -> "";
      case FlowOutcome.Violation(var _, var detail) -> detail;
      case FlowOutcome.Unresponsive(var awaited, var waited) ->
          "no " + awaited + " within " + waited.toSeconds() + " s";
      case FlowOutcome.Overflowed(var queue) -> queue;
      case FlowOutcome.Refused(var reason) -> reason;
      case FlowOutcome.LocalFault(var detail) -> detail;
      case FlowOutcome.LinkLost(var detail) -> detail;
    };
  }
}
