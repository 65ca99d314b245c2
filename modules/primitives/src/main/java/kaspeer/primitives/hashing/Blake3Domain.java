package kaspeer.primitives.hashing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  private final Blake3Key key;

  Blake3Domain(String name) {
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    key = Blake3Key.of(Arrays.copyOf(ascii, Blake3Key.SIZE));
  }

  /** A new hasher, for one thread. */
  public Blake3 hasher() {
    return key.hasher();
  }

  /** The hash of the bytes. */
  public Hash hash(byte[] data) {
    return key.hash(data);
  }

  Blake3Key key() {
    return key;
  }
}
