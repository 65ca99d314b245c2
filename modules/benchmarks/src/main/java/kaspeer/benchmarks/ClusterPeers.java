package kaspeer.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.node.KaspeerNode;
import kaspeer.testkit.peer.PeerLab;

/**
 * Idle peers at three edges that share one core, four processes on loopback: how many are held, and
 * what RSS each takes at its edge and at the core; beside it a kaspad with as many as one edge.
 */
public final class ClusterPeers {
  private static final int EDGES = 3;
  private static final int PEERS = 1_000;
  private static final int WARM_UP = 50;

  private ClusterPeers() {}

  /**
   * @param args peers at each edge, 1,000 by default
   */
  public static void main(String[] args) throws IOException {
    int peers = args.length > 0 ? Integer.parseInt(args[0]) : PEERS;
    Path binary =
        KaspadBinary.find().orElseThrow(() -> new IllegalStateException(KaspadBinary.INSTALL));
    Path folder = Files.createTempDirectory("kaspeer-cluster-peers");
    double alone;
    try (Target kaspad = Target.kaspad(binary, folder.resolve("kaspad"), peers + 2 * WARM_UP);
        PeerLab lab = new PeerLab()) {
      alone = IdlePeers.rssOfEach(lab, kaspad, WARM_UP, peers);
    }
    try (LocalCluster cluster =
            new LocalCluster(folder.resolve("cluster"), 1, EDGES, peers + 2 * WARM_UP);
        PeerLab lab = new PeerLab()) {
      join(lab, cluster, WARM_UP);
      long atEdges = rss(cluster.edges());
      long atCore = rss(List.of(cluster.core(0)));
      long start = System.nanoTime();
      join(lab, cluster, peers);
      double seconds = (System.nanoTime() - start) / 1e9;
      IdlePeers.settle();
      int joined = EDGES * peers;
      double each = (rss(cluster.edges()) - atEdges) / (double) joined;
      double eachAtCore = (rss(List.of(cluster.core(0))) - atCore) / (double) joined;
      System.out.printf(
          Locale.ROOT,
          "%d edges hold %,d of %,d idle peers, which took %.1f s to join%n",
          EDGES,
          held(cluster) - EDGES * WARM_UP,
          joined,
          seconds);
      System.out.printf(
          Locale.ROOT,
          "RSS of each: kaspad %.1f KiB; edge %.1f KiB and core %.1f KiB, ratio %.2f%n",
          alone,
          each,
          eachAtCore,
          (each + eachAtCore) / alone);
    }
  }

  private static void join(PeerLab lab, LocalCluster cluster, int peers) {
    for (int i = 0; i < peers; i++) {
      cluster.edges().forEach(edge -> lab.join(edge.p2pAddress()));
    }
  }

  private static long rss(List<KaspeerNode> nodes) {
    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
    return nodes.stream().mapToLong(node -> ProcessUse.rssKiB(node.handle().pid())).sum();
  }

  private static int held(LocalCluster cluster) {
    return cluster.edges().stream().mapToInt(edge -> edge.get("peers").size()).sum();
  }
}
