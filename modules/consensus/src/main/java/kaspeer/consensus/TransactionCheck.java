package kaspeer.consensus;

import java.util.List;
import kaspeer.consensus.utxo.ScriptCheck;
import org.jspecify.annotations.Nullable;

/** The check of one transaction, of which the scripts are still to be run, in parts. */
public final class TransactionCheck {
  private final @Nullable ScriptCheck scripts;
  private final TransactionVerdict verdict;

  private TransactionCheck(@Nullable ScriptCheck scripts, TransactionVerdict verdict) {
    this.scripts = scripts;
    this.verdict = verdict;
  }

  static TransactionCheck decided(TransactionVerdict verdict) {
    return new TransactionCheck(null, verdict);
  }

  /**
   * @param verdict unless a script fails
   */
  static TransactionCheck open(ScriptCheck scripts, TransactionVerdict verdict) {
    return new TransactionCheck(scripts, verdict);
  }

  /** What is to be run, by any threads; nothing if the verdict is known without. */
  public List<? extends Runnable> parts() {
    return scripts == null ? List.of() : scripts.parts();
  }

  /** The verdict unless a script fails, known before any part is done. */
  public TransactionVerdict withoutScripts() {
    return verdict;
  }

  /** The verdict, once all parts are done. */
  public TransactionVerdict verdict() {
    RuleException failure = scripts == null ? null : scripts.failure();
    return failure == null
        ? verdict
        : new TransactionVerdict.Refused(failure.rule(), failure.detail(), failure.isForNow());
  }
}
