package kaspeer.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import kaspeer.primitives.Hash;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.node.Await;

/** A kaspad outside, which knows nobody but one edge. */
final class Visitor implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Kaspad kaspad;
  private final Member door;

  private Visitor(Kaspad kaspad, Member door) {
    this.kaspad = kaspad;
    this.door = door;
  }

  /** Starts it, and waits until the edge has it. */
  static Visitor start(Path binary, Path folder, Member door) {
    Visitor visitor = new Visitor(Kaspad.start(binary, folder, List.of(door.door())), door);
    visitor.awaitInside();
    return visitor;
  }

  Kaspad kaspad() {
    return kaspad;
  }

  /** The edge that it knows. */
  Member door() {
    return door;
  }

  /** Has it dial the edge at once; by itself it tries again after half a minute or more. */
  void dial() {
    ObjectNode call = KaspadRpc.params().put("isPermanent", true);
    call.putObject("peerAddress")
        .put("ip", door.door().getHostString())
        .put("port", door.door().getPort());
    kaspad.rpc().call("addPeer", call);
    awaitInside();
  }

  private void awaitInside() {
    Await.until(
        "a peer at " + door,
        LIMIT,
        () -> connections().size() == 1,
        () -> door.get("peers") + "\n" + kaspad.log());
  }

  /**
   * The numbers of the connections that its edge has: this one has one, and nobody else is there.
   */
  List<Long> connections() {
    return StreamSupport.stream(peers().spliterator(), false)
        .map(peer -> peer.path("connection").asLong())
        .toList();
  }

  /** What its edge holds against it. */
  double score() {
    double score = 0;
    for (JsonNode peer : peers()) {
      score += peer.path("score").asDouble();
    }
    return score;
  }

  private JsonNode peers() {
    JsonNode answer = door.ask("peers");
    return answer.isArray() ? answer : answer.path("peers");
  }

  boolean has(Hash block) {
    return missing(List.of(block)).isEmpty();
  }

  /** Those of some blocks that it has not. */
  List<Hash> missing(Collection<Hash> blocks) {
    return missing(kaspad, blocks);
  }

  /** Those of some blocks that a kaspad has not. */
  static List<Hash> missing(Kaspad kaspad, Collection<Hash> blocks) {
    record Asked(Hash block, CompletableFuture<Boolean> there) {}
    List<Asked> asked = blocks.stream().map(block -> new Asked(block, ask(kaspad, block))).toList();
    return asked.stream().filter(one -> !one.there.join()).map(Asked::block).toList();
  }

  private static CompletableFuture<Boolean> ask(Kaspad kaspad, Hash block) {
    return kaspad
        .rpc()
        .send(
            "getBlock",
            KaspadRpc.params().put("hash", block.toString()).put("includeTransactions", false))
        .handle((_, failure) -> failure == null);
  }

  @Override
  public void close() {
    kaspad.close();
  }

  @Override
  public String toString() {
    return "the kaspad at " + door;
  }
}
