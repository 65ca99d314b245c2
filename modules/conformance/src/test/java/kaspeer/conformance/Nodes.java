package kaspeer.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import kaspeer.testkit.kaspad.AnyoneCanSpendWallet;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadBinary;
import kaspeer.testkit.kaspad.SimnetMiner;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import org.junit.jupiter.api.Assumptions;

/** What tests against a real kaspad wait for. */
final class Nodes {
  static final Duration SYNC_LIMIT = Duration.ofMinutes(4);
  static final Duration RELAY_LIMIT = Duration.ofSeconds(20);
  private static final int LOG_TAIL = 4_000;

  private Nodes() {}

  /** The kaspad on this machine; without one the test is skipped. */
  static Path kaspad() {
    Optional<Path> found = KaspadBinary.find();
    Assumptions.assumeTrue(
        found.isPresent(), "no kaspad here; to run this test: " + KaspadBinary.INSTALL);
    return found.orElseThrow();
  }

  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  static String sink(KaspeerNode node) {
    return node.get("dag").get("sink").asText();
  }

  /** The last of a log. */
  static String tail(String log) {
    return log.substring(Math.max(0, log.length() - LOG_TAIL));
  }

  static void awaitPeers(KaspeerNode node, int peers) {
    Await.until(peers + " peers", RELAY_LIMIT, () -> peerList(node).size() >= peers, node::log);
  }

  private static JsonNode peerList(KaspeerNode node) {
    JsonNode answer = node.get("peers");
    return answer.isArray() ? answer : answer.get("peers");
  }

  /**
   * A sync brings the sink and its past; the other tips come with the next block that merges them.
   */
  static void awaitSynced(KaspeerNode node, Kaspad kaspad) {
    Await.until(
        "same sink",
        SYNC_LIMIT,
        () -> sink(node).equals(kaspad.rpc().sink()),
        () -> tail(node.log()));
    new SimnetMiner(kaspad.rpc(), AnyoneCanSpendWallet.ADDRESS, new SplittableRandom(4)).mineOne();
    awaitSameDag(node, kaspad, RELAY_LIMIT);
  }

  static void awaitSameDag(KaspeerNode node, Kaspad kaspad, Duration limit) {
    Await.until(
        "same sink, counts and tips",
        limit,
        () -> sameDag(node.get("dag"), kaspad.rpc().dag()),
        () ->
            "we: " + node.get("dag") + "\nkaspad: " + kaspad.rpc().dag() + "\n" + tail(node.log()));
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
