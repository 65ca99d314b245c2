package kaspeer.mempool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import kaspeer.mempool.Admission.Accepted;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class MempoolPropertyTest {
  private static final long EACH = Entry.estimatedBytes(Txs.spend(Txs.coin(1)));

  private final SourceBytes sourceBytes = new SourceBytes();
  private final List<Transaction> made = new ArrayList<>();
  private long daaScore = 1000;

  private static Mempool pool() {
    MempoolOptions options =
        new MempoolOptions(
            20 * EACH,
            18,
            8 * EACH,
            10_000,
            12,
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            false);
    return new Mempool(Params.of(Network.SIMNET), options);
  }

  /** Which source each transaction came from. */
  private static final class SourceBytes {
    private final java.util.Map<Hash, String> sources = new java.util.HashMap<>();

    void came(Hash id, String source) {
      sources.put(id, source);
    }

    long of(String source, Mempool pool) {
      return pool.ids().stream()
          .filter(id -> source.equals(sources.get(id)))
          .mapToLong(id -> bytes(pool, id))
          .sum();
    }
  }

  private static long bytes(Mempool pool, Hash id) {
    Transaction transaction = pool.get(id);
    return transaction == null ? 0 : Entry.estimatedBytes(transaction);
  }

  @Property(tries = 60)
  void whateverHappensThePoolStaysInItsBoundsAndConsistent(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Mempool pool = pool();
    Set<Hash> expected = new HashSet<>();
    for (int step = 0; step < 150; step++) {
      daaScore += random.nextInt(4);
      switch (random.nextInt(10)) {
        case 0 -> {
          List<Transaction> chosen =
              made.isEmpty() ? List.of() : List.of(made.get(random.nextInt(made.size())));
          BlockEffect effect =
              pool.onBlock(Txs.block(chosen.toArray(Transaction[]::new)), daaScore);
          assertThat(expected).containsAll(effect.included()).containsAll(effect.conflicting());
          effect.included().forEach(expected::remove);
          effect.conflicting().forEach(expected::remove);
        }
        case 1 -> pool.expire(daaScore).forEach(expected::remove);
        default -> submit(pool, random, expected);
      }
      check(pool, expected);
    }
  }

  private void submit(Mempool pool, SplittableRandom random, Set<Hash> expected) {
    Transaction tx = random(random);
    made.add(tx);
    String source = List.of("a", "b", "c", Mempool.LOCAL).get(random.nextInt(4));
    Admission admission = pool.submit(tx, source, new VirtualTime(daaScore, 0));
    if (admission instanceof Accepted accepted) {
      assertThat(expected).doesNotContain(tx.id()).containsAll(accepted.evicted());
      accepted.evicted().forEach(expected::remove);
      expected.add(tx.id());
      sourceBytes.came(tx.id(), source);
    }
  }

  private Transaction random(SplittableRandom random) {
    Outpoint first = Txs.coin(random.nextInt(40));
    if (made.isEmpty() || random.nextInt(3) == 0) {
      return Txs.with(random.nextInt(200), first);
    }
    Outpoint second = Txs.output(made.get(random.nextInt(made.size())), random.nextInt(2));
    return random.nextBoolean() ? Txs.spend(second) : Txs.spend(first, second);
  }

  private void check(Mempool pool, Set<Hash> expected) {
    MempoolInfo info = pool.info();
    assertThat(new HashSet<>(pool.ids())).isEqualTo(expected);
    assertThat(info.transactions()).isEqualTo(expected.size()).isLessThanOrEqualTo(18);
    assertThat(info.bytes())
        .isEqualTo(pool.ids().stream().mapToLong(id -> bytes(pool, id)).sum())
        .isLessThanOrEqualTo(20 * EACH);
    for (String source : List.of("a", "b", "c", Mempool.LOCAL)) {
      assertThat(sourceBytes.of(source, pool)).isLessThanOrEqualTo(8 * EACH);
    }
    Set<Outpoint> spent = new HashSet<>();
    for (Hash id : pool.ids()) {
      Transaction transaction = pool.get(id);
      assertThat(transaction).isNotNull();
      for (Input input : transaction == null ? List.<Input>of() : transaction.inputs()) {
        assertThat(spent.add(input.previous())).isTrue();
      }
    }
  }

  @Example
  void othersMayLookInWhileTheOwnerWorks() throws InterruptedException {
    Mempool pool = pool();
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> wrong = new AtomicReference<>("");
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!done.get()) {
                    for (Hash id : pool.ids()) {
                      Transaction found = pool.get(id);
                      if (found != null && !found.id().equals(id)) {
                        wrong.set("another transaction under " + id);
                      }
                    }
                    if (pool.info().transactions() > 18) {
                      wrong.set(pool.info().toString());
                    }
                  }
                });
    for (int i = 0; i < 5000; i++) {
      pool.submit(Txs.spend(Txs.coin(i)), "a", new VirtualTime(i, 0));
    }
    done.set(true);
    reader.join();
    assertThat(wrong.get()).isEmpty();
    assertThat(pool.info().transactions()).isEqualTo(8);
  }
}
