package kaspeer.engine.mempool;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.TransactionVerdict;
import kaspeer.consensus.utxo.Workers;
import kaspeer.mempool.VirtualState;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** The consensus's virtual block for the pool; many transactions are checked by several threads. */
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
  public Check check(Transaction transaction, Function<Outpoint, @Nullable UtxoEntry> unconfirmed) {
    return switch (consensus.check(transaction, unconfirmed)) {
      case TransactionVerdict.Accepted(var fee, var mass, var storageMass, var spent) ->
          new Check.Passed(fee, mass.compute(), mass.transientStorage(), storageMass, spent);
      case TransactionVerdict.MissingOutpoints(var outpoints) -> new Check.Missing(outpoints);
      case TransactionVerdict.Refused(var rule, var detail) -> new Check.Broken(rule, detail);
    };
  }

  @Override
  public List<Check> checkAll(List<Candidate> candidates) {
    @Nullable Check[] checks = new @Nullable Check[candidates.size()];
    workers.run(
        IntStream.range(0, checks.length)
            .<Runnable>mapToObj(
                i ->
                    () -> {
                      Candidate candidate = candidates.get(i);
                      checks[i] = check(candidate.transaction(), candidate.unconfirmed());
                    })
            .toList());
    return Arrays.asList(checks).stream().map(ConsensusVirtual::made).toList();
  }

  private static Check made(@Nullable Check check) {
    if (check == null) {
      throw new IllegalStateException("a check was not made");
    }
    return check;
  }
}
