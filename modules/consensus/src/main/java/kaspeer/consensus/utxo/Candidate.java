package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.crypto.MuHash;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/** A block that is being checked for the selected chain, and the work that takes. */
final class Candidate {
  /** A transaction of a merged block and the check of its scripts. */
  private record Unchecked(Merger.Place place, ScriptCheck check) {}

  private final int id;
  private final MergedState merged;
  private final List<Transaction> transactions;
  private final List<Unchecked> mergedScripts = new ArrayList<>();
  private final List<ScriptCheck> ownScripts = new ArrayList<>();
  private List<Spend> spends = List.of();
  private @Nullable RuleException ownFailure;
  private @Nullable MultisetChange change;
  private MuHash multiset = new MuHash();

  Candidate(int id, MergedState merged, List<Transaction> transactions) {
    this.id = id;
    this.merged = merged;
    this.transactions = transactions;
    if (!merged.hasMultisetChange()) {
      change = new MultisetChange(merged.diff());
    }
  }

  void addMergedScripts(Merger.Place place, ScriptCheck check) {
    mergedScripts.add(new Unchecked(place, check));
  }

  /** Its own transactions passed all but their scripts. */
  void setOwn(List<Spend> own, List<ScriptCheck> scripts) {
    spends = own;
    ownScripts.addAll(scripts);
  }

  /** One of its own transactions did not. */
  void setOwnFailure(RuleException failure) {
    ownFailure = failure;
  }

  boolean hasOwnFailure() {
    return ownFailure != null;
  }

  int id() {
    return id;
  }

  MergedState merged() {
    return merged;
  }

  Transaction coinbase() {
    return transactions.getFirst();
  }

  /** Its own transactions in its own view, without the coinbase. */
  List<Spend> spends() {
    return spends;
  }

  /** The multiset after it. */
  MuHash multiset() {
    return multiset;
  }

  /** All there is to do in parallel. */
  void collectTasks(List<Runnable> tasks) {
    collectScripts(tasks);
    if (change != null) {
      tasks.addAll(change.parts());
    }
    tasks.add(() -> merged.sequencing().parts());
  }

  /** The scripts alone. */
  void collectScripts(List<Runnable> tasks) {
    mergedScripts.forEach(unchecked -> tasks.addAll(unchecked.check.parts()));
    ownScripts.forEach(check -> tasks.addAll(check.parts()));
  }

  /**
   * After the tasks: makes the multiset from that of the selected parent.
   *
   * @param parent is not changed
   */
  void setMultiset(MuHash parent, Workers workers) {
    if (change != null) {
      merged.setMultisetChange(change.result());
      change = null;
    }
    multiset = parent.copy();
    multiset.combine(merged.multisetChange(workers));
  }

  /** After the tasks: merged transactions whose scripts failed, whatever else is true. */
  Set<Merger.Place> failedPlaces() {
    Set<Merger.Place> failed = new HashSet<>();
    for (Unchecked unchecked : mergedScripts) {
      if (unchecked.check.failure() != null && !isUnsupported(unchecked.check)) {
        failed.add(unchecked.place);
      }
    }
    return failed;
  }

  /** After the tasks: a script of a merged transaction that cannot be run here, or null. */
  @Nullable RuleException unsupportedMerged() {
    for (Unchecked unchecked : mergedScripts) {
      if (isUnsupported(unchecked.check)) {
        return unchecked.check.failure();
      }
    }
    return null;
  }

  private static boolean isUnsupported(ScriptCheck check) {
    RuleException failure = check.failure();
    return failure != null && failure.rule() == Rule.UNSUPPORTED_SCRIPT;
  }

  /** After the tasks: what its own transactions break for certain, or else cannot be judged. */
  @Nullable RuleException ownFailure() {
    RuleException failure = ownFailure;
    for (ScriptCheck check : ownScripts) {
      failure = ScriptCheck.graver(failure, check.failure());
    }
    return failure;
  }
}
