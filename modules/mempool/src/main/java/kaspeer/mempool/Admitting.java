package kaspeer.mempool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kaspeer.mempool.Orphans.Orphan;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/**
 * Transactions on their way into the pool, layer by layer as they build on each other, with the
 * orphans that waited for them.
 *
 * <p>While a layer is checked, blocks may come, and others leave the pool. Whoever was checked with
 * what is there no more, or without what is there now, is screened and checked again.
 */
final class Admitting implements Work<List<Admission>> {
  /** Transactions of one step: none holds up the owner for long. */
  private static final int MAX_PER_STEP = 256;

  /**
   * What they spend together, if they are several: it is read at one moment, and whoever moves
   * virtual waits meanwhile.
   */
  static final int MAX_INPUTS_PER_STEP = 2000;

  private final Admitter admitter;
  private final Pool pool;
  private final Screening screening;
  private final Counters counters;
  private final VirtualState virtual;
  private final List<Attempt> submitted;

  /** What became of orphans that nobody submitted. */
  private final List<Admission> redeemed = new ArrayList<>(0);

  /** Attempts to be screened, in parts of which no member builds on another. */
  private final ArrayDeque<List<Attempt>> parts = new ArrayDeque<>();

  /** Orphans that found what they waited for, not yet seen to. */
  private List<Attempt> ready = new ArrayList<>(0);

  /** Attempts of the present step, in order. */
  private List<Attempt> part = List.of();

  /** Those of them that are being checked. */
  private List<Attempt> open = List.of();

  private long movesBefore;

  Admitting(
      Admitter admitter,
      Pool pool,
      Screening screening,
      Counters counters,
      VirtualState virtual,
      List<Attempt> submitted) {
    this.admitter = admitter;
    this.pool = pool;
    this.screening = screening;
    this.counters = counters;
    this.virtual = virtual;
    this.submitted = submitted;
    List<Transaction> transactions = submitted.stream().map(a -> a.transaction).toList();
    for (List<Integer> layer : Layers.of(transactions)) {
      parts.addAll(inParts(layer.stream().map(submitted::get).toList()));
    }
  }

  private static List<List<Attempt>> inParts(List<Attempt> attempts) {
    List<List<Attempt>> parts = new ArrayList<>(1);
    int from = 0;
    int inputs = 0;
    for (int i = 0; i < attempts.size(); i++) {
      int more = attempts.get(i).transaction.inputs().size();
      if (i > from && (i - from == MAX_PER_STEP || inputs + more > MAX_INPUTS_PER_STEP)) {
        parts.add(attempts.subList(from, i));
        from = i;
        inputs = 0;
      }
      inputs += more;
    }
    if (from < attempts.size()) {
      parts.add(attempts.subList(from, attempts.size()));
    }
    return parts;
  }

  Admitting redeem(List<Orphan> found) {
    enqueue(found, redeemed);
    return this;
  }

  /**
   * Orphans wait for nothing more.
   *
   * @param outcomes where to tell what becomes of them
   */
  void enqueue(List<Orphan> found, List<Admission> outcomes) {
    for (Orphan orphan : found) {
      ready.add(Attempt.redeemed(orphan, outcomes));
    }
  }

  @Override
  public List<Candidate> next() {
    while (!ready.isEmpty() || !parts.isEmpty()) {
      inParts(ready).reversed().forEach(parts::addFirst);
      ready = new ArrayList<>(0);
      part = parts.remove();
      List<Candidate> candidates = screen();
      if (!candidates.isEmpty()) {
        return candidates;
      }
      part.forEach(this::settle);
    }
    return List.of();
  }

  private List<Candidate> screen() {
    movesBefore = pool.moves;
    open = new ArrayList<>(part.size());
    List<Candidate> candidates = new ArrayList<>(part.size());
    for (Attempt attempt : part) {
      Admission refusal = screening.refusal(attempt);
      if (refusal == null) {
        open.add(attempt);
        candidates.add(screening.candidate(attempt, virtual));
      } else {
        attempt.decide(refusal);
      }
    }
    return candidates;
  }

  @Override
  public void checked(List<Check> checks) {
    Now now = now(checks);
    List<Attempt> again = new ArrayList<>(0);
    for (int i = 0; i < open.size(); i++) {
      Attempt attempt = open.get(i);
      Check check = checks.get(i);
      if (isOutdated(attempt, check, now)) {
        again.add(attempt);
      } else {
        attempt.decide(outcome(attempt, check, now));
      }
    }
    part.stream().filter(Attempt::isDecided).forEach(this::settle);
    if (!again.isEmpty()) {
      parts.addFirst(again);
    }
  }

  private Admission outcome(Attempt attempt, Check check, Now now) {
    return check instanceof Check.Missing && now.here.contains(firstOutput(attempt))
        ? admitter.accepted(attempt.transaction.id(), virtual)
        : admitter.complete(attempt, check, this, virtual);
  }

  private static Outpoint firstOutput(Attempt attempt) {
    return new Outpoint(attempt.transaction.id(), 0);
  }

  private boolean isOutdated(Attempt attempt, Check check, Now now) {
    return !attempt.isResolvedIn(pool)
        || switch (check) {
          case Check.Passed _ ->
              !now.gone.isEmpty()
                  && attempt.transaction.inputs().stream()
                      .anyMatch(input -> now.gone.contains(input.previous()));
          case Check.Missing(var outpoints) ->
              outpoints.stream()
                  .anyMatch(
                      outpoint ->
                          pool.get(outpoint.transactionId()) != null
                              || (hasMoved() && now.here.contains(outpoint)));
          case Check.Broken _, Check.Screened _ -> false;
        };
  }

  /** Whether the pool was told of blocks since the step began. */
  private boolean hasMoved() {
    return movesBefore != pool.moves;
  }

  /** What of the outputs that matter now is in virtual's UTXO set, and what is not. */
  private record Now(Set<Outpoint> here, Set<Outpoint> gone) {}

  /**
   * Looks, at one moment, whether transactions that lack something are accepted themselves, and if
   * blocks came, for what was found, and was not.
   */
  private Now now(List<Check> checks) {
    List<Outpoint> asked = new ArrayList<>();
    for (int i = 0; i < open.size(); i++) {
      Attempt attempt = open.get(i);
      switch (checks.get(i)) {
        case Check.Passed _ -> {
          if (hasMoved()) {
            attempt.transaction.inputs().stream()
                .map(Input::previous)
                .filter(outpoint -> pool.get(outpoint.transactionId()) == null)
                .forEach(asked::add);
          }
        }
        case Check.Missing(var outpoints) -> {
          asked.add(firstOutput(attempt));
          if (hasMoved()) {
            asked.addAll(outpoints);
          }
        }
        case Check.Broken _, Check.Screened _ -> {}
      }
    }
    List<@Nullable UtxoEntry> entries = virtual.utxos(asked);
    Now now = new Now(new HashSet<>(), new HashSet<>());
    for (int i = 0; i < entries.size(); i++) {
      (entries.get(i) == null ? now.gone : now.here).add(asked.get(i));
    }
    return now;
  }

  /** Of an orphan that nobody submitted in this work, tells what became of it. */
  private void settle(Attempt attempt) {
    if (attempt.orphan != null && !attempt.isOrphanAgain()) {
      counters.count(MempoolCount.REDEEMED, 1);
      counters.count(attempt.outcome());
      attempt.redeemed.add(attempt.outcome());
    }
  }

  @Override
  public List<Admission> result() {
    if (submitted.isEmpty()) {
      return redeemed;
    }
    List<Admission> outcomes = new ArrayList<>(submitted.size());
    for (Attempt attempt : submitted) {
      Admission outcome = attempt.outcome();
      counters.count(outcome);
      outcomes.add(outcome);
    }
    return outcomes;
  }
}
