package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kaspeer.admin.ChainFacts;
import kaspeer.admin.ChainStop;
import kaspeer.admin.FakeEngine;
import kaspeer.engine.sync.SyncStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadRoutesTest {
  private static Endpoint endpoint;

  @BeforeAll
  static void start() throws IOException {
    endpoint = new Endpoint();
  }

  @AfterAll
  static void stop() {
    endpoint.close();
  }

  /** Paths that fill the holes of the templates with what the fake engine has. */
  static Stream<String> paths() {
    String block = "/api/v1/blocks/" + FakeEngine.GENESIS.hash();
    return Stream.of(
        "/api/v1/node",
        "/api/v1/dag",
        block,
        block + "?transactions=true",
        "/api/v1/blocks/" + FakeEngine.HEADER_ONLY,
        "/api/v1/peers",
        "/api/v1/peers/7",
        "/api/v1/peers/" + FakeEngine.PEER_ID,
        "/api/v1/peers/departed",
        "/api/v1/bans",
        "/api/v1/addresses",
        "/api/v1/mempool",
        "/api/v1/mempool/" + FakeEngine.GENESIS.transactions().getFirst().id(),
        "/api/v1/flows",
        "/api/v1/cluster",
        "/api/v1/cluster/peers",
        "/health/live",
        "/health/started",
        "/health/joined",
        "/health/serving",
        "/api/v1/policy",
        "/api/v1/limits",
        "/api/v1/log-levels",
        "/api/v1/peers/permanent");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void anAnswerIsWhatTheDescriptionSays(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    Route route = route(path.replaceFirst("\\?.*", ""));
    assertThat(SchemaCheck.differences(route.answer().schema(), Endpoint.parse(response)))
        .isEmpty();
  }

  private static Route route(String path) {
    return endpoint.routes.stream()
        .filter(r -> r.method() == Route.Method.GET && r.path().match(path).isPresent())
        .min(java.util.Comparator.comparingInt(r -> r.path().names().size()))
        .orElseThrow();
  }

  @Test
  void theNodeTellsWhatItIsAndHowFarItsSyncIs() throws IOException, InterruptedException {
    JsonNode node = endpoint.json("/api/v1/node");
    assertThat(node.get("network").asText()).isEqualTo("simnet");
    assertThat(node.get("protocolVersions").toString()).isEqualTo("[10,11]");
    assertThat(node.get("roles").toString()).isEqualTo("[\"core\",\"edge\"]");
    assertThat(node.get("startedAt").asText()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(node.get("isSynced").asBoolean()).isFalse();
    assertThat(node.get("sync").get("state").asText()).isEqualTo("syncing");
    assertThat(node.get("sync").get("peer").asText()).isEqualTo(FakeEngine.PEER_ID.toString());
    assertThat(node.get("sync").get("progress").asDouble()).isEqualTo(0.25);
  }

  @Test
  void theDagIsCountedAsKaspadDoes() throws IOException, InterruptedException {
    JsonNode dag = endpoint.json("/api/v1/dag");
    assertThat(dag.get("blockCount").asLong()).isEqualTo(49);
    assertThat(dag.get("headerCount").asLong()).isEqualTo(50);
    assertThat(dag.get("virtualDaaScore").asLong()).isEqualTo(44);
    assertThat(dag.get("sink").asText()).isEqualTo(FakeEngine.GENESIS.hash().toString());
    // Simnet's bits are the easiest target there is, but for what the compact form cannot hold.
    assertThat(dag.get("difficulty").asDouble()).isBetween(1.0, 1.0001);
  }

  @Test
  void theDagHasTheUtxoCommitmentOfItsSinkAndTheTipsThatViolateFinality()
      throws IOException, InterruptedException {
    JsonNode dag = endpoint.json("/api/v1/dag");
    assertThat(dag.get("utxoCommitment").asText())
        .isEqualTo(FakeEngine.GENESIS.header().utxoCommitment().toString());
    assertThat(dag.get("finalityViolations")).isEmpty();
    endpoint.engine.chain = new ChainFacts(Optional.empty(), List.of(FakeEngine.UNKNOWN));
    try {
      anAnswerIsWhatTheDescriptionSays("/api/v1/dag");
      assertThat(endpoint.json("/api/v1/dag").at("/finalityViolations/0").asText())
          .isEqualTo(FakeEngine.UNKNOWN.toString());
    } finally {
      endpoint.engine.chain = ChainFacts.NONE;
    }
  }

  @Test
  void anOrphanIsShownWithoutWhatItPays() throws IOException, InterruptedException {
    String path = "/api/v1/mempool/" + FakeEngine.ORPHAN;
    anAnswerIsWhatTheDescriptionSays(path);
    JsonNode orphan = endpoint.json(path);
    assertThat(orphan.get("isOrphan").asBoolean()).isTrue();
    assertThat(orphan.has("fee")).isFalse();
    JsonNode pooled = endpoint.json("/api/v1/mempool/" + FakeEngine.HEADER_ONLY);
    assertThat(pooled.get("isOrphan").asBoolean()).isFalse();
    assertThat(pooled.get("fee").asLong()).isEqualTo(FakeEngine.PRICE.fee());
  }

  @Test
  void aBlockIsShownWithItsPlaceOnTheChainAndWhatItAccepted()
      throws IOException, InterruptedException {
    JsonNode block = endpoint.json("/api/v1/blocks/" + FakeEngine.GENESIS.hash());
    assertThat(block.get("status").asText()).isEqualTo("utxoValid");
    assertThat(block.get("isChainBlock").asBoolean()).isTrue();
    assertThat(block.at("/acceptance/0/blockHash").asText())
        .isEqualTo(FakeEngine.UNKNOWN.toString());
    assertThat(block.at("/acceptance/0/acceptedTransactionIds/0").asText())
        .isEqualTo(FakeEngine.HEADER_ONLY.toString());
    JsonNode header = endpoint.json("/api/v1/blocks/" + FakeEngine.HEADER_ONLY);
    assertThat(block.get("selectedParentHash").isNull()).as("of genesis").isTrue();
    assertThat(header.get("selectedParentHash").asText())
        .isEqualTo(FakeEngine.GENESIS.hash().toString());
    assertThat(header.get("mergeSetBluesHashes")).hasSize(2);
    assertThat(header.at("/mergeSetRedsHashes/0").asText())
        .isEqualTo(FakeEngine.HEADER_ONLY.toString());
    assertThat(header.get("isChainBlock").asBoolean()).isFalse();
    assertThat(header.get("acceptance").isNull()).isTrue();
  }

  @Test
  void theMempoolIsShownWithItsOrphansAndFeeEstimates() throws IOException, InterruptedException {
    JsonNode mempool = endpoint.json("/api/v1/mempool");
    assertThat(mempool.get("mempoolSize").asInt()).isEqualTo(3);
    assertThat(mempool.get("readySize").asInt()).isEqualTo(2);
    assertThat(mempool.get("orphansSize").asInt()).isEqualTo(4);
    assertThat(mempool.at("/feeEstimate/priorityBucket/feerate").asDouble()).isEqualTo(200);
    assertThat(mempool.at("/feeEstimate/lowBuckets/0/estimatedSeconds").asDouble()).isEqualTo(50);
  }

  @Test
  void transactionsAreShownOnlyWhenAskedFor() throws IOException, InterruptedException {
    String path = "/api/v1/blocks/" + FakeEngine.GENESIS.hash();
    assertThat(endpoint.json(path).has("transactions")).isFalse();
    assertThat(endpoint.json(path + "?transactions=true").get("transactions")).hasSize(1);
    assertThat(endpoint.json("/api/v1/blocks/" + FakeEngine.HEADER_ONLY).get("status").asText())
        .isEqualTo("headerOnly");
  }

  @Test
  void aTransactionInTheMempoolIsShownWithItsPrice() throws IOException, InterruptedException {
    JsonNode priced = endpoint.json("/api/v1/mempool/" + FakeEngine.GENESIS.hash());
    assertThat(priced.get("fee").asLong()).isEqualTo(FakeEngine.PRICE.fee());
    assertThat(priced.at("/mass/transient").asLong()).isEqualTo(FakeEngine.PRICE.transientMass());
  }

  @Test
  void aPeerIsShownWithItsTrafficByTypeAndItsFlows() throws IOException, InterruptedException {
    JsonNode peer = endpoint.json("/api/v1/peers").get(0);
    assertThat(peer.get("id").asText()).isEqualTo(FakeEngine.PEER_ID.toString());
    assertThat(peer.get("address").asText()).isEqualTo("203.0.113.7:16511");
    assertThat(peer.get("direction").asText()).isEqualTo("outbound");
    assertThat(peer.get("lastPingMs").asDouble()).isEqualTo(1.234567);
    assertThat(peer.get("received").get("block").get("bytes").asLong()).isEqualTo(5000);
    assertThat(peer.get("flows").get(0).get("name").asText()).isEqualTo("ping");
    assertThat(peer.get("userAgent").asText()).isEqualTo("/kaspad:2.1.0/<script>\"\n");
  }

  @Test
  void aFlowIsShownWithTheVersionsThatThisNodeSpeaks() throws IOException, InterruptedException {
    JsonNode flows = endpoint.json("/api/v1/flows");
    assertThat(flows.get(0).get("receives").toString()).isEqualTo("[\"ping\",\"pong\"]");
    assertThat(flows.get(0).get("protocolVersions").toString()).isEqualTo("[10,11]");
    assertThat(flows.get(1).get("protocolVersions").toString()).isEqualTo("[11]");
    assertThat(flows.get(1).get("origin").asText()).isEqualTo("plugins/later.jar");
  }

  @Test
  void aNodeThatIsNotSyncedIsAliveButNotReady() throws IOException, InterruptedException {
    assertThat(endpoint.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(endpoint.get("/health/synced").statusCode()).isEqualTo(503);
    assertThat(endpoint.get("/health/serving").statusCode()).isEqualTo(200);
    HttpResponse<String> syncing = endpoint.get("/health/ready");
    assertThat(syncing.statusCode()).isEqualTo(503);
    assertThat(Endpoint.parse(syncing).get("synced").asBoolean()).isFalse();
    SyncStatus before = endpoint.engine.syncStatus;
    endpoint.engine.syncStatus = new SyncStatus(SyncStatus.State.SYNCED, null, "", 0, 0, 0, 0);
    assertThat(endpoint.get("/health/ready").statusCode()).isEqualTo(200);
    endpoint.engine.syncStatus = before;
  }

  @Test
  void aNodeWhoseChainHasStoppedSaysSoAndIsNotReady() throws IOException, InterruptedException {
    SyncStatus before = endpoint.engine.syncStatus;
    endpoint.engine.syncStatus = new SyncStatus(SyncStatus.State.SYNCED, null, "", 0, 0, 0, 0);
    endpoint.engine.chain =
        new ChainFacts(Optional.of(new ChainStop(FakeEngine.UNKNOWN, "zk")), List.of());
    try {
      for (String path : List.of("/api/v1/node", "/api/v1/dag")) {
        anAnswerIsWhatTheDescriptionSays(path);
        JsonNode stopped = endpoint.json(path).get("chainStopped");
        assertThat(stopped.get("hash").asText()).isEqualTo(FakeEngine.UNKNOWN.toString());
        assertThat(stopped.get("detail").asText()).isEqualTo("zk");
      }
      assertThat(endpoint.json("/api/v1/node").get("isSynced").asBoolean()).isFalse();
      assertThat(endpoint.get("/health/ready").statusCode()).isEqualTo(503);
    } finally {
      endpoint.engine.chain = ChainFacts.NONE;
      endpoint.engine.syncStatus = before;
    }
    assertThat(endpoint.json("/api/v1/node").get("chainStopped").isNull()).isTrue();
  }

  @Test
  void metricsAreTextForPrometheusAndCountTheRequestsThemselves()
      throws IOException, InterruptedException {
    endpoint.get("/api/v1/dag");
    HttpResponse<String> response = endpoint.get("/metrics");
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    assertThat(response.body())
        .containsPattern(
            "kaspeer_admin_requests_total\\{method=\"GET\",route=\"/api/v1/dag\",status=\"200\"} [1-9]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/blocks/zz",
        "/api/v1/blocks/0123",
        "/api/v1/peers/nobody",
        "/api/v1/dag?verbose=true",
        "/api/v1/blocks/0000000000000000000000000000000000000000000000000000000000000000?transactions=perhaps",
        "/api/v1/events?types=blockAdded,nothing",
        "/api/v1/peers/%zz"
      })
  void whatMakesNoSenseIsAProblem(String path) throws IOException {
    String response =
        Wire.exchange(endpoint.address(), "GET " + path + " HTTP/1.1", "Host: localhost");
    assertThat(response).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void whatIsNotThereIsAProblemWithAStableType() throws IOException, InterruptedException {
    for (String path :
        List.of(
            "/api/v1/blocks/" + FakeEngine.UNKNOWN,
            "/api/v1/peers/8",
            "/api/v1/mempool/" + FakeEngine.UNKNOWN,
            "/api/v2/node",
            "/api/v1/node/",
            "/favicon.ico")) {
      HttpResponse<String> response = endpoint.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("application/problem+json");
      JsonNode problem = Endpoint.parse(response);
      assertThat(problem.get("type").asText()).isEqualTo("urn:kaspeer:problem:not-found");
      assertThat(problem.get("status").asInt()).isEqualTo(404);
      assertThat(problem.get("detail").asText()).isNotEmpty();
    }
  }

  @Test
  void aMethodThatIsNotThereIsToldWhichAre() throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.send(endpoint.authorized("/api/v1/dag").DELETE());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("GET");
  }

  @Test
  void headIsGetWithoutABody() throws IOException {
    String response =
        Wire.exchange(endpoint.address(), "HEAD /api/v1/dag HTTP/1.1", "Host: localhost");
    assertThat(response).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    assertThat(Wire.exchange(endpoint.address(), "HEAD /nothing HTTP/1.1", "Host: localhost"))
        .startsWith("HTTP/1.1 404 ")
        .containsIgnoringCase("content-type: application/problem+json")
        .endsWith("\r\n\r\n");
  }
}
