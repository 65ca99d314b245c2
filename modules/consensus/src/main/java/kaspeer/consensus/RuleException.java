package kaspeer.consensus;

/** A rule was broken. Carries no stack: it is an answer, and an attacker may cause many. */
public final class RuleException extends Exception {
  private static final long serialVersionUID = 1;

  private final Rule rule;
  private final boolean forNow;

  public RuleException(Rule rule, String detail) {
    this(rule, detail, false);
  }

  private RuleException(Rule rule, String detail, boolean forNow) {
    super(detail, null, false, false);
    this.rule = rule;
    this.forNow = forNow;
  }

  /** The same breach by something that may break no rule at another place in the chain. */
  public RuleException asForNow() {
    return new RuleException(rule, detail(), true);
  }

  /** Whether what breaks the rule here is known to depend on the place in the chain. */
  public boolean isForNow() {
    return forNow;
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
