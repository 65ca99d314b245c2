package kaspeer.consensus.sync;

/** What a query found, or why it was refused. */
public sealed interface SyncAnswer<T> {
  /** What was asked for. */
  record Found<T>(T value) implements SyncAnswer<T> {}

  /** Why there is no answer. */
  record Refused<T>(SyncFailure failure) implements SyncAnswer<T> {}

  static <T> SyncAnswer<T> found(T value) {
    return new Found<>(value);
  }

  static <T> SyncAnswer<T> refused(SyncFailure failure) {
    return new Refused<>(failure);
  }
}
