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
 * each for itself but for its scripts, then the scripts of all, a few inputs at a time.
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
  private final class Step implements Runnable {
    private final Candidate candidate;
    private final VirtualReading reading;
    private final List<@Nullable UtxoEntry> spent;
    private @Nullable Refusal refusal;
    private @Nullable TransactionCheck check;

    /**
     * @param first where in the reading the outputs that it spends begin
     */
    Step(Candidate candidate, List<Outpoint> outpoints, VirtualReading reading, int first) {
      this.candidate = candidate;
      this.reading = reading;
      this.spent = new ArrayList<>(outpoints.size());
      for (int i = 0; i < outpoints.size(); i++) {
        UtxoEntry entry = reading.entries().get(first + i);
        spent.add(entry == null ? candidate.unconfirmed().apply(outpoints.get(i)) : entry);
      }
    }

    @Override
    public void run() {
      refusal = candidate.screen().refusal(spent);
      if (refusal == null) {
        check = consensus.check(candidate.transaction(), spent, reading);
      }
    }

    private List<? extends Runnable> scripts() {
      return check == null ? List.of() : check.parts();
    }

    private Check outcome() {
      if (refusal != null) {
        return new Check.Screened(refusal);
      }
      if (check == null) {
        throw new IllegalStateException("a check was not made");
      }
      return switch (check.verdict()) {
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
    List<List<Outpoint>> outpoints = candidates.stream().map(Candidate::outpoints).toList();
    VirtualReading reading = consensus.read(outpoints.stream().flatMap(List::stream).toList());
    List<Step> steps = new ArrayList<>(candidates.size());
    int first = 0;
    for (int i = 0; i < candidates.size(); i++) {
      steps.add(new Step(candidates.get(i), outpoints.get(i), reading, first));
      first += outpoints.get(i).size();
    }
    workers.run(steps);
    List<Runnable> scripts = new ArrayList<>();
    steps.forEach(step -> scripts.addAll(step.scripts()));
    workers.run(scripts);
    return steps.stream().map(Step::outcome).toList();
  }
}
