package kaspeer.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;
import org.jspecify.annotations.Nullable;

/**
 * What it costs that the DAG is on another machine. An edge with one core, two processes on
 * loopback, beside a node on its own and kaspad in the same run: from the inv of a block to its inv
 * at another peer, and blocks a second. Then an edge with two cores, of which the one in use is
 * killed: how long until a block gets through again.
 */
public final class ClusterRelay {
  private static final int BLOCKS = 2_000;

  /** So many blocks are parallel. */
  private static final int WIDTH = 8;

  private static final long LIMIT_SECONDS = 120;

  private final Path binary;
  private final Path folder;

  private ClusterRelay(Path binary, Path folder) {
    this.binary = binary;
    this.folder = folder;
  }

  /**
   * @param args how often to take turns; 2 by default
   */
  public static void main(String[] args) throws IOException {
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 2;
    Path binary = KaspadBinary.require();
    for (int turn = 0; turn < turns; turn++) {
      ClusterRelay relay =
          new ClusterRelay(binary, Files.createTempDirectory("kaspeer-cluster-relay"));
      relay.latency();
      relay.throughput();
      relay.failover();
    }
  }

  private void latency() {
    try (Target kaspad = Target.kaspad(binary, folder.resolve("kaspad"), 128)) {
      RelayLatency.measure(kaspad, kaspad.address(), binary, folder.resolve("source-kaspad"));
    }
    double alone;
    try (Target kaspeer = Target.kaspeer(folder.resolve("alone"), 128)) {
      alone =
          median(
              RelayLatency.measure(
                  kaspeer, kaspeer.address(), binary, folder.resolve("source-alone")));
    }
    LocalCluster cluster = new LocalCluster(folder.resolve("latency"), 1);
    try (Target edge = Target.kaspeer("edge", cluster.edge(), cluster::close)) {
      double through =
          median(
              RelayLatency.measure(
                  edge, cluster.core(0).p2pAddress(), binary, folder.resolve("source-edge")));
      say("edge to a node on its own, p50: %.2f times", through / alone);
    }
  }

  private static double median(double[] ascending) {
    return ascending[ascending.length / 2];
  }

  private void throughput() {
    double alone;
    try (KaspeerNode node = KaspeerNode.startAlone(folder.resolve("alone-throughput"))) {
      alone = blocksPerSecond(node.p2pAddress());
    }
    try (LocalCluster cluster = new LocalCluster(folder.resolve("throughput"), 1)) {
      double through = blocksPerSecond(cluster.edge().p2pAddress());
      say("blocks a second: alone %.0f, through an edge %.0f", alone, through);
      say("edge to a node on its own: %.2f times", through / alone);
    }
  }

  /** Blocks of a wide DAG, each announced as soon as its parents have got through. */
  private static double blocksPerSecond(InetSocketAddress node) {
    try (ChainBuilder chain = ChainBuilder.simnet(9);
        PeerLab lab = new PeerLab();
        ScriptedPeer giver = lab.join(node);
        ScriptedPeer listener = lab.join(node)) {
      List<Block> blocks = chain.widen(BLOCKS, WIDTH);
      Offer offer = new Offer(giver, listener);
      Map<Hash, CompletableFuture<Long>> through = new HashMap<>();
      long start = System.nanoTime();
      for (Block block : blocks) {
        for (Hash parent : block.header().directParents()) {
          join(through.get(parent));
        }
        through.put(block.hash(), offer.awaits(block));
        offer.announce(block);
      }
      through.values().forEach(ClusterRelay::join);
      return BLOCKS / ((System.nanoTime() - start) / 1e9);
    }
  }

  private static void join(@Nullable CompletableFuture<Long> through) {
    if (through != null) {
      through.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }
  }

  private void failover() {
    try (LocalCluster cluster = new LocalCluster(folder.resolve("failover"), 2);
        ChainBuilder chain = ChainBuilder.simnet(10);
        PeerLab lab = new PeerLab();
        ScriptedPeer giver = lab.join(cluster.edge().p2pAddress());
        ScriptedPeer listener = lab.join(cluster.edge().p2pAddress())) {
      Offer offer = new Offer(giver, listener);
      for (Block block : chain.extend(50)) {
        CompletableFuture<Long> through = offer.awaits(block);
        offer.announce(block);
        through.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
      }
      String before = chain.last().hash().toString();
      Await.until(
          "both cores have it",
          Duration.ofSeconds(LIMIT_SECONDS),
          () -> cluster.core(0).sink().equals(before) && cluster.core(1).sink().equals(before),
          cluster.edge()::logTail);
      Block next = chain.extend();
      CompletableFuture<Long> through = offer.awaits(next);
      long start = System.nanoTime();
      cluster.killUsed();
      offer.announce(next);
      long end = through.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
      say("core killed, the next block is through after %.0f ms", (end - start) / 1e6);
      if (!giver.isConnected() || !listener.isConnected()) {
        throw new IllegalStateException("the edge has lost a peer");
      }
    }
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
