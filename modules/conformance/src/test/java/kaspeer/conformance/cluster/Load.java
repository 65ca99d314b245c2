package kaspeer.conformance.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.SignedWallet.Coin;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import org.jspecify.annotations.Nullable;

/**
 * Blocks and payments at a steady rate. One kaspad mines, so that each block has one parent: of a
 * wide DAG kaspad fetches what it has missed root by root, the same ones again and again, which
 * takes it minutes for some tens of blocks. All take turns at being paid through. A kaspad that
 * refuses a block or a payment ends the load; {@link #mined} and {@link #paid} tell of it.
 */
final class Load implements AutoCloseable {
  /** As many as the network makes. */
  static final int BLOCKS_PER_SECOND = 10;

  private static final int PAYMENTS_PER_SECOND = 4;

  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final List<Kaspad> payers;
  private final List<Hash> mined = new ArrayList<>();
  private final List<String> paid = new ArrayList<>();
  private final Deque<Coin> coins = new ArrayDeque<>();
  private final Set<Outpoint> spent = new HashSet<>();
  private SimnetMiner miner;
  private @Nullable Throwable failure;

  /**
   * @param payers the first mines
   */
  Load(List<Kaspad> payers) {
    this.payers = payers;
    this.miner = miner(payers.getFirst());
  }

  private static SimnetMiner miner(Kaspad kaspad) {
    return new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom());
  }

  /** Has another kaspad mine from now on. */
  synchronized void mineAt(Kaspad kaspad) {
    miner = miner(kaspad);
  }

  /** Mines some blocks at once. */
  synchronized void mine(int blocks) {
    for (int i = 0; i < blocks; i++) {
      mined.add(miner.mineOne().hash());
    }
  }

  void start() {
    every(BLOCKS_PER_SECOND, () -> mine(1));
    every(PAYMENTS_PER_SECOND, this::pay);
  }

  private void every(int perSecond, Runnable step) {
    long micros = TimeUnit.SECONDS.toMicros(1) / perSecond;
    var _ =
        clock.scheduleAtFixedRate(
            () -> {
              try {
                step.run();
              } catch (RuntimeException refused) {
                fail(refused);
                throw refused;
              }
            },
            0,
            micros,
            TimeUnit.MICROSECONDS);
  }

  /**
   * Rewards only, the oldest first: so each is hundreds of blocks older than it has to be, and
   * every kaspad takes it, wherever its own chain is now. One behind an edge that was away has
   * missed up to 300 blocks, and the others know rewards that are too young for it.
   */
  private void pay() {
    Kaspad payer = payers.get(paid().size() % payers.size());
    if (coins.isEmpty()) {
      AnyoneCanSpendWallet.spendable(payer.rpc()).stream()
          .filter(coin -> coin.entry().coinbase())
          .filter(coin -> !spent.contains(coin.outpoint()))
          .sorted(Comparator.comparingLong(coin -> coin.entry().blockDaaScore()))
          .forEach(coins::add);
    }
    Coin coin = coins.poll();
    if (coin != null) {
      spent.add(coin.outpoint());
      String id = AnyoneCanSpendWallet.respend(payer.rpc(), coin);
      synchronized (this) {
        paid.add(id);
      }
    }
  }

  private synchronized void fail(Throwable refused) {
    failure = failure == null ? refused : failure;
  }

  private synchronized int count() {
    return mined.size();
  }

  private synchronized void check() {
    if (failure != null) {
      throw new AssertionError("the load has ended", failure);
    }
  }

  /** All blocks so far. */
  List<Hash> mined() {
    check();
    synchronized (this) {
      return List.copyOf(mined);
    }
  }

  /** Ids of all payments so far. */
  List<String> paid() {
    check();
    synchronized (this) {
      return List.copyOf(paid);
    }
  }

  /** Waits for the next block. */
  Hash next() {
    int had = count();
    awaitMore(1);
    return mined().get(had);
  }

  /** Waits until so many more blocks are made: a time that goes by only while there is a load. */
  void awaitMore(int blocks) {
    int until = count() + blocks;
    Await.until(
        blocks + " more blocks",
        Duration.ofMinutes(1),
        () -> {
          check();
          return count() >= until;
        },
        () -> count() + " of " + until);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    try {
      if (!clock.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new AssertionError("a kaspad does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
