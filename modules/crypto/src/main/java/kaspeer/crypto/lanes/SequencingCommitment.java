package kaspeer.crypto.lanes;

import java.util.List;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.hashing.Blake3;
import kaspeer.primitives.hashing.Blake3Domain;

/**
 * The hashes that make up the sequencing commitment, the header's {@code acceptedIdMerkleRoot}
 * (KIP-21; consensus reference 6.7). Pure functions, thread safe. B is the committing block, S its
 * selected parent.
 *
 * <pre>
 * commit
 * ├─ commit of S
 * └─ stateRoot
 *    ├─ activityRoot: inactivity shortcut, root of the lane tree
 *    └─ payloadAndContext: mergesetContext, payloadRoot
 * </pre>
 */
public final class SequencingCommitment {
  private static final ThreadLocal<Blake3> HASHER =
      ThreadLocal.withInitial(Blake3Domain.SEQ_COMMIT_MERKLE_BRANCH::hasher);

  /** The lanes of most transactions. */
  private static final Hash NATIVE_LANE_KEY = hashedLaneKey(SubnetworkId.NATIVE);

  private static final Hash COINBASE_LANE_KEY = hashedLaneKey(SubnetworkId.COINBASE);

  private SequencingCommitment() {}

  /** The key of a lane in the tree. Native and coinbase transactions are lanes as well. */
  public static Hash laneKey(SubnetworkId lane) {
    if (lane.equals(SubnetworkId.NATIVE)) {
      return NATIVE_LANE_KEY;
    }
    return lane.equals(SubnetworkId.COINBASE) ? COINBASE_LANE_KEY : hashedLaneKey(lane);
  }

  private static Hash hashedLaneKey(SubnetworkId lane) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_LANE_KEY);
    hasher.putBytes(lane.toBytes());
    return hasher.finish();
  }

  /**
   * An accepted transaction.
   *
   * @param version of the transaction, 16 bits
   * @param index its place among all that B accepts, in whatever lane; unsigned
   */
  public static Hash activityLeaf(Hash transactionId, int version, int index) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_ACTIVITY_LEAF);
    hasher.putHash(transactionId);
    hasher.putShort(version);
    hasher.putInt(index);
    return hasher.finish();
  }

  /** What B accepts in one lane: the leaves in acceptance order. */
  public static Hash activityDigest(List<Hash> activityLeaves) {
    return Merkle.sequencingRoot(activityLeaves);
  }

  /**
   * The tip of a lane after B.
   *
   * @param parent the tip before, if the lane is active; else the commitment of S
   * @param context the {@link #mergesetContext} of B
   */
  public static Hash laneTip(Hash parent, Hash laneKey, Hash activityDigest, Hash context) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_LANE_TIP);
    hasher.putHash(parent);
    hasher.putHash(laneKey);
    hasher.putHash(activityDigest);
    hasher.putHash(context);
    return hasher.finish();
  }

  /**
   * What of B itself is committed to; all unsigned.
   *
   * @param timestamp of S, in milliseconds
   * @param daaScore of B
   * @param blueScore of B
   */
  public static Hash mergesetContext(long timestamp, long daaScore, long blueScore) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_MERGESET_CONTEXT);
    hasher.putLong(timestamp);
    hasher.putLong(daaScore);
    hasher.putLong(blueScore);
    return hasher.finish();
  }

  /**
   * A merged block.
   *
   * @param coinbasePayload the payload of its coinbase transaction
   */
  public static Hash minerPayloadLeaf(Hash block, BlueWork blueWork, byte[] coinbasePayload) {
    Blake3 hasher = hasher(Blake3Domain.PAYLOAD_DIGEST);
    hasher.putBytes(coinbasePayload);
    Hash payloadDigest = hasher.finish();
    hasher.reset(Blake3Domain.SEQ_COMMIT_MINER_PAYLOAD_LEAF);
    hasher.putHash(block);
    hasher.putVarBytes(blueWork.toMinimalBytes());
    hasher.putHash(payloadDigest);
    return hasher.finish();
  }

  /** All merged blocks: the leaf of S, then those of the mergeset in ascending order. */
  public static Hash payloadRoot(List<Hash> minerPayloadLeaves) {
    return Merkle.sequencingRoot(minerPayloadLeaves);
  }

  /** Context and payload root as one, which is kept of each chain block. */
  public static Hash payloadAndContext(Hash mergesetContext, Hash payloadRoot) {
    return branch(mergesetContext, payloadRoot);
  }

  /**
   * The lanes, and what bridges those that expired.
   *
   * @param inactivityShortcut commitment of the highest chain block below B's finality depth; zero
   *     while that is genesis
   * @param lanesRoot root of the {@link LaneTree} after B
   */
  public static Hash activityRoot(Hash inactivityShortcut, Hash lanesRoot) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_ACTIVITY_ROOT);
    hasher.putHash(inactivityShortcut);
    hasher.putHash(lanesRoot);
    return hasher.finish();
  }

  /** The state that B commits to, without its past. */
  public static Hash stateRoot(Hash activityRoot, Hash payloadAndContext) {
    return branch(activityRoot, payloadAndContext);
  }

  /**
   * The commitment of B.
   *
   * @param parentCommit that of S: its {@code acceptedIdMerkleRoot}
   */
  public static Hash commit(Hash parentCommit, Hash stateRoot) {
    return branch(parentCommit, stateRoot);
  }

  /** The leaf of an active lane in the tree. */
  static Hash activeLeaf(Lane lane) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_ACTIVE_LEAF);
    hasher.putHash(lane.tip());
    hasher.putLong(lane.touchBlueScore());
    return hasher.finish();
  }

  /** A subtree with a single leaf. */
  static Hash collapsedNode(Hash laneKey, Hash activeLeaf) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_ACTIVE_COLLAPSED_NODE);
    hasher.putHash(laneKey);
    hasher.putHash(activeLeaf);
    return hasher.finish();
  }

  /** A subtree with none, or more than one. */
  static Hash innerNode(Hash left, Hash right) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_ACTIVE_NODE);
    hasher.putHash(left);
    hasher.putHash(right);
    return hasher.finish();
  }

  private static Hash branch(Hash left, Hash right) {
    Blake3 hasher = hasher(Blake3Domain.SEQ_COMMIT_MERKLE_BRANCH);
    hasher.putHash(left);
    hasher.putHash(right);
    return hasher.finish();
  }

  private static Blake3 hasher(Blake3Domain domain) {
    Blake3 hasher = HASHER.get();
    hasher.reset(domain);
    return hasher;
  }
}
