package kaspeer.primitives;

/** What an input's sequence says of locks (consensus reference 5.2 and 6.6). */
public final class Sequence {
  /** All ones: an input that does not care for the transaction's lock time. */
  public static final long FINAL = -1L;

  /** Set in the sequence of an input that has no relative lock. */
  public static final long LOCK_TIME_DISABLED = 1L << 63;

  /** The bits that hold a relative lock, in DAA score. */
  public static final long LOCK_TIME_MASK = 0xFFFF_FFFFL;

  private Sequence() {}
}
