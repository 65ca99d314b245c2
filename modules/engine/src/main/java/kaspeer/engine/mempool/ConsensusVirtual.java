package kaspeer.engine.mempool;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.TransactionCheck;
import kaspeer.consensus.TransactionVerdict;
import kaspeer.consensus.VirtualReading;
import kaspeer.consensus.utxo.Workers;
import kaspeer.mempool.Admission.Refusal;
import kaspeer.mempool.VirtualState;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * The consensus's virtual block for the pool. Transactions are checked by several threads: first
 * each for itself without what it spends, then with that but for its scripts, then the scripts of
 * all, a few inputs at a time.
 */
public final class ConsensusVirtual implements VirtualState {
  private final Consensus consensus;
  private final Workers workers;

  /**
   * @param executor runs checks besides the thread that asks for them
   */
  public ConsensusVirtual(Consensus consensus, Executor executor) {
    this.consensus = consensus;
    this.workers = new Workers(executor, Runtime.getRuntime().availableProcessors() - 1);
  }

  @Override
  public long daaScore() {
    return consensus.state().virtualDaaScore();
  }

  @Override
  public long pastMedianTime() {
    return consensus.state().pastMedianTime();
  }

  @Override
  public @Nullable UtxoEntry utxo(Outpoint outpoint) {
    return consensus.utxo(outpoint);
  }

  @Override
  public List<@Nullable UtxoEntry> utxos(List<Outpoint> outpoints) {
    return outpoints.isEmpty() ? List.of() : consensus.read(outpoints).entries();
  }

  /** A candidate on its way. */
  private final class Step {
    private final Candidate candidate;
    private final List<Outpoint> outpoints;
    private @Nullable Refusal refusal;
    private @Nullable TransactionCheck check;

    Step(Candidate candidate) {
      this.candidate = candidate;
      this.outpoints = candidate.outpoints();
    }

    private void screen() {
      refusal = candidate.screen().alone();
    }

    private boolean isOpen() {
      return refusal == null;
    }

    /**
     * All but the scripts.
     *
     * @param first where in the reading the outputs that it spends begin
     */
    private void check(VirtualReading reading, int first) {
      List<@Nullable UtxoEntry> spent = new ArrayList<>(outpoints.size());
      for (int i = 0; i < outpoints.size(); i++) {
        UtxoEntry entry = reading.entries().get(first + i);
        spent.add(entry == null ? candidate.unconfirmed().apply(outpoints.get(i)) : entry);
      }
      refusal = candidate.screen().refusal(spent);
      if (refusal == null) {
        check = consensus.check(candidate.transaction(), spent, reading);
        if (outcome(check.withoutScripts()) instanceof Check.Passed otherwise) {
          refusal = candidate.screen().priced(otherwise);
        }
      }
    }

    private List<? extends Runnable> scripts() {
      return check == null || refusal != null ? List.of() : check.parts();
    }

    private Check outcome() {
      if (refusal != null) {
        return new Check.Screened(refusal);
      }
      if (check == null) {
        throw new IllegalStateException("a check was not made");
      }
      return outcome(check.verdict());
    }

    private static Check outcome(TransactionVerdict verdict) {
      return switch (verdict) {
        case TransactionVerdict.Accepted(var fee, var mass, var storageMass, var _) ->
            new Check.Passed(fee, mass.compute(), mass.transientStorage(), storageMass);
        case TransactionVerdict.MissingOutpoints(var outpoints) -> new Check.Missing(outpoints);
        case TransactionVerdict.Refused(var rule, var detail, var forNow) ->
            new Check.Broken(rule, detail, forNow);
      };
    }
  }

  @Override
  public List<Check> checkAll(List<Candidate> candidates) {
    List<Step> steps = candidates.stream().map(Step::new).toList();
    workers.run(steps.stream().map(step -> (Runnable) step::screen).toList());
    List<Outpoint> outpoints = new ArrayList<>();
    List<Integer> firsts = new ArrayList<>(steps.size());
    List<Step> open = steps.stream().filter(Step::isOpen).toList();
    for (Step step : open) {
      firsts.add(outpoints.size());
      outpoints.addAll(step.outpoints);
    }
    VirtualReading reading = consensus.read(outpoints);
    List<Runnable> checks = new ArrayList<>(open.size());
    for (int i = 0; i < open.size(); i++) {
      Step step = open.get(i);
      int first = firsts.get(i);
      checks.add(() -> step.check(reading, first));
    }
    workers.run(checks);
    List<Runnable> scripts = new ArrayList<>();
    steps.forEach(step -> scripts.addAll(step.scripts()));
    workers.run(scripts);
    return steps.stream().map(Step::outcome).toList();
  }
}
