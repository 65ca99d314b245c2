package kaspeer.conformance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kaspeer.node.cli.Cli;
import kaspeer.primitives.Hash;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A core and an edge as an operator runs them, each a process of its own. */
@Tag("kaspad")
final class ClusterProcessTest {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterProcessTest.class);
  private static final int BLOCKS = 20;

  /** Ten seconds of them. */
  private static final int SLOW_BLOCKS = 10 * Load.BLOCKS_PER_SECOND;

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Nine seconds by a node's own rules; the rest is for a JVM on a machine that is busy. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  @TempDir private Path folder = Path.of("");

  @Test
  void aKaspadAtAnEdgeFollowsACoreThatMinesAndBothStopInTheirTime() {
    Path binary = binary();
    String atCore = "127.0.0.1:" + Kaspad.freePort();
    String atEdge = "127.0.0.1:" + Kaspad.freePort();
    try (KaspeerNode core = member("core", atCore, atCore, "--mine", "5");
        KaspeerNode edge = member("edge", atEdge, atCore);
        Kaspad kaspad = Kaspad.start(binary, folder.resolve("a"), List.of(edge.p2pAddress()))) {
      Await.until(
          "a kaspad with " + BLOCKS + " blocks",
          LIMIT,
          () -> kaspad.rpc().dag().get("blockCount").asLong() >= BLOCKS,
          () -> edge.logTail() + "\n" + kaspad.log());
      assertThat(members(core)).hasSize(2);
      JsonNode members = members(edge);
      assertThat(members.findValuesAsText("address")).containsExactlyInAnyOrder(atCore, atEdge);
      assertThat(members.findValuesAsText("dag")).containsOnly(atCore);
      assertThat(members.findValuesAsText("status")).containsOnly("up");

      assertStops("edge", edge);
      Await.until("a core alone", LIMIT, () -> members(core).size() == 1, core::logTail);
      assertStops("core", core);
    }
  }

  @Test
  void aCoreStopsInItsTimeThoughAnEdgeUsesIt() {
    String atCore = "127.0.0.1:" + Kaspad.freePort();
    String atEdge = "127.0.0.1:" + Kaspad.freePort();
    try (KaspeerNode core = member("core", atCore, atCore, "--mine", "5");
        KaspeerNode edge = member("edge", atEdge, atCore)) {
      Await.until(
          "an edge with blocks",
          LIMIT,
          () -> edge.get("dag").path("virtualDaaScore").asLong() >= BLOCKS,
          edge::logTail);
      assertStops("core", core);
      edge.kill();
    }
  }

  @Test
  void aCoreThatIsSlowSlowsThePeersOfItsEdgeAndLosesNone() {
    Path binary = binary();
    String atCore = "127.0.0.1:" + Kaspad.freePort();
    String atEdge = "127.0.0.1:" + Kaspad.freePort();
    try (KaspeerNode core = member("core", atCore, atCore);
        KaspeerNode edge = member("edge", atEdge, atCore);
        Kaspad miner = Kaspad.start(binary, folder.resolve("a"), List.of(edge.p2pAddress()));
        Kaspad other = Kaspad.start(binary, folder.resolve("b"), List.of(edge.p2pAddress()))) {
      Await.until("two peers", LIMIT, () -> edge.peers().size() == 2, edge::logTail);
      List<String> before = connections(edge);
      List<Hash> blocks;
      try (Load load = new Load(List.of(miner))) {
        load.start();
        Hash last;
        try (Slowed _ = new Slowed(core.handle())) {
          load.awaitMore(SLOW_BLOCKS);
          last = load.mined().getLast();
          Await.until(
              "a block through a slow core",
              LIMIT,
              () -> Visitor.missing(other, List.of(last)).isEmpty(),
              edge::logTail);
          assertThat(members(edge).findValuesAsText("status")).containsOnly("up");
        }
        blocks = load.mined();
      }
      Await.until(
          "all blocks",
          LIMIT,
          () -> Visitor.missing(other, blocks).isEmpty() && core.sink().equals(miner.rpc().sink()),
          () -> edge.logTail() + "\n" + core.logTail());
      assertThat(connections(edge)).isEqualTo(before);
      edge.peers().forEach(peer -> assertThat(peer.path("score").asDouble()).isZero());
      assertThat(edge.get("bans")).isEmpty();
    }
  }

  private static List<String> connections(KaspeerNode node) {
    return node.peers().findValuesAsText("connection");
  }

  private static Path binary() {
    return KaspadBinary.find()
        .orElseGet(
            () -> Assumptions.abort("no kaspad here; to run this test: " + KaspadBinary.INSTALL));
  }

  private KaspeerNode member(String role, String listen, String join, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of("--roles", role, "--cluster-listen", listen, "--cluster-join", join));
    options.addAll(List.of(more));
    return KaspeerNode.startAlone(folder.resolve(role), options.toArray(new String[0]));
  }

  private static void assertStops(String name, KaspeerNode node) {
    long began = System.nanoTime();
    int code = node.stop(LIMIT);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    LOG.info("the {} stopped within {} ms", name, took.toMillis());
    assertThat(code).as("exit code of the %s: %s", name, node.logTail()).isZero();
    assertThat(took).as("stop of the %s: %s", name, node.logTail()).isLessThan(STOP_LIMIT);
  }

  /** What {@code kaspeer cluster} tells. */
  private static JsonNode members(KaspeerNode node) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    String[] command = {"cluster", "--json", "--data-dir", node.dataDir().toString()};
    int code = Cli.run(command, Map.of(), stream, stream);
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isZero();
    try {
      return new ObjectMapper().readTree(text).get("members");
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }
}
