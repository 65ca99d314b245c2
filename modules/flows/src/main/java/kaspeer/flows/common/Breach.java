package kaspeer.flows.common;

import kaspeer.flow.policy.ViolationCode;

/**
 * The peer broke a rule after which the flow cannot go on. Thrown from wherever it is found to the
 * flow's {@code onMessage}, which reports it and stops. Has no stack trace: it is an answer, not an
 * accident.
 */
public final class Breach extends Exception {
  private static final long serialVersionUID = 1;

  private final ViolationCode code;
  private final String detail;

  /**
   * @param code a fatal one
   */
  public Breach(ViolationCode code, String detail) {
    super(code + ": " + detail, null, false, false);
    if (!code.isFatal()) {
      throw new IllegalArgumentException("a flow goes on after " + code);
    }
    this.code = code;
    this.detail = detail;
  }

  public ViolationCode code() {
    return code;
  }

  public String detail() {
    return detail;
  }
}
