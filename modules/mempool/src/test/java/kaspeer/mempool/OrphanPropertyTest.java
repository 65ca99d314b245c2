package kaspeer.mempool;

import static java.util.Collections.disjoint;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.DoubleSpend;
import kaspeer.mempool.Admission.Orphaned;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Orphans against a model: whatever order a family comes in, alone, in batches or in blocks, those
 * are in the pool whose ancestors all came, and the others wait.
 */
class OrphanPropertyTest {
  @Property(tries = 150)
  void exactlyThoseWaitOfWhichAnAncestorIsMissing(@ForAll long seed) {
    new Run(new SplittableRandom(seed)).run();
  }

  @Property(tries = 150)
  void noTwoOrphansSpendTheSame(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FakeVirtual virtual = new FakeVirtual();
    TransactionPool pool = new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(8 << 20));
    List<Transaction> all = new ArrayList<>();
    for (Transaction one : Run.family(random)) {
      all.add(one);
      all.add(cheaper(one));
    }
    Map<Hash, Transaction> waiting = new HashMap<>();
    for (Transaction next : Run.shuffled(all, random)) {
      boolean free =
          waiting.values().stream().noneMatch(other -> !disjoint(spent(other), spent(next)));
      boolean lacks = next.inputs().stream().anyMatch(input -> isMissing(input, pool, virtual));
      Admission admission = pool.submit(next, Submission.relayed("peer"), virtual);
      if (lacks) {
        assertThat(admission).isInstanceOf(free ? Orphaned.class : DoubleSpend.class);
      }
      waiting.clear();
      all.stream().filter(tx -> pool.isOrphan(tx.id())).forEach(tx -> waiting.put(tx.id(), tx));
      Set<Outpoint> outpoints = new HashSet<>();
      waiting.values().forEach(tx -> assertThat(spent(tx)).allMatch(outpoints::add));
    }
  }

  /** Spends and pays the same, and is larger. */
  private static Transaction cheaper(Transaction one) {
    return new Transaction(
        one.version(),
        one.inputs(),
        one.outputs(),
        one.lockTime(),
        one.subnetworkId(),
        one.gas(),
        new byte[10],
        one.storageMass());
  }

  private static boolean isMissing(Input input, TransactionPool pool, FakeVirtual virtual) {
    return pool.get(input.previous().transactionId()) == null
        && virtual.utxo(input.previous()) == null;
  }

  private static List<Outpoint> spent(Transaction transaction) {
    return transaction.inputs().stream().map(Input::previous).toList();
  }

  private static final class Run {
    private final FakeVirtual virtual = new FakeVirtual();
    private final TransactionPool pool =
        new TransactionPool(FakeVirtual.PARAMS, MempoolOptions.ofBytes(8 << 20));
    private final Set<Hash> came = new HashSet<>();
    private final Set<Hash> accepted = new HashSet<>();
    private final Set<Hash> told = new HashSet<>();
    private final SplittableRandom random;

    private Run(SplittableRandom random) {
      this.random = random;
    }

    private void run() {
      List<Transaction> family = family(random);
      List<Transaction> order = shuffled(family, random);
      for (int i = 0; i < order.size(); ) {
        int count = Math.min(random.nextInt(1, 5), order.size() - i);
        List<Transaction> next = order.subList(i, i + count);
        i += count;
        if (random.nextInt(4) == 0) {
          acceptOne(next.getFirst());
          next = next.subList(1, count);
        }
        submit(next);
        agree(family);
      }
      assertThat(pool.info().orphans()).isZero();
      assertThat(pool.info().orphanBytes()).isZero();
      assertThat(told).containsExactlyInAnyOrderElementsOf(pool.ids());
    }

    /** Each spends a coin, or outputs of earlier ones that none has spent. */
    private static List<Transaction> family(SplittableRandom random) {
      List<Transaction> family = new ArrayList<>();
      List<Txs.Money> free = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        List<Txs.Money> money = new ArrayList<>();
        for (int j = random.nextInt(4); j > 0 && !free.isEmpty(); j--) {
          money.add(free.remove(random.nextInt(free.size())));
        }
        if (money.isEmpty() || random.nextInt(4) == 0) {
          money.add(Txs.coin(i));
        }
        Transaction transaction = Txs.spend(money.toArray(Txs.Money[]::new));
        family.add(transaction);
        free.add(Txs.output(transaction, 0));
        free.add(Txs.output(transaction, 1));
      }
      return family;
    }

    private static List<Transaction> shuffled(
        List<Transaction> transactions, SplittableRandom random) {
      List<Transaction> order = new ArrayList<>(transactions);
      for (int i = order.size() - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        Transaction swapped = order.get(i);
        order.set(i, order.get(other));
        order.set(other, swapped);
      }
      return order;
    }

    private void submit(List<Transaction> transactions) {
      List<Admission> admissions =
          Pools.submitAll(pool, transactions, Submission.relayed("peer"), virtual);
      transactions.forEach(tx -> came.add(tx.id()));
      admissions.forEach(this::tell);
    }

    private void tell(Admission admission) {
      if (admission instanceof Accepted a) {
        assertThat(told.add(a.id())).isTrue();
        a.redeemed().forEach(this::tell);
      }
    }

    /** A block with one transaction, if virtual can accept it. */
    private void acceptOne(Transaction transaction) {
      boolean possible =
          transaction.inputs().stream().allMatch(in -> virtual.utxo(in.previous()) != null);
      if (!possible) {
        submit(List.of(transaction));
        return;
      }
      virtual.accept(transaction);
      accepted.add(transaction.id());
      came.add(transaction.id());
      Pools.onBlock(pool, Txs.block(transaction), virtual.daaScore, virtual)
          .redeemed()
          .forEach(this::tell);
    }

    private void agree(List<Transaction> family) {
      // Parents come before their children in the family.
      Set<Hash> complete = new HashSet<>();
      for (Transaction transaction : family) {
        boolean all =
            came.contains(transaction.id())
                && transaction.inputs().stream()
                    .map(Input::previous)
                    .allMatch(
                        o -> isCoin(o.transactionId()) || complete.contains(o.transactionId()));
        if (all) {
          complete.add(transaction.id());
        }
      }
      Set<Hash> waiting =
          came.stream().filter(id -> !complete.contains(id)).collect(Collectors.toSet());
      assertThat(came).allMatch(id -> pool.isOrphan(id) == waiting.contains(id));
      complete.removeAll(accepted);
      assertThat(pool.ids()).containsExactlyInAnyOrderElementsOf(complete);
      assertThat(pool.info().orphans()).isEqualTo(waiting.size());
    }

    private static boolean isCoin(Hash id) {
      return id.word(0) == 7 && id.word(1) == 7;
    }
  }
}
