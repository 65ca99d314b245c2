package kaspeer.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.RecordedDag;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.Assumptions;

/** What tests against a real kaspad wait for. */
final class Nodes {
  static final Duration SYNC_LIMIT = Duration.ofMinutes(4);
  static final Duration RELAY_LIMIT = Duration.ofMinutes(1);
  static final Params SIMNET = Params.of(Network.SIMNET);

  /** Size of the DAG with payments that tests start from. */
  static final int RECORDED_BLOCKS = 3_000;

  static final int RECORDED_PAYMENTS = 4_000;

  private static final int LOG_TAIL = 4_000;

  private Nodes() {}

  /** The kaspad on this machine; without one the test is skipped. */
  static Path kaspad() {
    Optional<Path> found = KaspadBinary.find();
    Assumptions.assumeTrue(
        found.isPresent(), "no kaspad here; to run this test: " + KaspadBinary.INSTALL);
    return found.orElseThrow();
  }

  /**
   * Random numbers whose seed is logged; {@code -Dkaspeer.seed} makes a test do what it did before.
   */
  static SplittableRandom random(String test) {
    long seed = Long.getLong("kaspeer.seed", System.nanoTime());
    System.getLogger(test).log(System.Logger.Level.INFO, "-Dkaspeer.seed={0,number,#}", seed);
    return new SplittableRandom(seed);
  }

  /** A copy of the DAG with payments. */
  static Path recorded(Path target, Path binary) {
    return RecordedDag.copyTo(target, binary, RECORDED_BLOCKS, RECORDED_PAYMENTS);
  }

  /** A node that dials nobody but whom it is told to, once. */
  static KaspeerNode startAlone(Path folder, String... more) {
    return KaspeerNode.startAlone(folder, more);
  }

  /** Connects a node, for as long as the connection lasts. */
  static void connect(KaspeerNode node, InetSocketAddress peer) {
    node.connect(peer);
  }

  /** Ends all connections of a node. */
  static void disconnectAll(KaspeerNode node) {
    node.disconnectAll();
  }

  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  static String sink(KaspeerNode node) {
    return node.sink();
  }

  /** The last of a log. */
  static String tail(String log) {
    return log.substring(Math.max(0, log.length() - LOG_TAIL));
  }

  static void awaitPeers(KaspeerNode node, int peers) {
    Await.until(peers + " peers", RELAY_LIMIT, () -> node.peers().size() >= peers, node::log);
  }

  /**
   * A sync brings the sink and its past; the other tips come with the next block that merges them.
   */
  static void awaitSynced(KaspeerNode node, Kaspad kaspad) {
    Await.until(
        "same sink",
        SYNC_LIMIT,
        () -> sink(node).equals(kaspad.rpc().sink()),
        () -> node.logTail());
    new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(4)).mineOne();
    awaitSameDag(node, kaspad, RELAY_LIMIT);
  }

  static void awaitSameDag(KaspeerNode node, Kaspad kaspad, Duration limit) {
    awaitSameDag(node, List.of(kaspad), limit);
  }

  /**
   * Waits until all have the same DAG. Our state is read once for all of them: one after the other,
   * each could equal another state of ours.
   */
  static void awaitSameDag(KaspeerNode node, List<Kaspad> kaspads, Duration limit) {
    Await.until(
        "same sink, counts and tips",
        limit,
        () -> {
          JsonNode ours = node.get("dag");
          return kaspads.stream().allMatch(kaspad -> sameDag(ours, kaspad.rpc().dag()));
        },
        () ->
            "we: "
                + node.get("dag")
                + "\nkaspad: "
                + kaspads.stream().map(kaspad -> kaspad.rpc().dag()).toList()
                + "\n"
                + tail(node.log()));
  }

  private static boolean sameDag(JsonNode ours, JsonNode theirs) {
    return ours.get("sink").equals(theirs.get("sink"))
        && ours.get("blockCount").asLong() == theirs.get("blockCount").asLong()
        && ours.get("headerCount").asLong() == theirs.get("headerCount").asLong()
        && ours.get("virtualDaaScore").asLong() == theirs.get("virtualDaaScore").asLong()
        && texts(ours.get("tipHashes")).equals(texts(theirs.get("tipHashes")));
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new TreeSet<>();
    list.forEach(entry -> texts.add(entry.asText()));
    return texts;
  }
}
