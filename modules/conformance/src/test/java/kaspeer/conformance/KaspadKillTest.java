package kaspeer.conformance;

import static kaspeer.conformance.Nodes.RELAY_LIMIT;
import static kaspeer.conformance.Nodes.SYNC_LIMIT;
import static kaspeer.conformance.Nodes.connect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.RpcTransactionJson;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kill -9 in the middle of everything: a first sync, reorganisations, a flood of transactions. What
 * a kill leaves on disk is consistent in itself, and what comes of it after each restart is what a
 * twin has that was never killed.
 *
 * <p>Kills come when so many blocks or transactions have arrived, not after so much time: a slow
 * machine only takes longer.
 */
@Tag("kaspad")
class KaspadKillTest {
  private static final int KILLS = Integer.getInteger("kaspeer.kills", 20);
  private static final int FIRST_SYNC_KILLS = KILLS / 3;
  private static final int FLOOD_KILLS = KILLS / 4;
  private static final int REORG_KILLS = KILLS - FIRST_SYNC_KILLS - FLOOD_KILLS;
  private static final int MAX_BLOCKS = 15;
  private static final int MAX_TRANSACTIONS = 150;

  private static Path binary = Path.of("");

  @TempDir private Path folder = Path.of("");

  private final SplittableRandom random = Nodes.random("kills");

  @BeforeAll
  static void findKaspad() {
    binary = Nodes.kaspad();
  }

  /** A kaspad that mines, with the wallet for what it is to mine. */
  private record Source(Kaspad kaspad, SimnetMiner miner, SignedWallet wallet) {
    static Source start(Path folder, SplittableRandom random) {
      Kaspad kaspad = Kaspad.start(binary, Nodes.recorded(folder, binary), List.of());
      SignedWallet wallet = RecordedDag.wallet();
      wallet.load(kaspad.rpc());
      return new Source(
          kaspad, new SimnetMiner(kaspad.rpc(), wallet.address(), random.split()), wallet);
    }

    /**
     * Blocks with payments and others that build on them. One may be refused: through the node this
     * kaspad may have heard of the other's blocks, in which its coin is spent.
     */
    void mine(int blocks) {
      wallet.load(kaspad.rpc());
      for (int made = 0; made < blocks; made += 4) {
        TransactionVerdicts.ofKaspad(kaspad, wallet.pay());
        TransactionVerdicts.ofKaspad(kaspad, wallet.payChained());
        miner.mine(4, 1, 3);
      }
    }
  }

  @Test
  void comesBackToTheStateOfATwinThatWasNeverKilled() {
    Source a = Source.start(folder.resolve("a"), random);
    Source b = Source.start(folder.resolve("b"), random);
    KaspeerNode twin = Nodes.startAlone(folder.resolve("twin"));
    try {
      connect(twin, a.kaspad.p2pAddress());
      Nodes.awaitSynced(twin, a.kaspad);
      killInFirstSync(a, twin);
      killInReorgs(List.of(a, b), twin);
      killInFlood(REORG_KILLS % 2 == 0 ? a : b, twin);
    } finally {
      twin.close();
      a.kaspad.close();
      b.kaspad.close();
    }
    assertThat(digest()).isEqualTo(StateDigest.of(folder.resolve("twin"), Nodes.SIMNET));
  }

  private KaspeerNode restart(Source source) {
    KaspeerNode node = Nodes.startAlone(folder.resolve("k"));
    connect(node, source.kaspad.p2pAddress());
    return node;
  }

  /** What the kill left, which has to be sound whatever it is. */
  private StateDigest digest() {
    return StateDigest.of(folder.resolve("k"), Nodes.SIMNET).assertSound();
  }

  private void kill(KaspeerNode node) {
    assertThat(node.handle().isAlive()).as("alive before it is killed: %s", node.log()).isTrue();
    node.kill();
  }

  private void killInFirstSync(Source source, KaspeerNode twin) {
    long all = arrived(twin);
    long before = 0;
    for (int kill = 1; kill <= FIRST_SYNC_KILLS; kill++) {
      KaspeerNode node = restart(source);
      assertThat(arrived(node)).as("kept over kill %d", kill - 1).isGreaterThanOrEqualTo(before);
      awaitArrived(node, Math.max(before + 1, all * kill / (FIRST_SYNC_KILLS + 1)));
      boolean hasBodies = node.get("dag").get("blockCount").asLong() > 0;
      kill(node);
      if (hasBodies) { // Headers come first, and have no UTXO state.
        String sink = digest().sink();
        assertThat(twin.get("blocks/" + sink).get("isChainBlock").asBoolean())
            .as("the sink after kill %d is on the twin's chain", kill)
            .isTrue();
        assertThat(sink).as("kill %d came in the sync", kill).isNotEqualTo(Nodes.sink(twin));
      }
      before = all * kill / (FIRST_SYNC_KILLS + 1);
    }
    try (KaspeerNode node = restart(source)) {
      awaitTwins(node, twin, source);
    }
  }

  /** Headers and bodies. */
  private static long arrived(KaspeerNode node) {
    JsonNode dag = node.get("dag");
    return dag.get("headerCount").asLong() + dag.get("blockCount").asLong();
  }

  private static void awaitArrived(KaspeerNode node, long count) {
    Await.until(
        count + " headers and bodies",
        SYNC_LIMIT,
        () -> arrived(node) >= count,
        () -> Nodes.tail(node.log()));
  }

  /**
   * Two kaspads that do not know of each other outdo each other in turn, and the node goes over to
   * the one that leads.
   */
  private void killInReorgs(List<Source> sources, KaspeerNode twin) {
    KaspeerNode node = restart(sources.getFirst());
    int reorgs = 0;
    try {
      for (int kill = 1; kill <= REORG_KILLS; kill++) {
        Source leader = sources.get(kill % 2);
        String before = Nodes.sink(twin);
        List.of(node, twin).forEach(Nodes::disconnectAll);
        List.of(node, twin).forEach(each -> connect(each, leader.kaspad.p2pAddress()));
        long had = arrived(node);
        long behind = behind(leader, twin);
        CompletableFuture<Void> mining =
            CompletableFuture.runAsync(() -> leader.mine((int) behind + 2 * MAX_BLOCKS));
        awaitArrived(node, had + 2 * (behind + random.nextInt(MAX_BLOCKS)));
        kill(node);
        mining.join();
        digest();
        node = restart(leader);
        awaitTwins(node, twin, leader);
        reorgs += twin.get("blocks/" + before).get("isChainBlock").asBoolean() ? 0 : 1;
      }
    } finally {
      node.close();
    }
    // Not each time: through the node a kaspad may have heard of the other's blocks, and merge
    // them.
    assertThat(reorgs).as("reorganisations in %d kills", REORG_KILLS).isPositive();
  }

  /** How many blocks a chain has to grow by to lead. */
  private static long behind(Source source, KaspeerNode twin) {
    long theirs = source.kaspad.rpc().call("getSinkBlueScore").get("blueScore").asLong();
    return Math.max(0, twin.get("dag").get("sinkBlueScore").asLong() - theirs);
  }

  private void killInFlood(Source source, KaspeerNode twin) {
    for (int kill = 1; kill <= FLOOD_KILLS; kill++) {
      KaspeerNode node = restart(source);
      source.wallet.load(source.kaspad.rpc());
      List<String> flood = new ArrayList<>();
      for (int i = 0; i < 2 * MAX_TRANSACTIONS; i++) {
        flood.add(
            RpcTransactionJson.of(i % 4 == 0 ? source.wallet.pay() : source.wallet.payChained())
                .toString());
      }
      AtomicInteger taken = new AtomicInteger();
      CompletableFuture<Void> flooding =
          CompletableFuture.runAsync(
              () -> {
                for (String transaction : flood) {
                  node.post("transactions", transaction);
                  taken.incrementAndGet();
                }
              });
      CompletableFuture<Void> mining =
          CompletableFuture.runAsync(() -> source.miner.mine(MAX_BLOCKS, 1, 3));
      int enough = random.nextInt(1, MAX_TRANSACTIONS);
      Await.until(enough + " transactions", RELAY_LIMIT, () -> taken.get() >= enough, node::log);
      kill(node);
      assertThat(flooding.handle((done, cut) -> cut != null).join())
          .as("the flood was cut off by the kill")
          .isTrue();
      mining.join();
      digest();
      try (KaspeerNode again = restart(source)) {
        awaitTwins(again, twin, source);
      }
    }
  }

  /** Until the node has what the twin has, both at the kaspad's sink. */
  private static void awaitTwins(KaspeerNode node, KaspeerNode twin, Source source) {
    source.miner.mineOne();
    Await.until(
        "the twin's state",
        SYNC_LIMIT,
        () ->
            source.kaspad.rpc().sink().equals(Nodes.sink(twin)) && state(node).equals(state(twin)),
        () -> state(node) + "\ntwin: " + state(twin) + "\n" + Nodes.tail(node.log()));
    String sink = Nodes.sink(twin);
    assertThat(node.get("blocks/" + sink)).isEqualTo(twin.get("blocks/" + sink));
  }

  /** The DAG, and what the next block has to commit to: the UTXO set and the lanes. */
  private static Map<String, Object> state(KaspeerNode node) {
    Map<String, Object> state = new LinkedHashMap<>();
    JsonNode dag = node.get("dag");
    for (String name : List.of("sink", "virtualDaaScore", "blockCount", "headerCount")) {
      state.put(name, dag.get(name));
    }
    for (String name : List.of("tipHashes", "virtualParentHashes")) {
      TreeSet<String> hashes = new TreeSet<>();
      dag.get(name).forEach(hash -> hashes.add(hash.asText()));
      state.put(name, hashes);
    }
    JsonNode header =
        node.change(
                "POST",
                "block-template",
                KaspadRpc.params().put("payAddress", RecordedDag.wallet().address()).toString())
            .get("header");
    for (String name : List.of("utxoCommitment", "acceptedIdMerkleRoot", "pruningPoint")) {
      state.put(name, header.get(name));
    }
    return state;
  }
}
