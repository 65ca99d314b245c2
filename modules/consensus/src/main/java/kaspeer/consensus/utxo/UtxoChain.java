package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.consensus.BlockAcceptance;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.DagStore.Change;
import kaspeer.consensus.DagStore.Position;
import kaspeer.consensus.DagStore.StoredLane;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.Merge;
import kaspeer.consensus.dag.Reachability;
import kaspeer.crypto.MuHash;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The UTXO state at one block of the selected chain, and how it moves to another (consensus
 * reference 6.2): back along what is stored of the blocks it leaves, forward along what is stored
 * of those that qualified before, and through the checks where none has been yet. The committer's.
 *
 * <p>What changed is to be committed with {@link #takeChanges}, whenever and wherever the state is:
 * it is that of some chain block at any time.
 */
public final class UtxoChain {
  /** With so many changed entries, or bytes of records, what there is is stored before going on. */
  private static final int CHECKPOINT_ENTRIES = 200_000;

  private static final long CHECKPOINT_BYTES = 32 << 20;

  /**
   * A block that will never be on the selected chain.
   *
   * @param rule what it broke
   */
  public record Disqualification(int block, Rule rule, String detail) {}

  private final Blocks blocks;
  private final Reachability reachability;
  private final Calculator calculator;
  private final BlockSource source;
  private final DagStore store;
  private final WorkingUtxos utxos;
  private final Lanes lanes;
  private final Qualification qualification;
  private final ChainRecords records;
  private final Workers workers;
  private boolean setChecked;

  private int position = Blocks.GENESIS;

  /** The multiset at the position; null if it has to be looked up. */
  private @Nullable MuHash multiset;

  private List<Change> changes = new ArrayList<>();
  private List<Disqualification> disqualified = new ArrayList<>();

  /** Blocks that this version cannot judge, and why. */
  private final Map<Integer, RuleException> undecidable = new HashMap<>();

  private @Nullable Disqualification stopped;
  private Position committed = new Position(Blocks.GENESIS, Blocks.GENESIS);
  private Runnable checkpoint = () -> {};
  private Progress progress = (at, target) -> {};

  /** Hears of moves. */
  @FunctionalInterface
  public interface Progress {
    /** The state is at some block, on the way to another. */
    void at(int position, int target);
  }

  /**
   * @param calculator for this alone
   */
  public UtxoChain(
      Dag dag,
      Calculator calculator,
      BlockSource source,
      DagStore store,
      StoredUtxos stored,
      Scripts scripts,
      Workers workers) {
    this.blocks = dag.blocks();
    this.reachability = dag.reachability();
    this.calculator = calculator;
    this.source = source;
    this.store = store;
    this.utxos = new WorkingUtxos(stored);
    this.lanes = new Lanes(dag.params().finalityDepth());
    this.records = new ChainRecords(source, store);
    this.workers = workers;
    this.qualification = new Qualification(dag, calculator, source, utxos, lanes, scripts, workers);
  }

  /**
   * Takes up what is stored.
   *
   * @return what the selected chain had to contain when it was stored
   * @throws IllegalArgumentException if it is damaged
   */
  public int load() {
    Position stored = store.position();
    if (stored == null) {
      requireNothingQualified();
      return Blocks.GENESIS;
    }
    committed = stored;
    position = stored.block();
    int finalityPoint = stored.finalityPoint();
    if (position < 0
        || position >= blocks.count()
        || (position != Blocks.GENESIS && blocks.status(position) != BlockStatus.UTXO_VALID)
        || finalityPoint < 0
        || finalityPoint > position) {
      throw store.damaged("the UTXO set is where there is no block that qualified");
    }
    List<StoredLane> storedLanes = new ArrayList<>();
    store.forEachLane(storedLanes::add);
    lanes.load(storedLanes);
    requireWholeLanes();
    return finalityPoint;
  }

  /**
   * A lane that was lost or changed on disk would make good blocks look wrong, and the blocks made
   * here be wrong. The header of the block at which the lanes are commits to all of them.
   */
  private void requireWholeLanes() {
    if (position == Blocks.GENESIS) {
      if (!lanes.isEmpty()) {
        throw store.damaged("there are lanes before the first block");
      }
      return;
    }
    Merge merge = calculator.merge(position);
    Sequencing sequencing = new Sequencing(merge, records.merged(position), blocks);
    Hash found =
        lanes.commitment(
            sequencing.parts(),
            source.header(merge.selectedParent()).acceptedIdMerkleRoot(),
            source.header(merge.finalityPoint()).acceptedIdMerkleRoot());
    Hash stated = source.header(position).acceptedIdMerkleRoot();
    if (!found.equals(stated)) {
      throw store.damaged(
          "the lanes after block "
              + blocks.hash(position)
              + " give the commitment "
              + found
              + ", its header states "
              + stated);
    }
  }

  private void requireNothingQualified() {
    for (int id = 1; id < blocks.count(); id++) {
      if (blocks.status(id) == BlockStatus.UTXO_VALID) {
        throw store.damaged("blocks qualified, and the position of the UTXO set is missing");
      }
    }
  }

  /** Called in the middle of long moves, to commit what has changed. */
  public void setCheckpoint(Runnable value) {
    checkpoint = value;
  }

  /** Hears of each step of a move. */
  public void setProgress(Progress value) {
    progress = value;
  }

  /** The UTXO set at the position; changes with it. */
  public UtxoView view() {
    return utxos;
  }

  /** The chain block at which the state is. */
  public int position() {
    return position;
  }

  // --- moving ---------------------------------------------------------------------------------

  /**
   * Moves the state to a block, or as near to it as blocks on its chain qualify; stays where it is
   * if one on the way is known not to.
   *
   * @return whether it arrived
   */
  public boolean moveTo(int target) {
    stopped = null;
    int undecided = undecidableBelow(target);
    if (undecided != Blocks.NONE) {
      // Up to it all qualified before. What is above is not looked at: it grows as long as the
      // chain is stopped, and this is done for each commit.
      move(blocks.selectedParent(undecided));
      stop(undecided, Objects.requireNonNull(undecidable.get(undecided)));
      return false;
    }
    return move(target);
  }

  /** The block on the way to a target that cannot be judged here, or NONE. */
  private int undecidableBelow(int target) {
    for (int block : undecidable.keySet()) {
      if (reachability.isChainAncestor(block, target)) {
        return block;
      }
    }
    return Blocks.NONE;
  }

  private boolean move(int target) {
    int[] path = path(target);
    for (int i = 0; i < path.length; i++) {
      if (blocks.status(path[i]) == BlockStatus.DISQUALIFIED_FROM_CHAIN) {
        disqualifyAfter(path, i);
        return false;
      }
    }
    while (!reachability.isChainAncestor(position, target)) {
      step(records.delta(position).reversed(), blocks.selectedParent(position));
      stepped(target);
    }
    int next = 0;
    while (next >= 0 && next < path.length) {
      if (blocks.status(path[next]) == BlockStatus.UTXO_VALID) {
        step(records.delta(path[next]), path[next]);
        next++;
      } else {
        next = advance(path, next);
      }
      stepped(target);
    }
    return position == target;
  }

  /** Why the last move ended before a block that cannot be judged here, or null. */
  public @Nullable Disqualification stopped() {
    return stopped;
  }

  /** The blocks after the common ancestor, up to a target. */
  private int[] path(int target) {
    int split = position;
    while (!reachability.isChainAncestor(split, target)) {
      split = blocks.selectedParent(split);
    }
    int[] path = new int[reachability.height(target) - reachability.height(split)];
    int block = target;
    for (int i = path.length - 1; i >= 0; i--) {
      path[i] = block;
      block = blocks.selectedParent(block);
    }
    return path;
  }

  private void step(Delta delta, int to) {
    utxos.apply(delta.utxos());
    lanes.apply(delta.lanes());
    position = to;
    multiset = null;
  }

  private void stepped(int target) {
    progress.at(position, target);
    if (utxos.changes() > CHECKPOINT_ENTRIES || records.unstoredBytes() > CHECKPOINT_BYTES) {
      checkpoint.run();
    }
  }

  /**
   * Checks some blocks of a path.
   *
   * @return the index of the first that is still to be checked, or -1 if one did not qualify
   */
  private int advance(int[] path, int from) {
    int to = from + 1;
    while (to < path.length && blocks.status(path[to]) == BlockStatus.BODY) {
      to++;
    }
    Qualification.Outcome outcome = qualification.check(path, from, to, multiset());
    for (Qualification.Qualified block : outcome.qualified()) {
      source.setStatus(block.id(), BlockStatus.UTXO_VALID);
      Delta delta = new Delta(block.merged().diff(), block.laneChanges());
      changes.add(records.add(block.id(), delta, block.multiset(), block.merged()));
      position = block.id();
      multiset = block.multiset();
    }
    int next = from + outcome.qualified().size();
    RuleException broken = outcome.broken();
    if (broken == null) {
      return next;
    }
    if (broken.rule() == Rule.UNSUPPORTED_SCRIPT) {
      undecidable.put(path[next], broken);
      stop(path[next], broken);
    } else {
      requireWholeSet(broken);
      disqualify(path[next], broken);
      disqualifyAfter(path, next);
    }
    return -1;
  }

  /**
   * Before a block is disqualified for good: if the stored set had lost an entry, it would look as
   * if the block were wrong. Once a run, since that reads all of the set.
   */
  private void requireWholeSet(RuleException broken) {
    boolean mayBeOurs =
        broken.rule() == Rule.BAD_UTXO_COMMITMENT
            || broken.rule() == Rule.INVALID_TRANSACTIONS_IN_UTXO_CONTEXT;
    if (!mayBeOurs || setChecked) {
      return;
    }
    setChecked = true;
    Hash stored = StoredSetHash.of(store, workers);
    Hash expected = records.multiset(committed.block()).hash();
    if (!stored.equals(expected)) {
      throw store.damaged(
          "the UTXO set after block "
              + blocks.hash(committed.block())
              + " hashes to "
              + stored
              + ", it must to "
              + expected);
    }
  }

  private void stop(int block, RuleException undecided) {
    stopped = new Disqualification(block, undecided.rule(), undecided.detail());
  }

  private void disqualifyAfter(int[] path, int index) {
    for (int i = index + 1; i < path.length; i++) {
      if (blocks.status(path[i]) != BlockStatus.DISQUALIFIED_FROM_CHAIN) {
        disqualify(
            path[i],
            new RuleException(
                Rule.DISQUALIFIED_SELECTED_PARENT,
                "selected parent " + blocks.hash(path[i - 1]) + " is disqualified"));
      }
    }
  }

  private void disqualify(int block, RuleException broken) {
    source.setStatus(block, BlockStatus.DISQUALIFIED_FROM_CHAIN);
    changes.add(new Change.Disqualified(block));
    disqualified.add(new Disqualification(block, broken.rule(), broken.detail()));
  }

  private MuHash multiset() {
    MuHash known = multiset;
    if (known == null) {
      known = records.multiset(position);
      multiset = known;
    }
    return known;
  }

  /**
   * What a block on top of the position would do, as the virtual block does.
   *
   * @return null if it merges a transaction that cannot be judged here
   */
  public @Nullable NextState next(Merge merge) {
    if (merge.selectedParent() != position) {
      throw new IllegalArgumentException("the state is not at the selected parent");
    }
    MergedState merged = qualification.mergeChecked(merge);
    return merged == null
        ? null
        : new NextState(merged, multiset().copy(), qualification.update(merged).commitment());
  }

  // --- committing -----------------------------------------------------------------------------

  /**
   * What has to be stored since the last time.
   *
   * @param finalityPoint what the selected chain had to contain when the position was chosen
   */
  public List<Change> takeChanges(int finalityPoint) {
    List<Change> taken = changes;
    changes = new ArrayList<>();
    Position now = new Position(position, finalityPoint);
    if (!now.equals(committed)) {
      taken.add(new Change.Moved(now, utxos.changed(), lanes.changedLanes(), lanes.expiredLanes()));
      committed = now;
    }
    return taken;
  }

  /** What was taken is stored now. */
  public void committed() {
    utxos.committed();
    lanes.committed();
    records.committed();
  }

  /** Blocks that were disqualified since the last time. */
  public List<Disqualification> takeDisqualified() {
    List<Disqualification> taken = disqualified;
    disqualified = new ArrayList<>();
    return taken;
  }

  /** The transactions that a block which qualified accepted; reads bodies. */
  public BlockAcceptance acceptance(int block) {
    return records.acceptance(block);
  }
}
