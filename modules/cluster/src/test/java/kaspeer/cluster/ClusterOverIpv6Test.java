package kaspeer.cluster;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members whose addresses have colons in them. */
final class ClusterOverIpv6Test {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("::1");

  private static boolean isHere() {
    try (ServerSocket _ = new ServerSocket(0, 1, LOOPBACK)) {
      return true;
    } catch (IOException without) {
      return false;
    }
  }

  @Test
  void membersFindEachOtherAndCanBeAsked() {
    assumeThat(isHere()).as("this machine has ::1, which this test needs").isTrue();
    List<InetSocketAddress> all =
        TestMember.addresses(2).stream()
            .map(address -> new InetSocketAddress(LOOPBACK, address.getPort()))
            .toList();
    try (TestMember core = TestMember.core(all.get(0), all);
        TestMember edge = TestMember.edge(all.get(1), all)) {
      edge.await(
          "the edge uses the core",
          () -> edge.sees(2) && core.sees(2) && edge.dag().equals(core.address()));
      // Whoever takes longer than two seconds is missing for this time.
      core.await(
          "both answer what peers they have",
          () -> {
            ClusterPeers told = core.cluster.peers().toCompletableFuture().join();
            return told.missing().isEmpty() && told.answered().contains(edge.address());
          });
    }
  }
}
