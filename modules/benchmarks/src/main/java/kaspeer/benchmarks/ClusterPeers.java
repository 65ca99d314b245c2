package kaspeer.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.node.KaspeerNode;
import kaspeer.testkit.peer.PeerLab;

/**
 * Idle peers at three edges that share one core, four processes on loopback: how many are held, and
 * how much memory all have then; beside it a kaspad with as many peers as one edge.
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
    Path binary = KaspadBinary.require();
    Path folder = Files.createTempDirectory("kaspeer-cluster-peers");
    long kaspads;
    try (Target kaspad = Target.kaspad(binary, folder.resolve("kaspad"), peers + 2 * WARM_UP);
        PeerLab lab = new PeerLab()) {
      IdlePeers.join(lab, kaspad, WARM_UP + peers);
      IdlePeers.settle();
      kaspads = ProcessUse.rssKiB(kaspad.pid());
    }
    try (LocalCluster cluster =
            new LocalCluster(folder.resolve("cluster"), 1, EDGES, peers + 2 * WARM_UP);
        PeerLab lab = new PeerLab()) {
      join(lab, cluster, WARM_UP);
      long start = System.nanoTime();
      join(lab, cluster, peers);
      double seconds = (System.nanoTime() - start) / 1e9;
      IdlePeers.settle();
      int joined = EDGES * peers;
      long edge = rss(cluster.edges()) / EDGES;
      long core = rss(List.of(cluster.core(0)));
      System.out.printf(
          Locale.ROOT,
          "%d edges hold %,d of %,d idle peers, which took %.1f s to join%n",
          EDGES,
          held(cluster) - EDGES * WARM_UP,
          joined,
          seconds);
      System.out.printf(
          Locale.ROOT,
          "RSS: kaspad with as many as one edge %,d KiB; an edge %,d KiB, ratio %.2f; the core %,d"
              + " KiB%n",
          kaspads,
          edge,
          edge / (double) kaspads,
          core);
    }
  }

  private static void join(PeerLab lab, LocalCluster cluster, int peers) {
    for (int i = 0; i < peers; i++) {
      cluster.edges().forEach(edge -> lab.join(edge.p2pAddress()));
    }
  }

  private static long rss(List<KaspeerNode> nodes) {
    return nodes.stream().mapToLong(node -> ProcessUse.rssKiB(node.handle().pid())).sum();
  }

  private static int held(LocalCluster cluster) {
    return cluster.edges().stream().mapToInt(edge -> edge.get("peers").size()).sum();
  }
}
