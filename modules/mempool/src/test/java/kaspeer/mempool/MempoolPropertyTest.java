package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import kaspeer.consensus.Rule;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.MempoolOptions.OrphanOptions;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever happens: the bounds hold, and what the pool says that it did is what it did. */
class MempoolPropertyTest {
  private static final long EACH = Entry.estimatedBytes(Txs.spend(Txs.coin(1)), 0);
  private static final OrphanOptions FEW_ORPHANS =
      new OrphanOptions(6, 9 * EACH, 3, 4 * EACH, Duration.ofSeconds(2));
  private static final List<String> SOURCES = List.of("a", "b", "c", Submission.LOCAL);

  @Property(tries = 100)
  void whateverHappensThePoolStaysInItsBoundsAndConsistent(@ForAll long seed) {
    new Run().run(new SplittableRandom(seed));
  }

  private static final class Run {
    private final FakeVirtual virtual = new FakeVirtual();
    private final TransactionPool pool =
        new TransactionPool(
            FakeVirtual.PARAMS,
            new MempoolOptions(
                20 * EACH,
                18,
                10_000,
                12,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                false,
                100_000,
                FEW_ORPHANS),
            new SplittableRandom(9));
    private final List<Transaction> made = new ArrayList<>();
    private final Set<Hash> expected = new HashSet<>();

    /** The accepted transactions, the latest first, with what they spent. */
    private final Deque<Step> chain = new ArrayDeque<>();

    private record Step(Transaction transaction, Map<Outpoint, UtxoEntry> spent) {}

    private void run(SplittableRandom random) {
      for (int step = 0; step < 200; step++) {
        virtual.daaScore += random.nextInt(3);
        switch (random.nextInt(15)) {
          case 0, 1 -> block(random);
          case 2 -> reorganise(random);
          case 3 -> gone(pool.expire(virtual.daaScore));
          case 4 -> reject(random);
          case 5 -> revalidate(random);
          case 6 -> assertThat(pool.sweep(pool.ids(), virtual)).isEmpty();
          default -> submit(random);
        }
        check();
      }
    }

    private void submit(SplittableRandom random) {
      List<Transaction> batch = new ArrayList<>();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        Transaction tx = random(random);
        made.add(tx);
        batch.add(tx);
        if (random.nextInt(15) == 0) {
          virtual.breaks(tx.id(), Rule.SIGNATURE_INVALID);
        }
      }
      String source = SOURCES.get(random.nextInt(SOURCES.size()));
      boolean local = source.equals(Submission.LOCAL);
      Submission ours = random.nextBoolean() ? Submission.local() : Submission.localReplacement();
      Submission how = local ? ours : Submission.relayed(source);
      Told told = new Told();
      Pools.submitAll(pool, batch, how, virtual).forEach(told::hear);
      told.agrees();
    }

    /** What one call told. What came and went in it may be told in either order. */
    private final class Told {
      private final Set<Hash> came = new HashSet<>();
      private final Set<Hash> went = new HashSet<>();

      private void hear(Admission admission) {
        if (admission instanceof Accepted accepted) {
          came.add(accepted.id());
          went.addAll(accepted.replaced());
          went.addAll(accepted.evicted());
          accepted.redeemed().forEach(this::hear);
        }
      }

      private void hear(BlockEffect effect) {
        went.addAll(effect.included());
        went.addAll(effect.conflicting());
        effect.returned().forEach(this::hear);
        effect.redeemed().forEach(this::hear);
      }

      private void agrees() {
        Set<Hash> now = new HashSet<>(pool.ids());
        Set<Hash> possible = new HashSet<>(expected);
        possible.addAll(came);
        assertThat(possible).containsAll(now).containsAll(went);
        Set<Hash> certain = new HashSet<>(possible);
        certain.removeAll(went);
        assertThat(now).containsAll(certain);
        expected.clear();
        expected.addAll(now);
      }
    }

    private void gone(List<Hash> ids) {
      assertThat(expected).containsAll(ids);
      ids.forEach(expected::remove);
    }

    private void tell(BlockEffect effect) {
      Told told = new Told();
      told.hear(effect);
      told.agrees();
    }

    private Transaction random(SplittableRandom random) {
      long fee = random.nextLong(1, 9) * Txs.FEE;
      List<Txs.Money> money = new ArrayList<>();
      if (made.isEmpty() || random.nextInt(3) > 0) {
        money.add(Txs.coin(random.nextInt(30)));
      }
      if (money.isEmpty() || random.nextInt(3) == 0) {
        if (made.isEmpty()) {
          money.add(Txs.coin(99));
        } else {
          Transaction parent = made.get(random.nextInt(made.size()));
          money.add(Txs.output(parent, random.nextInt(2)));
        }
      }
      int payload = random.nextInt(3) == 0 ? random.nextInt(1000) : 0;
      Txs.Draft draft = new Txs.Draft(money.toArray(Txs.Money[]::new)).fee(fee).payload(payload);
      return random.nextInt(4) == 0
          ? draft.lane(random.nextInt(3), random.nextInt(1000)).build()
          : draft.build();
    }

    /** A block with one transaction, which virtual accepts if it can. */
    private void block(SplittableRandom random) {
      if (made.isEmpty()) {
        return;
      }
      Transaction tx = made.get(random.nextInt(made.size()));
      Map<Outpoint, UtxoEntry> spent = new HashMap<>();
      for (Input input : tx.inputs()) {
        UtxoEntry entry = virtual.utxo(input.previous());
        if (entry != null) {
          spent.put(input.previous(), entry);
        }
      }
      if (spent.size() == tx.inputs().size()) {
        virtual.accept(tx);
        chain.push(new Step(tx, spent));
      }
      tell(Pools.onBlock(pool, Txs.block(tx), virtual.daaScore, virtual));
    }

    /** Takes back a few of the latest, and sometimes accepts some of them again. */
    private void reorganise(SplittableRandom random) {
      List<Transaction> returned = new ArrayList<>();
      List<Step> undone = new ArrayList<>();
      List<Hash> accepted = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0 && !chain.isEmpty(); i--) {
        Step last = chain.pop();
        virtual.unaccept(last.spent, last.transaction);
        undone.add(last);
        returned.add(last.transaction);
      }
      if (!returned.isEmpty() && random.nextInt(3) == 0) {
        // The oldest of them: what it spends is there.
        Step first = undone.getLast();
        virtual.accept(first.transaction);
        chain.push(first);
        returned.removeLast();
        accepted.add(first.transaction.id());
      }
      tell(Pools.onChainChanged(pool, returned, accepted, virtual));
    }

    private void reject(SplittableRandom random) {
      Selection selection =
          pool.select(new TemplateLimits(10_000, 20_000, 10_000, 50, 1_000_000_000));
      List<Hash> some = new ArrayList<>();
      for (Transaction tx : selection.transactions()) {
        assertThat(expected).contains(tx.id());
        if (random.nextInt(3) == 0) {
          some.add(tx.id());
        }
      }
      gone(Pools.onRejected(pool, some, virtual));
    }

    private void revalidate(SplittableRandom random) {
      List<Hash> good = pool.revalidate(random.nextInt(5), virtual);
      assertThat(pool.ids()).containsAll(good);
      expected.retainAll(pool.ids());
    }

    private void check() {
      PoolInvariants.hold(pool, made);
      PoolInvariants.areSpendable(pool, virtual);
      MempoolInfo info = pool.info();
      assertThat(new HashSet<>(pool.ids())).isEqualTo(expected);
      assertThat(info.transactions()).isEqualTo(expected.size()).isLessThanOrEqualTo(18);
      assertThat(info.orphans()).isLessThanOrEqualTo(6);
      assertThat(info.orphanBytes()).isLessThanOrEqualTo(9 * EACH);
      assertThat(info.orphans() == 0).isEqualTo(info.orphanBytes() == 0);
      Set<Outpoint> spent = new HashSet<>();
      long bytes = 0;
      int ready = 0;
      int high = 0;
      for (Hash id : pool.ids()) {
        PooledTransaction known = pool.describe(id);
        assertThat(known).isNotNull();
        if (known == null) {
          continue;
        }
        assertThat(pool.isOrphan(id)).isFalse();
        bytes += known.bytes();
        high += known.high() ? 1 : 0;
        boolean alone = true;
        for (Input input : known.transaction().inputs()) {
          assertThat(spent.add(input.previous())).isTrue();
          alone &= !expected.contains(input.previous().transactionId());
        }
        assertThat(known.ready()).isEqualTo(alone);
        ready += alone ? 1 : 0;
      }
      assertThat(info.bytes()).isEqualTo(bytes).isLessThanOrEqualTo(20 * EACH);
      assertThat(info.ready()).isEqualTo(ready);
      assertThat(info.high()).isEqualTo(high);
    }
  }
}
