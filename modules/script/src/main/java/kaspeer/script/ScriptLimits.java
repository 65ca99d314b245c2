package kaspeer.script;

/** The script engine's limits and prices (consensus reference 6.8.1, 6.8.2 and 6.6). */
public final class ScriptLimits {
  /** Values on both stacks together, after any opcode. */
  public static final int MAX_STACK_SIZE = 244;

  /** Bytes of a value. */
  public static final int MAX_ELEMENT_SIZE = 1_000_000;

  /** Bytes of a script. */
  public static final int MAX_SCRIPT_SIZE = 1_000_000;

  /** Opcodes of a script that are not pushes; a multisig counts each of its keys too. */
  public static final int MAX_OPERATIONS = 1_000_000;

  /** Keys of a multisig. */
  public static final int MAX_MULTISIG_KEYS = 20;

  /** Scripts of a later version may be spent by anyone. */
  public static final int MAX_SCRIPT_PUBLIC_KEY_VERSION = 0;

  /** Script units in a gram of compute mass. */
  static final long UNITS_PER_GRAM = 100;

  /** Bytes of a script public key for which a spender pays nothing: the longest standard one. */
  static final int FREE_SCRIPT_PUBLIC_KEY_SIZE = 35;

  private static final long UNITS_PER_SIG_OP = 100_000;
  private static final long UNITS_PER_COMPUTE_BUDGET = 10_000;

  /** What any input may use: just too little to save a unit of compute budget. */
  private static final long FREE_UNITS = UNITS_PER_COMPUTE_BUDGET - 1;

  private ScriptLimits() {}

  /**
   * The script units that an input may use.
   *
   * @param version of the transaction
   * @param computeCommit what the input commits to: version 0 signature operations, later ones
   *     compute budget
   */
  public static long unitsAllowed(int version, int computeCommit) {
    return computeCommit * (version == 0 ? UNITS_PER_SIG_OP : UNITS_PER_COMPUTE_BUDGET)
        + FREE_UNITS;
  }

  /** The compute budget that allows this many script units; more than 16 bits cannot be had. */
  public static long computeBudgetFor(long units) {
    return Math.max(0, units) / UNITS_PER_COMPUTE_BUDGET;
  }
}
