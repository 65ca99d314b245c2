package kaspeer.primitives.hashing;

import java.nio.charset.StandardCharsets;
import kaspeer.primitives.Bytes;
import kaspeer.primitives.Hash;

/**
 * The domains of BLAKE3: each, padded with zeros to 32 bytes, is the function's key (consensus
 * reference 1.2).
 */
public enum Blake3Domain {
  PAYLOAD_DIGEST("PayloadDigest"),
  TRANSACTION_REST("TransactionRest"),
  TRANSACTION_V1_ID("TransactionV1Id"),
  SEQ_COMMIT_MERKLE_BRANCH("SeqCommitmentMerkleBranchHash"),
  SEQ_COMMIT_LANE_KEY("SeqCommitLaneKey"),
  SEQ_COMMIT_LANE_TIP("SeqCommitLaneTip"),
  SEQ_COMMIT_ACTIVITY_LEAF("SeqCommitActivityLeaf"),
  SEQ_COMMIT_MERGESET_CONTEXT("SeqCommitMergesetContext"),
  SEQ_COMMIT_MINER_PAYLOAD_LEAF("SeqCommitMinerPayloadLeaf"),
  SEQ_COMMIT_ACTIVITY_ROOT("SeqCommitActivityRoot"),
  SEQ_COMMIT_ACTIVE_LEAF("SeqCommitActiveLeaf"),
  SEQ_COMMIT_ACTIVE_NODE("SeqCommitActiveNode"),
  SEQ_COMMIT_ACTIVE_COLLAPSED_NODE("SeqCommitActiveCollapsedNode");

  private final int[] key = new int[Blake3.KEY_WORDS];

  Blake3Domain(String name) {
    byte[] padded = new byte[4 * Blake3.KEY_WORDS];
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, padded, 0, ascii.length);
    for (int i = 0; i < Blake3.KEY_WORDS; i++) {
      key[i] = Bytes.intLe(padded, 4 * i);
    }
  }

  /** A new hasher, for one thread. */
  public Blake3 hasher() {
    return new Blake3(this);
  }

  /** The hash of the bytes. */
  public Hash hash(byte[] data) {
    Blake3 hasher = hasher();
    hasher.putBytes(data);
    return hasher.finish();
  }

  int[] key() {
    return key;
  }
}
