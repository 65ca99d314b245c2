package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.Merge;
import kaspeer.crypto.MuHash;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether blocks qualify for the selected chain (consensus reference 6.4).
 *
 * <p>Several blocks of a chain are taken at once, each on the state that follows if those before it
 * qualify and the scripts of what they merge succeed, as is nearly always so. Then all that is dear
 * (scripts, elements of the multisets) is done in parallel for all of them, and the roots of the
 * multisets with one inversion. Where the assumption was wrong, what rests on it is undone.
 */
final class Qualification {
  private static final int CHUNK_BLOCKS = 64;
  private static final int CHUNK_TRANSACTIONS = 2000;

  /** After a wrong assumption so many blocks are taken one by one: it may be somebody's work. */
  private static final int CAUTIOUS_BLOCKS = 256;

  private static final int RECENT_MERGES = 4;
  private static final int RECENT_FAILURES = 4;
  private static final int RECENT_SPENDS = 16;

  private final Dag dag;
  private final Blocks blocks;
  private final Calculator calculator;
  private final BlockSource source;
  private final WorkingUtxos utxos;
  private final Lanes lanes;
  private final Scripts scripts;
  private final Workers workers;
  private final Merger merger;
  private final CoinbaseOutputs coinbases;
  private int cautious;

  /**
   * Transactions of merged blocks whose scripts failed, by the block that merges them. What is
   * forgotten is just found again; of a merge that is being checked it never is, being the latest.
   */
  private final Map<Merge, Set<Merger.Place>> failedScripts = recent(RECENT_FAILURES);

  /** The same merge is often done for the virtual block and then for one or more blocks. */
  private final Map<Merge, MergedState> recentMerges = recent(RECENT_MERGES);

  /** What blocks that qualified lately spend, to be replayed when they are merged as parents. */
  private final Map<Integer, List<Spend>> recentSpends = recent(RECENT_SPENDS);

  /** A block that qualified. */
  record Qualified(int id, MergedState merged, MuHash multiset, List<LaneChange> laneChanges) {}

  /**
   * What came of it.
   *
   * @param qualified the first of the blocks
   * @param broken what the one after them broke, or null if that is not known yet
   */
  record Outcome(List<Qualified> qualified, @Nullable RuleException broken) {}

  Qualification(
      Dag dag,
      Calculator calculator,
      BlockSource source,
      WorkingUtxos utxos,
      Lanes lanes,
      Scripts scripts,
      Workers workers) {
    this.dag = dag;
    this.blocks = dag.blocks();
    this.calculator = calculator;
    this.source = source;
    this.utxos = utxos;
    this.lanes = lanes;
    this.scripts = scripts;
    this.workers = workers;
    this.merger = new Merger(dag.params(), blocks, source);
    this.coinbases = new CoinbaseOutputs(dag.params(), blocks);
  }

  private static <K, V> Map<K, V> recent(int most) {
    return new LinkedHashMap<>(32, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /**
   * Checks some blocks of a path, and moves UTXO set and lanes to the last that qualified.
   *
   * @param from index of the first block to check; UTXO set and lanes are at its selected parent
   * @param end index after the last block that may be checked
   * @param multiset at that parent; not changed
   */
  Outcome check(int[] path, int from, int end, MuHash multiset) {
    List<Merge> merges = chooseMerges(path, from, end);
    readAhead(path, from, merges);
    List<Candidate> candidates = prepare(path, from, merges);
    List<Runnable> tasks = new ArrayList<>();
    candidates.forEach(candidate -> candidate.collectTasks(tasks));
    workers.run(tasks);
    int sound = firstWrong(candidates);
    RuleException undecided = null;
    if (sound < candidates.size()) {
      cautious = CAUTIOUS_BLOCKS;
      undecided = noteFailed(candidates.get(sound));
    }
    undo(candidates, sound);
    candidates = candidates.subList(0, sound);
    makeMultisets(candidates, multiset);
    Outcome outcome = verify(candidates);
    undo(candidates, outcome.qualified.size());
    cautious = Math.max(0, cautious - outcome.qualified.size());
    return outcome.broken == null ? new Outcome(outcome.qualified, undecided) : outcome;
  }

  /** The merges of as many blocks as are taken at once, at least one. */
  private List<Merge> chooseMerges(int[] path, int from, int end) {
    int blocksAtOnce = cautious > 0 ? 1 : CHUNK_BLOCKS;
    List<Merge> merges = new ArrayList<>();
    int transactions = 0;
    for (int i = from;
        i < end && merges.size() < blocksAtOnce && transactions < CHUNK_TRANSACTIONS;
        i++) {
      Merge merge = calculator.merge(path[i]);
      for (int j = 0; j < merge.size(); j++) {
        transactions += source.body(merge.block(j)).size();
      }
      merges.add(merge);
    }
    return merges;
  }

  private void readAhead(int[] path, int from, List<Merge> merges) {
    List<List<Transaction>> bodies = new ArrayList<>();
    for (int i = 0; i < merges.size(); i++) {
      bodies.add(source.body(path[from + i]));
      for (int j = 1; j < merges.get(i).size(); j++) {
        bodies.add(source.body(merges.get(i).block(j)));
      }
    }
    utxos.readAhead(bodies);
  }

  /** Prepares blocks each on the state after the one before, up to one that breaks a rule. */
  private List<Candidate> prepare(int[] path, int from, List<Merge> merges) {
    List<Candidate> candidates = new ArrayList<>(merges.size());
    for (int i = 0; i < merges.size(); i++) {
      Candidate candidate = prepare(path[from + i], merges.get(i));
      candidates.add(candidate);
      utxos.apply(candidate.merged().diff());
      if (candidate.hasOwnFailure()) {
        break;
      }
      recentSpends.put(candidate.id(), candidate.spends());
    }
    return candidates;
  }

  private Candidate prepare(int id, Merge merge) {
    List<Transaction> transactions = source.body(id);
    ChainQueries queries = new ChainQueries(dag, source, merge.selectedParent());
    MergedState known = recentMerges.get(merge);
    Candidate candidate;
    if (known != null) {
      candidate = new Candidate(id, known, transactions);
    } else {
      Merger.Result result = merge(merge);
      candidate = new Candidate(id, result.state(), transactions);
      addScripts(candidate, result, queries);
    }
    try {
      UtxoView view = utxos.after(candidate.merged().diff());
      List<Spend> own = merger.own(transactions, view, merge.daaScore());
      candidate.setOwn(own, own.stream().map(spend -> scripts.check(spend, queries)).toList());
    } catch (RuleException broken) {
      candidate.setOwnFailure(broken);
    }
    return candidate;
  }

  private void addScripts(Candidate candidate, Merger.Result result, ChainQueries queries) {
    for (Merger.Unchecked unchecked : result.unchecked()) {
      candidate.addMergedScripts(unchecked.place(), scripts.check(unchecked.spend(), queries));
    }
  }

  private Merger.Result merge(Merge merge) {
    return merger.merge(
        merge,
        utxos,
        recentSpends.get(merge.selectedParent()),
        failedScripts.getOrDefault(merge, Set.of()));
  }

  /** The first candidate that merges a transaction whose scripts failed; the size if none does. */
  private static int firstWrong(List<Candidate> candidates) {
    int index = 0;
    while (index < candidates.size()
        && candidates.get(index).failedPlaces().isEmpty()
        && candidates.get(index).unsupportedMerged() == null) {
      index++;
    }
    return index;
  }

  /**
   * Notes what failed for the next try.
   *
   * @return if nothing did, what cannot be judged here
   */
  private @Nullable RuleException noteFailed(Candidate candidate) {
    Set<Merger.Place> failed = candidate.failedPlaces();
    if (failed.isEmpty()) {
      return candidate.unsupportedMerged();
    }
    failedScripts
        .computeIfAbsent(candidate.merged().merge(), merge -> new HashSet<>())
        .addAll(failed);
    return null;
  }

  private void undo(List<Candidate> candidates, int from) {
    for (int i = candidates.size() - 1; i >= from; i--) {
      utxos.apply(candidates.get(i).merged().diff().reversed());
      recentSpends.remove(candidates.get(i).id());
    }
  }

  private void makeMultisets(List<Candidate> candidates, MuHash first) {
    MuHash parent = first;
    List<MuHash> multisets = new ArrayList<>(candidates.size());
    for (Candidate candidate : candidates) {
      candidate.setMultiset(parent, workers);
      parent = candidate.multiset();
      multisets.add(parent);
    }
    MuHash.normalizeAll(multisets);
  }

  private Outcome verify(List<Candidate> candidates) {
    List<Qualified> qualified = new ArrayList<>(candidates.size());
    for (Candidate candidate : candidates) {
      Merge merge = candidate.merged().merge();
      try {
        Header header = source.header(candidate.id());
        checkCommitment(candidate, header);
        Lanes.Update update = update(candidate.merged());
        checkSequencing(update, header);
        checkPlace(candidate, header);
        checkOwn(candidate);
        lanes.apply(update);
        qualified.add(
            new Qualified(
                candidate.id(), candidate.merged(), candidate.multiset(), update.changes()));
        recentMerges.put(merge, candidate.merged());
        failedScripts.remove(merge);
      } catch (RuleException broken) {
        return new Outcome(qualified, broken);
      }
    }
    return new Outcome(qualified, null);
  }

  /** What a merge makes of the lanes, which are at its selected parent. */
  Lanes.Update update(MergedState merged) {
    Merge merge = merged.merge();
    return lanes.update(
        merged.sequencing().parts(),
        merge.blueScore(),
        source.header(merge.selectedParent()).acceptedIdMerkleRoot(),
        source.header(merge.finalityPoint()).acceptedIdMerkleRoot());
  }

  private static void checkCommitment(Candidate candidate, Header header) throws RuleException {
    Hash expected = candidate.multiset().hash();
    if (!header.utxoCommitment().equals(expected)) {
      throw new RuleException(
          Rule.BAD_UTXO_COMMITMENT,
          "the header states " + header.utxoCommitment() + ", the UTXO set gives " + expected);
    }
  }

  private static void checkSequencing(Lanes.Update update, Header header) throws RuleException {
    if (!header.acceptedIdMerkleRoot().equals(update.commitment())) {
      throw new RuleException(
          Rule.BAD_ACCEPTED_ID_MERKLE_ROOT,
          "the header states "
              + header.acceptedIdMerkleRoot()
              + ", the accepted transactions give "
              + update.commitment());
    }
  }

  private void checkPlace(Candidate candidate, Header header) throws RuleException {
    if (!coinbases.isExpected(candidate.coinbase(), candidate.merged())) {
      throw new RuleException(
          Rule.BAD_COINBASE_TRANSACTION,
          "coinbase " + candidate.coinbase().id() + " does not pay what the mergeset earned");
    }
    Merge merge = candidate.merged().merge();
    Hash pruningPoint = blocks.hash(merge.pruningPoint());
    if (!header.pruningPoint().equals(pruningPoint)) {
      throw new RuleException(
          Rule.WRONG_HEADER_PRUNING_POINT,
          "the header states " + header.pruningPoint() + ", it must be " + pruningPoint);
    }
    Hash selectedParent = blocks.hash(merge.selectedParent());
    if (!header.directParents().getFirst().equals(selectedParent)) {
      throw new RuleException(
          Rule.WRONG_SELECTED_PARENT_ORDER,
          "the first parent is not the selected one, " + selectedParent);
    }
  }

  private static void checkOwn(Candidate candidate) throws RuleException {
    RuleException broken = candidate.ownFailure();
    if (broken == null) {
      return;
    }
    if (broken.rule() == Rule.UNSUPPORTED_SCRIPT) {
      throw broken;
    }
    throw new RuleException(
        Rule.INVALID_TRANSACTIONS_IN_UTXO_CONTEXT, broken.rule() + ": " + broken.detail());
  }

  /**
   * What a merge on top of UTXO set and lanes does, with all scripts checked.
   *
   * @return null if it has a script that cannot be run here
   */
  @Nullable MergedState mergeChecked(Merge merge) {
    MergedState known = recentMerges.get(merge);
    while (known == null) {
      Merger.Result result = merge(merge);
      Candidate candidate = new Candidate(merge.selectedParent(), result.state(), List.of());
      addScripts(candidate, result, new ChainQueries(dag, source, merge.selectedParent()));
      List<Runnable> tasks = new ArrayList<>();
      candidate.collectScripts(tasks);
      workers.run(tasks);
      if (firstWrong(List.of(candidate)) == 1) {
        known = result.state();
        recentMerges.put(merge, known);
      } else if (noteFailed(candidate) != null) {
        return null;
      }
    }
    failedScripts.remove(merge);
    return known;
  }
}
