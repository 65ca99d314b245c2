package kaspeer.primitives;

/** What a transaction's lock time means (consensus reference 5.2). */
public final class LockTime {
  /** Lock times below it, as unsigned numbers, are DAA scores, others milliseconds since 1970. */
  public static final long THRESHOLD = 500_000_000_000L;

  private LockTime() {}

  /** Whether a lock time is a DAA score; else it is a time. */
  public static boolean isDaaScore(long lockTime) {
    return Long.compareUnsigned(lockTime, THRESHOLD) < 0;
  }
}
