package kaspeer.mempool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import kaspeer.consensus.Rule;
import kaspeer.mempool.MempoolOptions.OrphanOptions;
import kaspeer.mempool.VirtualState.Candidate;
import kaspeer.mempool.VirtualState.Check;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Blocks come, the chain is reorganised, and transactions leave, while others are checked: whatever
 * comes between, the indexes of the pool agree, and once it has heard of everything, a block could
 * hold all that is in it, one after the other.
 */
class InterleavingPropertyTest {
  private static final long EACH = Entry.estimatedBytes(Txs.spend(Txs.coin(1)), 0);
  private static final int COINS = 12;

  @Property(tries = 200)
  void thePoolIsSoundWhateverComesBetween(@ForAll long seed) {
    new Run(new SplittableRandom(seed)).run();
  }

  private static final class Run {
    private final SplittableRandom random;
    private final FakeVirtual virtual = new FakeVirtual();
    private final TransactionPool pool;
    private final Map<Hash, Transaction> seen = new LinkedHashMap<>();
    private final List<Transaction> made = new ArrayList<>();

    /** What virtual accepted, the latest first, with what that spent. */
    private final Deque<Accepted> chain = new ArrayDeque<>();

    /** Transactions of blocks that virtual has not merged. */
    private final List<Transaction> unmerged = new ArrayList<>();

    /** Work that is begun: what is to be checked, and what came of that if it was. */
    private final List<Open> open = new ArrayList<>();

    /** What the pool is still to hear, in order. */
    private final Deque<Runnable> news = new ArrayDeque<>();

    private record Accepted(Transaction transaction, Map<Outpoint, UtxoEntry> spent) {}

    private static final class Open {
      private final Work<?> work;
      private List<Candidate> candidates = List.of();
      private @Nullable List<Check> checks;

      private Open(Work<?> work) {
        this.work = work;
      }
    }

    private Run(SplittableRandom random) {
      this.random = random;
      this.pool =
          new TransactionPool(
              FakeVirtual.PARAMS,
              new MempoolOptions(
                  14 * EACH,
                  12,
                  10_000,
                  15,
                  Duration.ofSeconds(6),
                  Duration.ofSeconds(2),
                  false,
                  100_000,
                  new OrphanOptions(6, 9 * EACH, 3, 4 * EACH, Duration.ofSeconds(2))),
              new SplittableRandom(random.nextLong()));
    }

    private void run() {
      for (int step = 0; step < 150; step++) {
        virtual.daaScore += random.nextInt(2);
        switch (random.nextInt(16)) {
          case 0 -> block();
          case 1 -> merge();
          case 2 -> reorganise();
          case 3 -> pool.expire(virtual.daaScore);
          case 4 -> begin(pool.rejected(some(pool.ids()), virtual));
          case 5 -> pool.revalidate(random.nextInt(4), virtual);
          case 6 -> pool.sweep(some(pool.ids()), virtual);
          case 7, 8, 9 -> hear();
          case 10, 11, 12 -> goOn();
          default -> submit();
        }
        PoolInvariants.hold(pool, seen.values());
        if (random.nextInt(20) == 0) {
          settle();
          PoolInvariants.areSpendable(pool, virtual);
        }
      }
      settle();
      PoolInvariants.areSpendable(pool, virtual);
      pool.expire(virtual.daaScore + 1_000_000);
      PoolInvariants.hold(pool, seen.values());
    }

    // --- what is there to be told ------------------------------------------------------------

    private void submit() {
      List<Transaction> batch = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        batch.add(transaction());
      }
      Submission how =
          switch (random.nextInt(6)) {
            case 0 -> Submission.local();
            case 1 -> Submission.localReplacement();
            default -> Submission.relayed("peer " + random.nextInt(3));
          };
      begin(pool.submitAll(batch, how, virtual));
    }

    private Transaction transaction() {
      if (!made.isEmpty() && random.nextInt(6) == 0) {
        return made.get(random.nextInt(made.size()));
      }
      List<Txs.Money> money = new ArrayList<>();
      for (int i = random.nextInt(1, 3); i > 0; i--) {
        Txs.Money next =
            made.isEmpty() || random.nextBoolean()
                ? Txs.coin(random.nextInt(COINS))
                : Txs.output(
                    made.get(Math.max(0, made.size() - 1 - random.nextInt(20))), random.nextInt(2));
        if (!money.contains(next)) {
          money.add(next);
        }
      }
      Txs.Draft draft =
          new Txs.Draft(money.toArray(Txs.Money[]::new))
              .fee(random.nextLong(2, 12) * Txs.FEE)
              .payload(random.nextInt(4) == 0 ? random.nextInt(800) : 0);
      if (random.nextInt(4) == 0) {
        draft.lane(random.nextInt(3), random.nextInt(1000));
      }
      Transaction transaction = draft.build();
      made.add(transaction);
      seen.put(transaction.id(), transaction);
      if (random.nextInt(20) == 0) {
        virtual.breaks(transaction.id(), Rule.SIGNATURE_INVALID);
      }
      return transaction;
    }

    /** A block with some of what was made, which virtual accepts at once, or later, or never. */
    private void block() {
      List<Transaction> transactions = new ArrayList<>();
      for (int i = random.nextInt(1, 3); i > 0 && !made.isEmpty(); i--) {
        transactions.add(made.get(random.nextInt(made.size())));
      }
      if (random.nextBoolean()) {
        transactions.forEach(this::accept);
      } else {
        unmerged.addAll(transactions);
      }
      long score = virtual.daaScore;
      news.add(
          () ->
              begin(
                  pool.block(Txs.block(transactions.toArray(Transaction[]::new)), score, virtual)));
    }

    /** Virtual accepts what blocks brought before. */
    private void merge() {
      List<Hash> accepted = new ArrayList<>();
      for (Transaction transaction : List.copyOf(unmerged)) {
        if (random.nextBoolean() && accept(transaction)) {
          unmerged.remove(transaction);
          accepted.add(transaction.id());
        }
      }
      news.add(() -> begin(pool.chain(accepted, false, virtual)));
    }

    private boolean accept(Transaction transaction) {
      Map<Outpoint, UtxoEntry> spent = new HashMap<>();
      for (Input input : transaction.inputs()) {
        UtxoEntry entry = virtual.utxo(input.previous());
        if (entry != null) {
          spent.put(input.previous(), entry);
        }
      }
      boolean possible = spent.size() == transaction.inputs().size();
      if (possible) {
        virtual.accept(transaction);
        chain.push(new Accepted(transaction, spent));
      }
      return possible;
    }

    /** Some of the latest are accepted no more, and others are instead, or the same again. */
    private void reorganise() {
      List<Transaction> removed = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0 && !chain.isEmpty(); i--) {
        Accepted last = chain.pop();
        virtual.unaccept(last.spent, last.transaction);
        removed.addFirst(last.transaction);
      }
      if (removed.isEmpty()) {
        return;
      }
      List<Transaction> instead = new ArrayList<>();
      List<Transaction> fresh = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        boolean again = random.nextBoolean();
        List<Transaction> from = again ? removed : made;
        Transaction next = from.get(random.nextInt(from.size()));
        if (accept(next)) {
          instead.add(next);
          if (!again) {
            fresh.add(next);
          }
        }
      }
      // A block is told of once only: what the chain accepts again was told of before.
      long score = virtual.daaScore;
      Transaction[] block = fresh.toArray(Transaction[]::new);
      news.add(() -> begin(pool.block(Txs.block(block), score, virtual)));
      List<Hash> accepted = instead.stream().map(Transaction::id).toList();
      news.add(() -> begin(pool.chain(accepted, true, virtual)));
      removed.removeIf(transaction -> accepted.contains(transaction.id()));
      // Their blocks are still there, and may be merged once more.
      unmerged.addAll(removed);
      int split = random.nextInt(removed.size() + 1);
      List<Transaction> first = List.copyOf(removed.subList(0, split));
      List<Transaction> rest = List.copyOf(removed.subList(split, removed.size()));
      news.add(() -> begin(pool.returned(first, false, virtual)));
      news.add(() -> begin(pool.returned(rest, true, virtual)));
    }

    private List<Hash> some(List<Hash> ids) {
      return ids.stream().filter(id -> random.nextInt(3) == 0).toList();
    }

    // --- telling it ---------------------------------------------------------------------------

    private void hear() {
      Runnable next = news.poll();
      if (next != null) {
        // What comes back after a reorganisation is in the pool before more is told.
        if (pool.isReturning()) {
          finishAll();
        }
        next.run();
      }
    }

    private void begin(Work<?> work) {
      Open begun = new Open(work);
      if (takeUp(begun)) {
        open.add(begun);
      }
    }

    /** Whether something is to be checked; if not, it is done. */
    private static boolean takeUp(Open begun) {
      begun.candidates = begun.work.next();
      begun.checks = null;
      if (begun.candidates.isEmpty()) {
        begun.work.result();
        return false;
      }
      return true;
    }

    /** Checks what is open, or hands in what came of a check. */
    private void goOn() {
      if (!open.isEmpty()) {
        goOn(open.get(random.nextInt(open.size())));
      }
    }

    private void goOn(Open next) {
      List<Check> checks = next.checks;
      if (checks == null) {
        next.checks = virtual.checkAll(next.candidates);
        return;
      }
      next.work.checked(checks);
      if (!takeUp(next)) {
        open.remove(next);
      }
    }

    private void finishAll() {
      while (!open.isEmpty()) {
        goOn(open.getFirst());
      }
    }

    /** All is told and done. */
    private void settle() {
      finishAll();
      while (!news.isEmpty()) {
        hear();
        finishAll();
      }
    }
  }
}
