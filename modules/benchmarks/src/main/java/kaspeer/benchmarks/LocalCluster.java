package kaspeer.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;

/** Cores and edges, each a process, on loopback. */
final class LocalCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final List<KaspeerNode> cores = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private final List<KaspeerNode> edges = new ArrayList<>();
  private final int maxPeers;

  /** With one edge, which takes a few peers. */
  LocalCluster(Path folder, int cores) {
    this(folder, cores, 1, 128);
  }

  /**
   * @param maxPeers that dial in at each member
   */
  LocalCluster(Path folder, int coreCount, int edgeCount, int maxPeers) {
    this.maxPeers = maxPeers;
    for (int i = 0; i < coreCount + edgeCount; i++) {
      addresses.add("127.0.0.1:" + Kaspad.freePort());
    }
    for (int i = 0; i < coreCount; i++) {
      cores.add(start(folder.resolve("core-" + i), "core", i));
    }
    for (int i = 0; i < edgeCount; i++) {
      edges.add(start(folder.resolve("edge-" + i), "edge", coreCount + i));
    }
    for (KaspeerNode edge : edges) {
      Await.until(
          "all are members and the edge has a DAG to use",
          LIMIT,
          () -> upMembers(edge) == coreCount + edgeCount && !used(edge).isEmpty(),
          edge::logTail);
    }
  }

  private KaspeerNode start(Path data, String role, int number) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--max-in-peers",
                String.valueOf(maxPeers),
                "--roles",
                role,
                "--cluster-listen",
                addresses.get(number)));
    // The first one makes the cluster.
    if (number > 0) {
      options.addAll(List.of("--cluster-join", addresses.getFirst()));
    }
    return KaspeerNode.startAlone(data, options.toArray(new String[0]));
  }

  KaspeerNode edge() {
    return edges.getFirst();
  }

  List<KaspeerNode> edges() {
    return edges;
  }

  KaspeerNode core(int number) {
    return cores.get(number);
  }

  private static long upMembers(KaspeerNode edge) {
    long up = 0;
    for (var member : edge.get("cluster").get("members")) {
      up += member.get("status").asText().equals("up") ? 1 : 0;
    }
    return up;
  }

  /** Address of the core whose DAG an edge uses; empty if there is none. */
  private static String used(KaspeerNode edge) {
    for (var member : edge.get("cluster").get("members")) {
      if (member.get("isSelf").asBoolean()) {
        return member.get("dag").asText();
      }
    }
    return "";
  }

  /** Kills the core that the edge uses without warning. */
  void killUsed() {
    cores.get(addresses.indexOf(used(edge()))).kill();
  }

  @Override
  public void close() {
    edges.forEach(KaspeerNode::close);
    cores.forEach(KaspeerNode::close);
  }
}
