package kaspeer.storage;

import java.io.Serial;

/**
 * What was read is no record of its kind, or one that must be there is missing. Those who decode do
 * not know where the database is: {@link RocksDagStore} makes a {@link StoreException} of it, with
 * the place and what to do.
 */
final class Damage extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * @param what is wrong with which record
   */
  Damage(String what) {
    super(what);
  }

  /** What is wrong with which record. */
  String what() {
    return String.valueOf(getMessage());
  }
}
