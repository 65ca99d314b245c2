package kaspeer.storage;

import kaspeer.primitives.BlockStatus;

/**
 * The stored form of the status of a block that has a body: nothing for one of which only that is
 * known, as in format 1, else one byte.
 */
final class BodyStatus {
  static final byte[] PENDING = {};
  static final byte[] QUALIFIED = {1};
  static final byte[] DISQUALIFIED = {2};

  private BodyStatus() {}

  /**
   * @throws Damage if this is no such record
   */
  static BlockStatus read(int id, byte[] record) {
    if (record.length == 0) {
      return BlockStatus.BODY;
    }
    if (record.length == 1 && record[0] == QUALIFIED[0]) {
      return BlockStatus.UTXO_VALID;
    }
    if (record.length == 1 && record[0] == DISQUALIFIED[0]) {
      return BlockStatus.DISQUALIFIED_FROM_CHAIN;
    }
    throw new Damage("unknown status of block " + id);
  }
}
