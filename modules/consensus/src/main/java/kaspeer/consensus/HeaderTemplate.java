package kaspeer.consensus;

import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;

/**
 * What the rules fix in the header of a block with given parents. The rest (merkle root,
 * commitments, time, nonce) is the miner's.
 *
 * @param selectedParent the parent with the highest (blue work, hash)
 * @param bits compact target
 * @param pastMedianTime what the timestamp must exceed, in milliseconds since 1970
 * @param pruningPoint what a header on the selected chain has to state
 */
public record HeaderTemplate(
    ParentsByLevel parents,
    Hash selectedParent,
    int bits,
    long daaScore,
    BlueWork blueWork,
    long blueScore,
    long pastMedianTime,
    Hash pruningPoint) {
  /** The version of every header but genesis. */
  public static final int VERSION = 2;

  /**
   * The header.
   *
   * @param acceptedIdMerkleRoot the sequencing commitment
   * @param timestamp milliseconds since 1970
   */
  public Header header(
      Hash hashMerkleRoot,
      Hash acceptedIdMerkleRoot,
      Hash utxoCommitment,
      long timestamp,
      long nonce) {
    return new Header(
        VERSION,
        parents,
        hashMerkleRoot,
        acceptedIdMerkleRoot,
        utxoCommitment,
        timestamp,
        bits,
        nonce,
        daaScore,
        blueWork,
        blueScore,
        pruningPoint);
  }
}
