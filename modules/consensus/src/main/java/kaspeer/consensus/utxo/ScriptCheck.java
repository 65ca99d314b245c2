package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.Transaction;
import kaspeer.script.ChainCommitments;
import kaspeer.script.ScriptChecker;
import kaspeer.script.ScriptError;
import kaspeer.script.ScriptException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the scripts of a transaction (consensus reference 6.6, step 7), in parts that can be done
 * by several threads. The outcome is to be asked for when all parts are done.
 *
 * <p>A script that fails for certain decides, whatever another one would do that cannot be run
 * here: so that is no reason to leave the others out.
 */
public final class ScriptCheck {
  /** Inputs one part checks; each takes some tens of microseconds. */
  private static final int PART_INPUTS = 8;

  private final Spend spend;
  private final ScriptChecker checker;
  private final ChainCommitments chain;
  private final List<Part> parts = new ArrayList<>(1);

  /** Inputs {@code from} to {@code to} - 1. */
  private final class Part implements Runnable {
    private final int from;
    private final int to;
    private @Nullable RuleException failure;

    Part(int from, int to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public void run() {
      for (int input = from; input < to && !isCertain(failure); input++) {
        try {
          checker.check(spend.spending(), spend.covenants(), input, chain);
        } catch (ScriptException e) {
          failure = graver(failure, broken(input, e));
        }
      }
    }
  }

  ScriptCheck(Spend spend, ScriptChecker checker, ChainCommitments chain) {
    this.spend = spend;
    this.checker = checker;
    this.chain = chain;
    int inputs = spend.transaction().inputs().size();
    for (int from = 0; from < inputs; from += PART_INPUTS) {
      parts.add(new Part(from, Math.min(inputs, from + PART_INPUTS)));
    }
  }

  /** What is to be done, by any threads. */
  public List<? extends Runnable> parts() {
    return parts;
  }

  /** Does all parts on this thread. */
  ScriptCheck run() {
    parts.forEach(Part::run);
    return this;
  }

  /** What was broken first for certain, or cannot be judged, or null if every script succeeded. */
  public @Nullable RuleException failure() {
    RuleException failure = null;
    for (Part part : parts) {
      failure = graver(failure, part.failure);
    }
    return failure;
  }

  /** The first of two failures, unless only the second one is certain. */
  static @Nullable RuleException graver(
      @Nullable RuleException first, @Nullable RuleException second) {
    return first == null || (!isCertain(first) && isCertain(second)) ? second : first;
  }

  private static boolean isCertain(@Nullable RuleException failure) {
    return failure != null && failure.rule() != Rule.UNSUPPORTED_SCRIPT;
  }

  private RuleException broken(int input, ScriptException failure) {
    Transaction transaction = spend.transaction();
    Rule rule;
    if (failure.error() == ScriptError.UNSUPPORTED_ZK) {
      rule = Rule.UNSUPPORTED_SCRIPT;
    } else if (transaction.inputs().get(input).signatureScript().length == 0) {
      rule = Rule.SIGNATURE_EMPTY;
    } else {
      rule = Rule.SIGNATURE_INVALID;
    }
    RuleException broken =
        UtxoRules.broken(rule, transaction, "input " + input + ": " + failure.getMessage());
    return failure.isForNow() ? broken.asForNow() : broken;
  }
}
