package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.mempool.Admission.Full;
import kaspeer.primitives.Hash;
import kaspeer.primitives.StorageMass;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Eviction against a model that looks through the whole pool each time. */
class EvictionPropertyTest {
  private static final long EACH = Entry.estimatedBytes(Txs.spend(Txs.coin(1)), 0);
  private static final long ROOM = 12 * EACH;
  private static final int MAX_COUNT = 11;

  /**
   * @param parents that were in the pool when it came
   */
  private record Member(
      Transaction transaction, double rate, long fee, boolean high, Set<Hash> parents) {
    Hash id() {
      return transaction.id();
    }

    long bytes() {
      return Entry.estimatedBytes(transaction, parents.size());
    }
  }

  @Property(tries = 150)
  void whatGoesIsWhatTheModelSays(@ForAll long seed) {
    new Run().run(new SplittableRandom(seed));
  }

  private static final class Run {
    private final FakeVirtual virtual = new FakeVirtual();
    private final TransactionPool pool =
        new TransactionPool(
            FakeVirtual.PARAMS,
            MempoolOptions.ofBytes(ROOM).withMaxTransactions(MAX_COUNT),
            new SplittableRandom(3));
    private final Map<Hash, Member> model = new LinkedHashMap<>();
    private final List<Txs.Money> free = new ArrayList<>();
    private int coins;

    private void run(SplittableRandom random) {
      for (int step = 0; step < 60; step++) {
        Member newcomer = newcomer(random);
        List<Hash> expected = evicted(newcomer);
        Submission how = newcomer.high ? Submission.local() : Submission.relayed("peer");
        Admission admission = pool.submit(newcomer.transaction, how, virtual);
        if (expected == null) {
          assertThat(admission).isEqualTo(new Full(newcomer.id()));
        } else {
          assertThat(admission)
              .isInstanceOfSatisfying(
                  Accepted.class,
                  a -> assertThat(a.evicted()).containsExactlyInAnyOrderElementsOf(expected));
          expected.forEach(model::remove);
          model.put(newcomer.id(), newcomer);
          for (int i = 0; i < newcomer.transaction.outputs().size(); i++) {
            free.add(Txs.output(newcomer.transaction, i));
          }
        }
        assertThat(pool.ids()).containsExactlyInAnyOrderElementsOf(model.keySet());
        assertThat(pool.info().bytes()).isEqualTo(bytes()).isLessThanOrEqualTo(ROOM);
      }
    }

    private Member newcomer(SplittableRandom random) {
      List<Txs.Money> money = new ArrayList<>();
      free.removeIf(output -> !model.containsKey(output.outpoint().transactionId()));
      for (int i = random.nextInt(3); i > 0 && !free.isEmpty(); i--) {
        money.add(free.remove(random.nextInt(free.size())));
      }
      if (money.isEmpty() || random.nextBoolean()) {
        money.add(Txs.coin(coins++));
      }
      long fee = random.nextLong(5, 15) * Txs.FEE;
      Transaction transaction =
          new Txs.Draft(money.toArray(Txs.Money[]::new))
              .payload(random.nextInt(3) == 0 ? random.nextInt((int) (2 * EACH)) : 0)
              .fee(fee)
              .build();
      double rate = rate(transaction, money, fee);
      Set<Hash> parents = new LinkedHashSet<>();
      for (Input input : transaction.inputs()) {
        parents.add(input.previous().transactionId());
      }
      parents.retainAll(model.keySet());
      return new Member(transaction, rate, fee, random.nextInt(6) == 0, parents);
    }

    private static double rate(Transaction transaction, List<Txs.Money> money, long fee) {
      TransactionMass mass = TransactionMass.of(transaction, FakeVirtual.PARAMS);
      List<UtxoEntry> spent =
          money.stream()
              .map(m -> new UtxoEntry(m.amount(), Txs.payToKey(), 1, false, null))
              .toList();
      long storage = StorageMass.of(transaction, spent, FakeVirtual.PARAMS).orElseThrow();
      long halfTransient = (mass.transientStorage() + 1) / 2;
      return (double) fee / Math.max(Math.max(mass.compute(), halfTransient), storage);
    }

    private long bytes() {
      return model.values().stream().mapToLong(Member::bytes).sum();
    }

    /** What has to go, or null if there is no room. */
    private @Nullable List<Hash> evicted(Member newcomer) {
      Set<Hash> ancestors = new LinkedHashSet<>();
      collectAncestors(newcomer, ancestors);
      List<Member> lowestFirst =
          model.values().stream()
              .filter(m -> !m.high && m.parents.stream().noneMatch(model::containsKey))
              .sorted(
                  Comparator.comparingDouble(Member::rate)
                      .thenComparingLong(Member::fee)
                      .thenComparing(Member::id))
              .toList();
      Set<Hash> victims = new LinkedHashSet<>();
      for (Member lowest : lowestFirst) {
        if (fits(newcomer, victims)) {
          break;
        }
        if (lowest.rate > newcomer.rate) {
          return null;
        }
        if (!ancestors.contains(lowest.id())) {
          collectDescendants(lowest.id(), victims);
        }
      }
      return fits(newcomer, victims) ? List.copyOf(victims) : null;
    }

    private boolean fits(Member newcomer, Set<Hash> victims) {
      long left =
          model.values().stream()
              .filter(m -> !victims.contains(m.id()))
              .mapToLong(Member::bytes)
              .sum();
      return left + newcomer.bytes() <= ROOM && model.size() - victims.size() < MAX_COUNT;
    }

    private void collectAncestors(Member member, Set<Hash> into) {
      for (Hash parent : member.parents) {
        Member found = model.get(parent);
        if (found != null && into.add(parent)) {
          collectAncestors(found, into);
        }
      }
    }

    private void collectDescendants(Hash id, Set<Hash> into) {
      into.add(id);
      for (Member member : model.values()) {
        if (member.parents.contains(id) && !into.contains(member.id())) {
          collectDescendants(member.id(), into);
        }
      }
    }
  }
}
