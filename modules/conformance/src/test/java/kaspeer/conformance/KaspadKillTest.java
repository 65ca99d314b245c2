package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 in the middle of everything: a sync, then blocks with payments, parallel ones and
 * reorganisations. What comes of it must be what a node has that was never killed.
 */
@Tag("kaspad")
class KaspadKillTest {
  private static final int KILLS = Integer.getInteger("kaspeer.kills", 20);
  private static final int BLOCKS = 3_000;
  private static final int PAYMENTS = 4_000;
  private static final long MIN_LIFE_MILLIS = 50;
  private static final long MAX_LIFE_MILLIS = 2_500;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  @Test
  void endsWhereATwinEndsThatWasNeverKilled() throws Exception {
    SplittableRandom random = new SplittableRandom(31);
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService background = Executors.newSingleThreadExecutor();
    try (Kaspad kaspad =
            Kaspad.start(
                binary,
                RecordedDag.copyTo(folder.resolve("a"), binary, BLOCKS, PAYMENTS),
                List.of());
        KaspeerNode twin =
            KaspeerNode.start(
                folder.resolve("twin"), "--connect", Nodes.text(kaspad.p2pAddress()))) {
      Future<?> load = background.submit(() -> mineAndPay(kaspad, stop));
      for (int kill = 0; kill < KILLS; kill++) {
        KaspeerNode node =
            KaspeerNode.start(folder.resolve("k"), "--connect", Nodes.text(kaspad.p2pAddress()));
        long life = random.nextLong(MIN_LIFE_MILLIS, MAX_LIFE_MILLIS);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(life));
        assertThat(node.handle().isAlive())
            .as("alive before kill %d: %s", kill, node.log())
            .isTrue();
        node.kill();
      }
      stop.set(true);
      load.get(30, TimeUnit.SECONDS);
      try (KaspeerNode node =
          KaspeerNode.start(folder.resolve("k"), "--connect", Nodes.text(kaspad.p2pAddress()))) {
        Nodes.awaitSynced(node, kaspad);
        Nodes.awaitSameDag(twin, kaspad, Nodes.SYNC_LIMIT);
        String sink = Nodes.sink(twin);
        assertThat(Nodes.sink(node)).isEqualTo(sink);
        // Its header commits to the UTXO set, and a block is valid only if ours is the same.
        assertThat(node.get("blocks/" + sink).get("status").asText()).isEqualTo("utxoValid");
        assertThat(node.get("blocks/" + sink)).isEqualTo(twin.get("blocks/" + sink));
      }
    } finally {
      stop.set(true);
      background.shutdownNow();
    }
  }

  private static void mineAndPay(Kaspad kaspad, AtomicBoolean stop) {
    SignedWallet wallet = RecordedDag.wallet();
    wallet.load(kaspad.rpc());
    SimnetMiner miner = new SimnetMiner(kaspad.rpc(), wallet.address(), new SplittableRandom(32));
    while (!stop.get()) {
      SignedWallet.submit(kaspad.rpc(), wallet.pay()).join();
      miner.mine(1, 1, 3);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150));
    }
  }
}
