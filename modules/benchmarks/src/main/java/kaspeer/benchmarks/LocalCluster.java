package kaspeer.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;

/** Cores and one edge, each a process, on loopback. */
final class LocalCluster implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final List<KaspeerNode> cores = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private final KaspeerNode edge;

  LocalCluster(Path folder, int count) {
    for (int i = 0; i <= count; i++) {
      addresses.add("127.0.0.1:" + Kaspad.freePort());
    }
    for (int i = 0; i < count; i++) {
      cores.add(start(folder.resolve("core-" + i), "core", i));
    }
    edge = start(folder.resolve("edge"), "edge", count);
    Await.until(
        "all are members and the edge has a DAG to use",
        LIMIT,
        () -> upMembers() == count + 1 && !used().isEmpty(),
        edge::logTail);
  }

  private KaspeerNode start(Path data, String role, int number) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--max-in-peers",
                "128",
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
    return edge;
  }

  KaspeerNode core(int number) {
    return cores.get(number);
  }

  private long upMembers() {
    long up = 0;
    for (var member : edge.get("cluster").get("members")) {
      up += member.get("status").asText().equals("up") ? 1 : 0;
    }
    return up;
  }

  /** Address of the core whose DAG the edge uses; empty if there is none. */
  String used() {
    for (var member : edge.get("cluster").get("members")) {
      if (member.get("isSelf").asBoolean()) {
        return member.get("dag").asText();
      }
    }
    return "";
  }

  /** Kills the core in use without warning. */
  void killUsed() {
    cores.get(addresses.indexOf(used())).kill();
  }

  @Override
  public void close() {
    edge.close();
    cores.forEach(KaspeerNode::close);
  }
}
