package kaspeer.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import kaspeer.primitives.Block;
import kaspeer.testkit.chain.ChainBuilder;
import kaspeer.testkit.chain.ChainServer;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;
import kaspeer.testkit.peer.Ending;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.PeerOptions;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.jspecify.annotations.Nullable;

/** The node that is attacked, an honest peer of it, and how to see that both are well. */
final class Subject implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(60);

  private static final long MIB = 1 << 20;

  /**
   * What the heap may have grown by after an attack, garbage collected: caches fill, code runs for
   * the first time.
   */
  private static final long HEAP_SLACK = 24 * MIB;

  private final PeerLab lab = new PeerLab();
  private final HttpClient http = HttpClient.newHttpClient();
  private final KaspeerNode node;
  private final ScriptedPeer honest;
  private final long calmHeap;

  private Subject(KaspeerNode node) {
    this.node = node;
    assertThat(metric("kaspeer_jvm_memory_max_bytes"))
        .as("the heap, set by KASPEER_JAVA_OPTS in the POM")
        .isPositive()
        .isLessThanOrEqualTo(512.0 * MIB);
    honest = lab.join(node.p2pAddress());
    // Whatever is loaded and compiled by the first few peers does not count as left behind by an
    // attack.
    for (int i = 0; i < 20; i++) {
      lab.join(node.p2pAddress()).close();
    }
    calmHeap = heap();
  }

  /** Starts a node that dials nobody by itself. */
  static Subject start(Path folder, String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "--out-peers";
    all[1] = "0";
    System.arraycopy(options, 0, all, 2, options.length);
    return new Subject(KaspeerNode.start(folder, all));
  }

  KaspeerNode node() {
    return node;
  }

  PeerLab lab() {
    return lab;
  }

  /** Connected from before all attacks. */
  ScriptedPeer honest() {
    return honest;
  }

  InetSocketAddress address() {
    return node.p2pAddress();
  }

  /** A peer through with its handshake. */
  ScriptedPeer join() {
    return lab.join(address());
  }

  /** Gives it a block made just now: transactions are asked for at the tip only. */
  void bringToTip() {
    try (ChainBuilder chain = ChainBuilder.simnet(1);
        ScriptedPeer source = join()) {
      Block block = chain.extend();
      ChainServer.serve(source, chain).send(Messages.inv(block.hash()));
      Await.until(
          "a block", SOON, () -> node.get("dag").get("blockCount").asInt() == 1, this::logTail);
    }
  }

  // --- is it well? ----------------------------------------------------------------------------

  /** The honest peer is answered, and another one is let in. */
  void assertResponsive() {
    Promptness.assertOf("pong", () -> honest.expectPong(SOON));
    Promptness.assertOf("handshake", () -> timeOfHandshake(lab, address()));
    assertThat(node.handle().isAlive()).isTrue();
  }

  /** How long a new peer waits until it is let in. */
  static Duration timeOfHandshake(PeerLab lab, InetSocketAddress address) {
    long start = System.nanoTime();
    try (ScriptedPeer peer = lab.join(address)) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      peer.expectPong(SOON);
      return took;
    }
  }

  /** What the attack took is given back. */
  void assertHeapIsBack() {
    Await.until(
        "heap back to " + calmHeap,
        SOON,
        () -> heap() < calmHeap + HEAP_SLACK,
        () -> heap() + " bytes");
  }

  /** The heap in use after a collection, in bytes. */
  private long heap() {
    try {
      Process jcmd =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(node.handle().pid()),
                  "GC.run")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(jcmd.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(jcmd.exitValue()).as("jcmd").isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    double used = metric("kaspeer_jvm_memory_used_bytes{area=\"heap\"}");
    assertThat(used).as("heap in use").isPositive();
    return (long) used;
  }

  /**
   * A sample of the node's metrics, by its name and labels; 0 if nothing was counted under these
   * labels yet.
   *
   * @throws AssertionError if there is no metric of this name
   */
  double metric(String sample) {
    List<String> lines = metrics().lines().toList();
    String family = sample.replaceFirst("\\{.*", "");
    if (lines.stream().noneMatch(line -> line.startsWith("# TYPE " + family + " "))) {
      throw new AssertionError("there is no metric " + family);
    }
    return lines.stream()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private String metrics() {
    try {
      String admin = Files.readString(node.dataDir().resolve("admin-address")).strip();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + admin + "/metrics")).timeout(SOON).build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends of flows, or of peers, by a breach of the protocol. */
  double violations(String code) {
    return List.of(
            "link",
            "version",
            "address",
            "ping",
            "relay-block",
            "serve-block",
            "relay-transaction",
            "ibd")
        .stream()
        .mapToDouble(
            flow ->
                metric(
                    "kaspeer_p2p_outcomes_total{flow=\"%s\",outcome=\"violation\",code=\"%s\"}"
                        .formatted(flow, code)))
        .sum();
  }

  // --- who was dropped, and why? --------------------------------------------------------------

  /** Waits until the node has dropped this peer for that reason, and said so. */
  JsonNode assertDropped(ScriptedPeer peer, String reason) {
    Ending ending = peer.expectEnd(SOON);
    assertThat(ending.kind()).as("who ended it").isNotEqualTo(Ending.Kind.OURS);
    JsonNode departure = departure(peer);
    assertThat(departure.get("reason").asText()).as(departure.toString()).isEqualTo(reason);
    return departure;
  }

  /** As above for a breach of the protocol, with the Reject that goes with it; answers its text. */
  String assertRejected(ScriptedPeer peer, String code) {
    JsonNode departure = assertDropped(peer, "violation." + code);
    assertThat(departure.get("sanction").asText()).isEqualTo("reject");
    return Objects.requireNonNull(peer.expectEnd(SOON).reject(), departure.toString());
  }

  /** What the node says of a peer that has left. */
  JsonNode departure(ScriptedPeer peer) {
    String address = text(peer.localAddress());
    Await.until(
        "departure of " + address, SOON, () -> findDeparture(address) != null, this::logTail);
    return Objects.requireNonNull(findDeparture(address));
  }

  private @Nullable JsonNode findDeparture(String address) {
    for (JsonNode departure : node.get("peers/departed")) {
      if (departure.get("address").asText().equals(address)) {
        return departure;
      }
    }
    return null;
  }

  /**
   * A dial from there ends before the node has said a word, and is counted as refused because of a
   * ban.
   */
  void assertRefusedAtAccept(PeerOptions options) {
    String counter = "kaspeer_p2p_refused_connections_total{reason=\"banned\"}";
    double before = metric(counter);
    try {
      ScriptedPeer peer = lab.dial(address(), options);
      assertThat(peer.expectEnd(SOON).kind()).isIn(Ending.Kind.BROKEN, Ending.Kind.DISCONNECTED);
      assertThat(peer.heard(PayloadCase.VERSION)).isZero();
    } catch (UncheckedIOException e) {
      // Reset while it was still connecting.
      assertThat(e).hasCauseInstanceOf(SocketException.class);
    }
    assertThat(metric(counter)).isEqualTo(before + 1);
  }

  /**
   * Sends what the node may end the connection for before it has all come: the sooner the better.
   */
  static void sendOrBeCutOff(ScriptedPeer peer, KaspadMessage message) {
    try {
      peer.send(message);
    } catch (UncheckedIOException e) {
      peer.expectEnd(SOON);
    }
  }

  /** Whether the node still has this peer. */
  boolean isConnected(ScriptedPeer peer) {
    String address = text(peer.localAddress());
    for (JsonNode present : node.get("peers")) {
      if (present.get("address").asText().equals(address)) {
        return peer.isConnected();
      }
    }
    return false;
  }

  /** The end of the node's log. */
  String logTail() {
    String log = node.log();
    return log.substring(Math.max(0, log.length() - 3_000));
  }

  static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  @Override
  public void close() {
    lab.close();
    node.close();
    http.close();
  }
}
