package kaspeer.script;

/**
 * The script units of one input (consensus reference 6.8.2). A charge that cannot be paid ends the
 * script.
 */
final class UnitMeter {
  /** No limit: for finding out what a script costs. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private final long limit;
  private final long unitsPerSignature;
  private long remaining;

  UnitMeter(long limit, long unitsPerSignature) {
    this.limit = limit;
    this.unitsPerSignature = unitsPerSignature;
    this.remaining = limit;
  }

  long used() {
    return limit - remaining;
  }

  /**
   * Charges units, not negative.
   *
   * @throws ScriptException {@link ScriptError#SCRIPT_UNITS_EXCEEDED}
   */
  void charge(long units) throws ScriptException {
    if (units > remaining) {
      throw new ScriptException(
          ScriptError.SCRIPT_UNITS_EXCEEDED, units + " more after " + used() + " of " + limit);
    }
    remaining -= units;
  }

  /** Charges for checking one signature. */
  void chargeSignature() throws ScriptException {
    charge(unitsPerSignature);
  }
}
