package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.crypto.lanes.Lane;
import kaspeer.crypto.lanes.LaneTree;
import kaspeer.crypto.lanes.SequencingCommitment;
import kaspeer.primitives.Hash;

/**
 * The active lanes at the chain block the committer works on (consensus reference 6.7), and which
 * of them differ from what is stored.
 */
final class Lanes {
  private final long finalityDepth;
  private LaneTree tree = LaneTree.EMPTY;

  /** Lanes that changed since the last commit, as they are now; empty if they expired. */
  private final Map<Hash, Optional<Lane>> changed = new LinkedHashMap<>();

  /** What a block makes of the lanes of its selected parent. */
  record Update(LaneTree tree, List<LaneChange> changes, Hash commitment) {}

  Lanes(long finalityDepth) {
    this.finalityDepth = finalityDepth;
  }

  /** Takes in the stored lanes, at the start. */
  void load(List<StoredLane> stored) {
    Map<Hash, Lane> lanes = LinkedHashMap.newLinkedHashMap(stored.size());
    for (StoredLane lane : stored) {
      lanes.put(lane.key(), new Lane(lane.tip(), lane.blueScore()));
    }
    tree = tree.with(lanes, List.of());
  }

  /**
   * What a block makes of these lanes, which are those of its selected parent.
   *
   * @param blueScore of the block
   * @param parentCommitment of its selected parent
   * @param shortcut commitment of its finality point
   */
  Update update(Sequencing.Parts parts, long blueScore, Hash parentCommitment, Hash shortcut) {
    long oldest = Math.max(0, blueScore - finalityDepth);
    Map<Hash, Lane> touched = LinkedHashMap.newLinkedHashMap(parts.lanes().size());
    List<LaneChange> changes = new ArrayList<>();
    for (Sequencing.Activity activity : parts.lanes()) {
      Hash key = activity.laneKey();
      Lane before = tree.get(key);
      // One touched too long ago has expired; what it begins again with is its parent's commitment.
      Hash reference =
          before != null && before.touchBlueScore() >= oldest ? before.tip() : parentCommitment;
      Hash tip = SequencingCommitment.laneTip(reference, key, activity.digest(), parts.context());
      Lane after = new Lane(tip, blueScore);
      touched.put(key, after);
      changes.add(new LaneChange(key, before, after));
    }
    List<Hash> expired = tree.touchedBefore(oldest);
    for (Hash key : expired) {
      if (!touched.containsKey(key)) {
        changes.add(new LaneChange(key, tree.get(key), null));
      }
    }
    LaneTree updated = tree.with(touched, expired);
    return new Update(updated, changes, commitment(updated, parts, parentCommitment, shortcut));
  }

  /**
   * What the block at which these lanes are has to commit to.
   *
   * @param parts of that block
   * @param parentCommitment of its selected parent
   * @param shortcut commitment of its finality point
   */
  Hash commitment(Sequencing.Parts parts, Hash parentCommitment, Hash shortcut) {
    return commitment(tree, parts, parentCommitment, shortcut);
  }

  private static Hash commitment(
      LaneTree after, Sequencing.Parts parts, Hash parentCommitment, Hash shortcut) {
    Hash activityRoot = SequencingCommitment.activityRoot(shortcut, after.root());
    Hash stateRoot = SequencingCommitment.stateRoot(activityRoot, parts.payloadAndContext());
    return SequencingCommitment.commit(parentCommitment, stateRoot);
  }

  boolean isEmpty() {
    return tree.root().equals(LaneTree.EMPTY.root());
  }

  /** Goes on to the block that an update is for. */
  void apply(Update update) {
    tree = update.tree;
    note(update.changes);
  }

  /** Goes along the changes of a block whose update is not at hand. */
  void apply(List<LaneChange> changes) {
    Map<Hash, Lane> present = LinkedHashMap.newLinkedHashMap(changes.size());
    List<Hash> absent = new ArrayList<>();
    for (LaneChange change : changes) {
      if (change.after() == null) {
        absent.add(change.key());
      } else {
        present.put(change.key(), change.after());
      }
    }
    tree = tree.with(present, absent);
    note(changes);
  }

  private void note(List<LaneChange> changes) {
    for (LaneChange change : changes) {
      changed.put(change.key(), Optional.ofNullable(change.after()));
    }
  }

  /** Lanes that are new or were touched since the last commit. */
  List<StoredLane> changedLanes() {
    List<StoredLane> lanes = new ArrayList<>(changed.size());
    changed.forEach(
        (key, now) ->
            now.ifPresent(
                lane -> lanes.add(new StoredLane(key, lane.tip(), lane.touchBlueScore()))));
    return lanes;
  }

  /** Keys of lanes that expired since the last commit; some may not be stored at all. */
  List<Hash> expiredLanes() {
    List<Hash> keys = new ArrayList<>();
    changed.forEach(
        (key, now) -> {
          if (now.isEmpty()) {
            keys.add(key);
          }
        });
    return keys;
  }

  void committed() {
    changed.clear();
  }
}
