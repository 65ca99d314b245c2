package kaspeer.storage;

import kaspeer.primitives.records.RecordReader;

/** Opens what the database holds. */
final class StoredRecords {
  private StoredRecords() {}

  /**
   * A reader that ends in {@link Damage}, whatever is wrong with the record.
   *
   * @param what names the record in errors
   */
  static RecordReader open(String what, byte[] record) {
    return new RecordReader(
        record, (at, problem) -> new Damage(what + ", byte " + at + ": " + problem));
  }
}
