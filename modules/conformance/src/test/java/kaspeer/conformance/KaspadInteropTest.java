package kaspeer.conformance;

import static kaspeer.conformance.Nodes.RELAY_LIMIT;
import static kaspeer.conformance.Nodes.SYNC_LIMIT;
import static kaspeer.conformance.Nodes.awaitPeers;
import static kaspeer.conformance.Nodes.awaitSameDag;
import static kaspeer.conformance.Nodes.awaitSynced;
import static kaspeer.conformance.Nodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SignedWallet.Coin;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node against a real kaspad, each as a process of its own. */
@Tag("kaspad")
class KaspadInteropTest {
  private static final int DAG_SIZE = 20_000;
  private static final int MINUTE_OF_BLOCKS = 600;
  private static final int MARK = 50;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  @Test
  void syncsADagOf20000BlocksFromKaspadAndServesItToAFreshOne() {
    try (Kaspad old =
            Kaspad.start(
                binary, RecordedDag.copyTo(folder.resolve("a"), binary, DAG_SIZE), List.of());
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", text(old.p2pAddress()))) {
      awaitSynced(node, old);
      assertThat(node.get("dag").get("blockCount").asLong()).isGreaterThanOrEqualTo(DAG_SIZE);
      try (Kaspad fresh = Kaspad.start(binary, folder.resolve("b"), List.of(node.p2pAddress()))) {
        awaitSameDag(node, fresh, SYNC_LIMIT);
        assertThat(fresh.rpc().sink()).isEqualTo(old.rpc().sink());
      }
    }
  }

  @Test
  void followsAMinuteOfTenBlocksASecond() throws InterruptedException {
    try (Kaspad kaspad = Kaspad.start(binary, folder.resolve("a"), List.of());
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", text(kaspad.p2pAddress()))) {
      awaitPeers(node, 1);
      mineAtPace(kaspad, MINUTE_OF_BLOCKS, Duration.ofMillis(100), made -> awaitBodies(node, made));
      awaitSameDag(node, kaspad, RELAY_LIMIT);
      assertThat(bodies(node)).isEqualTo(MINUTE_OF_BLOCKS);
      assertThat(node.get("peers").toString())
          .as("still the same peer")
          .contains("\"direction\":\"outbound\"");
      assertThat(node.get("peers/departed").findValues("reason")).as("nobody left").isEmpty();
    }
  }

  private static void awaitBodies(KaspeerNode node, int count) {
    Await.until(
        count + " blocks",
        RELAY_LIMIT,
        () -> bodies(node) >= count,
        () -> node.get("dag").toString());
  }

  @Test
  void carriesBlocksAndTransactionsBothWaysBetweenKaspadsThatOnlySeeUs() {
    try (Kaspad a = Kaspad.start(binary, folder.resolve("a"), List.of());
        KaspeerNode node =
            KaspeerNode.start(
                folder.resolve("k"), "--add-peer", text(a.p2pAddress()), "--no-dns-seed");
        Kaspad b = Kaspad.start(binary, folder.resolve("b"), List.of(node.p2pAddress()))) {
      awaitPeers(node, 2);
      SimnetMiner minerA =
          new SimnetMiner(a.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(1));
      SimnetMiner minerB =
          new SimnetMiner(b.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(2));
      minerA.mine(700, 1, 3);
      awaitSameDag(node, List.of(a, b), SYNC_LIMIT);
      minerB.mine(700, 1, 3);
      awaitSameDag(node, List.of(a, b), SYNC_LIMIT);
      for (int i = 0; i < 20; i++) {
        minerA.mineOne();
        minerB.mineOne();
      }
      awaitSameDag(node, List.of(a, b), RELAY_LIMIT);

      List<Coin> coins = AnyoneCanSpendWallet.spendable(a.rpc());
      int half = coins.size() / 2;
      awaitFirstOf(coins.subList(0, half), a, b);
      awaitFirstOf(coins.subList(half, coins.size()), b, a);
      minerB.mineOne();
      minerB.mineOne();
      awaitSameDag(node, List.of(a, b), RELAY_LIMIT);
      assertThat(a.rpc().sink()).isEqualTo(b.rpc().sink());
    }
  }

  @Test
  void takesUpAKilledSyncWhereItWas() {
    try (Kaspad kaspad =
        Kaspad.start(
            binary, RecordedDag.copyTo(folder.resolve("a"), binary, DAG_SIZE), List.of())) {
      long before = 0;
      for (int kill = 0; kill < 4; kill++) {
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", text(kaspad.p2pAddress()));
        long had = before;
        assertThat(headers(node)).as("kept over kill %d", kill).isGreaterThanOrEqualTo(had);
        Await.until(
            "progress", SYNC_LIMIT, () -> headers(node) + bodies(node) > had + 2_000, node::log);
        before = headers(node);
        node.kill();
      }
      try (KaspeerNode node =
          KaspeerNode.start(folder.resolve("k"), "--connect", text(kaspad.p2pAddress()))) {
        awaitSynced(node, kaspad);
      }
    }
  }

  @Test
  void syncsFromAnotherKaspeer() {
    try (Kaspad kaspad =
            Kaspad.start(
                binary, RecordedDag.copyTo(folder.resolve("a"), binary, DAG_SIZE), List.of());
        KaspeerNode first =
            KaspeerNode.start(folder.resolve("k1"), "--connect", text(kaspad.p2pAddress()))) {
      awaitSynced(first, kaspad);
      try (KaspeerNode second =
          KaspeerNode.start(folder.resolve("k2"), "--connect", text(first.p2pAddress()))) {
        awaitSameDag(second, kaspad, SYNC_LIMIT);
        new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(3))
            .mine(50, 1, 3);
        awaitSameDag(second, kaspad, RELAY_LIMIT);
      }
    }
  }

  /**
   * Sends coin after coin until the first is where it should be: kaspad tells its peers of
   * transactions only when another one comes half a second after the last flush.
   */
  private static void awaitFirstOf(List<Coin> coins, Kaspad from, Kaspad to) {
    Iterator<Coin> rest = coins.iterator();
    String first = AnyoneCanSpendWallet.respend(from.rpc(), rest.next());
    Await.until(
        "a transaction in the other kaspad's mempool",
        RELAY_LIMIT,
        () -> {
          if (rest.hasNext()) {
            AnyoneCanSpendWallet.respend(from.rpc(), rest.next());
          }
          return AnyoneCanSpendWallet.inMempool(to.rpc(), first);
        },
        from::log);
  }

  /**
   * Mines one block an interval, and catches up when it is late; every one has to be taken by
   * kaspad. Each time {@link #MARK} more are made, and while others follow, it is told how many.
   */
  private static void mineAtPace(Kaspad kaspad, int blocks, Duration interval, IntConsumer told)
      throws InterruptedException {
    SimnetMiner miner =
        new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(1));
    AtomicInteger made = new AtomicInteger();
    BlockingQueue<Integer> marks = new LinkedBlockingQueue<>();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try {
      // A refusal ends the clock, so no further mark comes.
      ScheduledFuture<?> mining =
          clock.scheduleAtFixedRate(
              () -> {
                if (made.get() < blocks) {
                  miner.mineOne();
                  marks.add(made.incrementAndGet());
                }
              },
              0,
              interval.toMillis(),
              TimeUnit.MILLISECONDS);
      for (int next = 1; next <= blocks; next++) {
        Integer mark = marks.poll(SYNC_LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(mark).as("block taken by kaspad; %s", mining).isEqualTo(next);
        if (next % MARK == 0) {
          told.accept(next);
        }
      }
    } finally {
      clock.shutdownNow();
      assertThat(clock.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static long headers(KaspeerNode node) {
    return node.get("dag").get("headerCount").asLong();
  }

  private static long bodies(KaspeerNode node) {
    return node.get("dag").get("blockCount").asLong();
  }
}
