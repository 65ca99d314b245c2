package kaspeer.primitives;

/** The unit of amounts: a hundred millionth of a KAS. */
public final class Sompi {
  /** All that can ever exist. */
  public static final long MAX = 29_000_000_000L * 100_000_000L;

  private Sompi() {}
}
