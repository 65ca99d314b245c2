package kaspeer.consensus;

/** A rule was broken. Carries no stack: it is an answer, and an attacker may cause many. */
public final class RuleException extends Exception {
  private static final long serialVersionUID = 1;

  private final Rule rule;

  public RuleException(Rule rule, String detail) {
    super(detail, null, false, false);
    this.rule = rule;
  }

  public Rule rule() {
    return rule;
  }

  /** What differs, with the stated and the expected value. */
  public String detail() {
    String message = getMessage();
    return message == null ? rule.name() : message;
  }
}
