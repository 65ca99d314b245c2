package kaspeer.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import kaspeer.engine.metrics.MetricFamily;
import kaspeer.node.config.NodeConfig;
import kaspeer.node.config.Option;
import kaspeer.plugin.firewall.TransactionFirewall;
import kaspeer.plugin.propagation.PropagationProbe;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.chain.TransactionDraft;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.peer.Messages;
import kaspeer.testkit.peer.PeerLab;
import kaspeer.testkit.peer.ScriptedPeer;
import kaspeer.testkit.plugin.PluginJar;
import kaspeer.wire.proto.KaspadMessage;
import kaspeer.wire.proto.KaspadMessage.PayloadCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real node with both example plug-ins, and peers that the test plays. */
class ExamplePluginsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PROBE = "propagation-probe";
  private static final String FIREWALL = "transaction-firewall";
  private static final byte[] UNWANTED = {(byte) 0xba, (byte) 0xd0};

  @TempDir private Path dir;

  /** What the peer has announced, by id. */
  private final Map<Hash, Transaction> offered = new ConcurrentHashMap<>();

  private int announced;

  private NodeConfig config() {
    Map<Option, List<String>> given = new EnumMap<>(Option.class);
    given.put(Option.NETWORK, List.of("simnet"));
    given.put(Option.DATA_DIR, List.of(dir.toString()));
    given.put(Option.LISTEN, List.of("127.0.0.1:0"));
    given.put(Option.ADMIN, List.of("127.0.0.1:0"));
    // A node whose last block is old asks for no transactions.
    given.put(Option.MINE, List.of("2"));
    given.put(Option.PLUGIN, List.of(PROBE, FIREWALL));
    return NodeConfig.load(given, null, Map.of());
  }

  private void rules(String text) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("plugins").resolve(FIREWALL));
    Files.writeString(folder.resolve(TransactionFirewall.RULES), text);
  }

  private static double counted(Node node, String name, String... labels) {
    return node.engine().metrics().snapshot().stream()
        .filter(family -> family.name().equals(name))
        .flatMap(family -> family.samples().stream())
        .filter(
            sample ->
                labels.length == 0 || List.copyOf(sample.labels().values()).equals(List.of(labels)))
        .mapToDouble(sample -> sample instanceof MetricFamily.Value value ? value.value() : 0)
        .sum();
  }

  private ScriptedPeer join(PeerLab lab, Node node) {
    InetSocketAddress address = node.engine().listening().orElseThrow();
    ScriptedPeer peer = lab.join(address);
    return peer.answer(
        PayloadCase.REQUEST_TRANSACTIONS,
        request ->
            request.getRequestTransactions().getIdsList().stream()
                .map(id -> answer(Hash.of(id.getBytes().toByteArray())))
                .toList());
  }

  private KaspadMessage answer(Hash id) {
    Transaction transaction = offered.get(id);
    return transaction == null
        ? Messages.transactionNotFound(id)
        : Messages.transaction(transaction);
  }

  /** Announces new transactions that are not wanted until this holds. */
  private void announceUntil(ScriptedPeer peer, String what, BooleanSupplier holds) {
    Await.until(
        what,
        SOON,
        () -> {
          Transaction next = TransactionDraft.spending(++announced).payload(UNWANTED).make();
          offered.put(next.id(), next);
          peer.send(Messages.invTransactions(List.of(next.id())));
          return holds.getAsBoolean();
        },
        peer::standing);
  }

  @Test
  void theFirewallDropsWhatItsRulesSayAndCountsOnlyOnceTheyAreDry() throws Exception {
    PluginJar.ofModule(PropagationProbe.class, PROBE, dir.resolve("plugins"));
    PluginJar.ofModule(TransactionFirewall.class, FIREWALL, dir.resolve("plugins"));
    rules("rules = [{ name = unwanted, payload-starts-with = bad0 }]");
    try (PeerLab lab = new PeerLab();
        Node node = Node.start(config())) {
      ScriptedPeer peer = join(lab, node);
      String matches = "kaspeer_plugin_transaction_firewall_matches_total";
      String judged = "kaspeer_mempool_submissions_total";
      announceUntil(peer, "some dropped", () -> counted(node, matches, "unwanted", "dropped") >= 3);
      // In this order: what it is late with is counted before it goes on to the mempool.
      double came = counted(node, judged);
      double unasked =
          counted(node, "kaspeer_plugin_events_total", FIREWALL, "late")
              + counted(node, "kaspeer_plugin_events_total", FIREWALL, "bypassed");
      assertThat(came)
          .as("transactions that came to the mempool, at most those it was late with")
          .isLessThanOrEqualTo(unasked);
      assertThat(counted(node, matches, "unwanted", "counted")).isZero();

      rules("dry-run = true\nrules = [{ name = unwanted, payload-starts-with = bad0 }]");
      announceUntil(
          peer, "some counted only", () -> counted(node, matches, "unwanted", "counted") >= 3);
      Await.until(
          "they came to the mempool", SOON, () -> counted(node, judged) > 0, peer::standing);
      peer.expectPong(SOON);
    }
  }

  @Test
  void theProbeTellsWhenEachPeerAnnouncedABlock() throws Exception {
    PluginJar.ofModule(PropagationProbe.class, PROBE, dir.resolve("plugins"));
    PluginJar.ofModule(TransactionFirewall.class, FIREWALL, dir.resolve("plugins"));
    rules("rules = []");
    Hash block = Hash.ofWords(0xb10c, 1, 2, 3);
    // The node first of all when it is over: the client waits for the end of its stream.
    try (HttpClient http = HttpClient.newHttpClient();
        PeerLab lab = new PeerLab();
        Node node = Node.start(config())) {
      Queue<JsonNode> events = watch(http, node);
      ScriptedPeer first = join(lab, node);
      ScriptedPeer second = join(lab, node);
      first.send(Messages.inv(block));
      Await.until("first", SOON, () -> sightings(events, block).size() == 1, events::toString);
      second.send(Messages.inv(block));
      Await.until("second", SOON, () -> sightings(events, block).size() == 2, events::toString);
      Map<String, String> byPeer = sightings(events, block);
      assertThat(byPeer.keySet()).containsExactlyInAnyOrder(address(first), address(second));
      assertThat(byPeer.get(address(first))).isEqualTo("0");
      assertThat(counted(node, "kaspeer_plugin_propagation_probe_firsts_total", "block"))
          .isEqualTo(1);
      assertThat(shown(http, node, PROBE).get("origin").asText()).isEqualTo(PROBE + ".jar");
      assertThat(shown(http, node, FIREWALL).get("extension").get("intercepts").toString())
          .isEqualTo("[\"transaction\"]");
    }
  }

  private static String address(ScriptedPeer peer) {
    return "127.0.0.1:" + peer.localAddress().getPort();
  }

  /** The lag of each peer that announced the block, by the peer's address. */
  private static Map<String, String> sightings(Queue<JsonNode> events, Hash block) {
    Map<String, String> lags = new HashMap<>();
    for (JsonNode event : events) {
      JsonNode fields = event.get("fields");
      if (event.get("kind").asText().equals("sighting")
          && fields.get("hash").asText().equals(block.toString())) {
        lags.put(fields.get("address").asText(), fields.get("lagMs").asText());
      }
    }
    return lags;
  }

  private static URI admin(Node node, String path) {
    return URI.create("http://127.0.0.1:" + node.adminAddress().getPort() + "/api/v1/" + path);
  }

  /** What flows of plug-ins publish from now on. */
  private static Queue<JsonNode> watch(HttpClient http, Node node) throws Exception {
    Queue<JsonNode> events = new ConcurrentLinkedQueue<>();
    HttpResponse<java.util.stream.Stream<String>> stream =
        http.send(
            HttpRequest.newBuilder(admin(node, "events?types=flowReported")).build(),
            HttpResponse.BodyHandlers.ofLines());
    ObjectMapper json = new ObjectMapper();
    Thread.ofVirtual()
        .start(
            () -> {
              try (var lines = stream.body()) {
                lines
                    .filter(line -> line.startsWith("data:"))
                    .forEach(
                        line -> {
                          try {
                            events.add(json.readTree(line.substring("data:".length())));
                          } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                          }
                        });
              } catch (java.io.UncheckedIOException ended) {
                // The node stops at the end of the test.
                return;
              }
            });
    return events;
  }

  private static JsonNode shown(HttpClient http, Node node, String flow) throws Exception {
    String body =
        http.send(
                HttpRequest.newBuilder(admin(node, "flows")).build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    for (JsonNode one : new ObjectMapper().readTree(body)) {
      if (one.get("name").asText().equals(flow)) {
        return one;
      }
    }
    throw new AssertionError("no flow " + flow + " in " + body);
  }
}
