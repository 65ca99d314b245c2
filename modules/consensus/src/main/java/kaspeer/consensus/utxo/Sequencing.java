package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Merge;
import kaspeer.crypto.lanes.SequencingCommitment;
import kaspeer.primitives.Hash;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What a merge contributes to the sequencing commitment, whatever the lanes were before (consensus
 * reference 6.7, steps 1 to 3 and 7). Computed on first use, by any thread.
 */
final class Sequencing {
  /** A lane with accepted transactions: the key, and the digest of what happened in it. */
  record Activity(Hash laneKey, Hash digest) {}

  /**
   * All of it.
   *
   * @param context of the mergeset
   * @param payloadAndContext the digest of it and the miners' payloads
   */
  record Parts(Hash context, List<Activity> lanes, Hash payloadAndContext) {}

  private final Merge merge;
  private final List<MergedBlock> merged;
  private final Blocks blocks;
  private @Nullable Parts parts;

  Sequencing(Merge merge, List<MergedBlock> merged, Blocks blocks) {
    this.merge = merge;
    this.merged = merged;
    this.blocks = blocks;
  }

  synchronized Parts parts() {
    Parts known = parts;
    if (known == null) {
      Hash context =
          SequencingCommitment.mergesetContext(
              blocks.timestamp(merge.selectedParent()), merge.daaScore(), merge.blueScore());
      known = new Parts(context, activities(), payloadAndContext(context));
      parts = known;
    }
    return known;
  }

  private List<Activity> activities() {
    Map<SubnetworkId, List<Hash>> leaves = new LinkedHashMap<>();
    int index = 0;
    for (MergedBlock block : merged) {
      for (int accepted : block.accepted()) {
        Transaction transaction = block.transactions().get(accepted);
        leaves
            .computeIfAbsent(transaction.subnetworkId(), lane -> new ArrayList<>())
            .add(
                SequencingCommitment.activityLeaf(
                    transaction.id(), transaction.version(), index++));
      }
    }
    List<Activity> activities = new ArrayList<>(leaves.size());
    leaves.forEach(
        (lane, ofLane) ->
            activities.add(
                new Activity(
                    SequencingCommitment.laneKey(lane),
                    SequencingCommitment.activityDigest(ofLane))));
    return activities;
  }

  private Hash payloadAndContext(Hash context) {
    List<Hash> leaves = new ArrayList<>(merged.size());
    for (MergedBlock block : merged) {
      leaves.add(
          SequencingCommitment.minerPayloadLeaf(
              blocks.hash(block.id()), blocks.blueWork(block.id()), block.coinbase().payload()));
    }
    return SequencingCommitment.payloadAndContext(
        context, SequencingCommitment.payloadRoot(leaves));
  }
}
