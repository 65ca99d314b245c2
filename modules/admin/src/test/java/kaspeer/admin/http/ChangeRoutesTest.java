package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import kaspeer.admin.FakeEngine;
import kaspeer.engine.dial.DialTarget;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.flow.dag.Dag;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Transaction;
import kaspeer.wire.Blocks;
import kaspeer.wire.Transactions;
import kaspeer.wire.proto.KaspadMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeRoutesTest {
  private Endpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    endpoint = new Endpoint();
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void aBlockFarBehindIsTakenOnlyWhenThatIsAskedFor() throws IOException, InterruptedException {
    String json = BlockJson.block(FakeEngine.GENESIS).toString();
    endpoint.engine.virtualDaaScore = 45;
    try {
      JsonNode refused = Endpoint.parse(endpoint.post("/api/v1/blocks", json));
      assertThat(refused.get("status").asInt()).isEqualTo(422);
      assertThat(refused.get("verdict").asText()).isEqualTo("tooFarBehind");
      assertThat(refused.get("rule").asText()).isEqualTo("TOO_FAR_BEHIND");
      assertThat(refused.get("hash").asText()).isEqualTo(FakeEngine.GENESIS.hash().toString());
      assertThat(SchemaCheck.differences(OpenApi.PROBLEM, refused)).isEmpty();
      assertThat(endpoint.post("/api/v1/blocks?allowNonDaaBlocks=true", json).statusCode())
          .isEqualTo(200);
    } finally {
      endpoint.engine.virtualDaaScore = 44;
    }
    assertThat(endpoint.post("/api/v1/blocks", json).statusCode()).isEqualTo(200);
  }

  @Test
  void aPeerIsDialledAndShown() throws IOException, InterruptedException {
    HttpResponse<String> response =
        endpoint.post("/api/v1/peers", "{\"address\":\"127.0.0.1:999\",\"permanent\":true}");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(Endpoint.parse(response).get("id").asText())
        .isEqualTo(FakeEngine.PEER_ID.toString());
    assertThat(endpoint.engine.orders.getFirst())
        .isInstanceOfSatisfying(
            Peers.Hold.class,
            hold -> assertThat(hold.target()).isEqualTo(new DialTarget("127.0.0.1", 999)));
    HttpResponse<String> again = endpoint.post("/api/v1/peers", "{\"address\":\"127.0.0.1:999\"}");
    assertThat(Endpoint.parse(again).get("isPermanent").asBoolean())
        .as("one that is held stays so")
        .isTrue();
    assertThat(endpoint.engine.orders.get(1))
        .isInstanceOfSatisfying(
            Peers.Dial.class,
            dial -> {
              assertThat(dial.address().getPort()).isEqualTo(999);
              assertThat(dial.permanent()).isFalse();
            });
  }

  @Test
  void aPortMayBeLeftOutAndIsTheNetworksThen() throws IOException, InterruptedException {
    endpoint.post("/api/v1/peers", "{\"address\":\"127.0.0.1\"}");
    assertThat(endpoint.engine.orders.getFirst())
        .isInstanceOfSatisfying(
            Peers.Dial.class, dial -> assertThat(dial.address().getPort()).isEqualTo(16511));
  }

  @Test
  void aDialThatFailsIsAProblem() throws IOException, InterruptedException {
    endpoint.engine.dialReply = new Peers.DialReply.Failed("connection refused");
    HttpResponse<String> response =
        endpoint.post("/api/v1/peers", "{\"address\":\"127.0.0.1:999\"}");
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(Endpoint.parse(response).get("detail").asText()).isEqualTo("connection refused");
  }

  @Test
  void aPermanentPeerThatCannotBeReachedYetIsHeldAllTheSame()
      throws IOException, InterruptedException {
    endpoint.engine.dialReply = new Peers.DialReply.Failed("connection refused");
    HttpResponse<String> held =
        endpoint.post("/api/v1/peers", "{\"address\":\"no.such.example\",\"permanent\":true}");
    assertThat(held.statusCode()).isEqualTo(202);
    assertThat(SchemaCheck.differences(PeerJson.CONNECTED, Endpoint.parse(held))).isEmpty();
    assertThat(Endpoint.parse(held).get("why").asText()).isEqualTo("connection refused");
    assertThat(Endpoint.parse(held).get("address").asText()).isEqualTo("no.such.example:16511");
    // One that is banned, say, is not held.
    endpoint.engine.dialReply = new Peers.DialReply.NotHeld("banned");
    HttpResponse<String> refused =
        endpoint.post("/api/v1/peers", "{\"address\":\"203.0.113.8\",\"permanent\":true}");
    assertThat(refused.statusCode()).isEqualTo(409);
  }

  @Test
  void anEmptyBodyOfTheRightTypeIsMissing() throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.post("/api/v1/peers", "");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Endpoint.parse(response).get("detail").asText()).isEqualTo("a body is needed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"address\":7}",
        "{\"address\":\"127.0.0.1:999\",\"permanant\":true}",
        "{\"address\":\"127.0.0.1:99999\"}",
        "{\"address\":\"127.0.0.1:999\",\"permanent\":\"yes\"}"
      })
  void anOrderThatMakesNoSenseIsNotFollowed(String body) throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.post("/api/v1/peers", body);
    assertThat(response.statusCode()).isIn(400, 415);
    assertThat(endpoint.engine.orders).isEmpty();
  }

  @Test
  void aPeerIsDisconnectedByNumberOrId() throws IOException, InterruptedException {
    for (String id : List.of("7", FakeEngine.PEER_ID.toString())) {
      HttpResponse<String> response =
          endpoint.send(endpoint.authorized("/api/v1/peers/" + id).DELETE());
      assertThat(response.statusCode()).isEqualTo(204);
    }
    assertThat(endpoint.engine.orders)
        .hasSize(2)
        .allMatch(order -> ((Peers.Disconnect) order).number() == 7);
    HttpResponse<String> gone = endpoint.send(endpoint.authorized("/api/v1/peers/8").DELETE());
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(Endpoint.parse(gone).get("detail").asText())
        .isEqualTo("no connected peer 8; GET /api/v1/peers has them all");
  }

  @Test
  void aBanLastsADayUnlessToldOtherwise() throws IOException, InterruptedException {
    endpoint.post("/api/v1/bans", "{\"address\":\"192.0.2.1\"}");
    endpoint.post(
        "/api/v1/bans", "{\"address\":\"192.0.2.1\",\"seconds\":60,\"reason\":\"noise\"}");
    HttpResponse<String> response =
        endpoint.post(
            "/api/v1/bans", "{\"address\":\"192.0.2.0/24\",\"until\":\"2026-11-22T11:00:00Z\"}");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(Endpoint.parse(response).get("until").asText()).isEqualTo("2026-11-22T11:00:00Z");
    assertThat(endpoint.engine.orders.stream().map(order -> ((Sanctions.AddBan) order).length()))
        .containsExactly(Duration.ofHours(24), Duration.ofMinutes(1), Duration.ofHours(1));
    assertThat(((Sanctions.AddBan) endpoint.engine.orders.get(1)).reason()).isEqualTo("noise");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"address\":\"nonsense\"|address: 'nonsense' is neither an IP address nor a CIDR range",
        "\"address\":\"1.2.3.4\",\"seconds\":0|seconds are at least 1",
        "\"address\":\"1.2.3.4\",\"until\":\"2020-01-01T00:00:00Z\"|until is in the past"
      })
  void aBanThatMakesNoSenseIsTheAskersFault(String order, String detail)
      throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.post("/api/v1/bans", "{" + order + "}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Endpoint.parse(response).get("detail").asText()).isEqualTo(detail);
    assertThat(endpoint.engine.orders).isEmpty();
  }

  @Test
  void aBanOfTwoEndsOrNoneIsAProblem() throws IOException, InterruptedException {
    assertThat(
            endpoint
                .post("/api/v1/bans", "{\"address\":\"1.2.3.4\",\"until\":\"soon\"}")
                .statusCode())
        .isEqualTo(400);
    assertThat(
            endpoint
                .post(
                    "/api/v1/bans",
                    "{\"address\":\"1.2.3.4\",\"until\":\"2027-01-01T00:00:00Z\",\"seconds\":1}")
                .statusCode())
        .isEqualTo(400);
    for (String length :
        List.of("\"until\":\"+999999999-12-31T23:59:59Z\"", "\"seconds\":2000000000")) {
      HttpResponse<String> tooLong =
          endpoint.post("/api/v1/bans", "{\"address\":\"1.2.3.4\"," + length + "}");
      assertThat(tooLong.statusCode()).isEqualTo(400);
      assertThat(tooLong.body()).contains("ten years");
    }
  }

  @Test
  void aBanIsLiftedByPathQueryOrBody() throws IOException, InterruptedException {
    List<HttpRequest.Builder> ways =
        List.of(
            endpoint.authorized("/api/v1/bans/10.0.0.0/8").DELETE(),
            endpoint.authorized("/api/v1/bans/10.0.0.0%2F8").DELETE(),
            endpoint.authorized("/api/v1/bans?address=10.0.0.0%2F8").DELETE(),
            endpoint
                .authorized("/api/v1/bans")
                .header("Content-Type", "application/json")
                .method(
                    "DELETE", HttpRequest.BodyPublishers.ofString("{\"address\":\"10.0.0.0/8\"}")));
    for (HttpRequest.Builder way : ways) {
      assertThat(endpoint.send(way).statusCode()).isEqualTo(204);
    }
    assertThat(endpoint.engine.orders)
        .hasSize(4)
        .allMatch(order -> ((Sanctions.RemoveBan) order).subject().equals("10.0.0.0/8"));
    assertThat(endpoint.send(endpoint.authorized("/api/v1/bans").DELETE()).statusCode())
        .isEqualTo(400);
    HttpRequest.Builder misspelt =
        endpoint
            .authorized("/api/v1/bans")
            .header("Content-Type", "application/json")
            .method(
                "DELETE",
                HttpRequest.BodyPublishers.ofString(
                    "{\"address\":\"10.0.0.0/8\",\"adress\":\"10.0.0.0/9\"}"));
    assertThat(endpoint.send(misspelt).statusCode()).isEqualTo(400);
    assertThat(endpoint.send(endpoint.authorized("/api/v1/bans/10.9.9.9").DELETE()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aBlockIsTakenAsProtobufWithAndWithoutEnvelopeAndAsJson()
      throws IOException, InterruptedException {
    byte[] message = Blocks.toWire(FakeEngine.GENESIS).toByteArray();
    byte[] enveloped =
        KaspadMessage.newBuilder()
            .setBlock(Blocks.toWire(FakeEngine.GENESIS))
            .build()
            .toByteArray();
    byte[] asRecorded =
        KaspadMessage.newBuilder()
            .setBlock(Blocks.toWire(FakeEngine.GENESIS))
            .setResponseId(1_000_000)
            .build()
            .toByteArray();
    String json = BlockJson.block(FakeEngine.GENESIS).toString();
    String shown =
        endpoint.get("/api/v1/blocks/" + FakeEngine.GENESIS.hash() + "?transactions=true").body();
    List<HttpResponse<String>> responses =
        List.of(
            endpoint.post("/api/v1/blocks", message),
            endpoint.post("/api/v1/blocks", enveloped),
            endpoint.post("/api/v1/blocks", asRecorded),
            endpoint.post("/api/v1/blocks", json),
            endpoint.post("/api/v1/blocks", "{\"block\":" + json + "}"),
            endpoint.post("/api/v1/blocks", shown));
    for (HttpResponse<String> response : responses) {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(Endpoint.parse(response).get("verdict").asText()).isEqualTo("accepted");
    }
    assertThat(endpoint.engine.orders)
        .hasSize(6)
        .allMatch(
            order -> ((Dag.SubmitBlock) order).block().hash().equals(FakeEngine.GENESIS.hash()))
        .allMatch(order -> ((Dag.SubmitBlock) order).origin() == Dag.LOCAL);
  }

  @Test
  void aRefusedBlockIsToldTheRule() throws IOException, InterruptedException {
    var hash = FakeEngine.GENESIS.hash();
    endpoint.engine.blockReply = new Dag.BlockReply.Invalid(hash, "WRONG_SUBSIDY", "5 is not 6");
    JsonNode invalid = submitGenesis(422);
    assertThat(invalid.get("type").asText()).isEqualTo("urn:kaspeer:problem:block-refused");
    assertThat(invalid.get("verdict").asText()).isEqualTo("invalid");
    assertThat(invalid.get("rule").asText()).isEqualTo("WRONG_SUBSIDY");
    assertThat(invalid.get("detail").asText()).isEqualTo("5 is not 6");

    endpoint.engine.blockReply =
        new Dag.BlockReply.MissingParents(hash, List.of(FakeEngine.UNKNOWN));
    JsonNode missing = submitGenesis(422);
    assertThat(missing.get("parents").get(0).asText()).isEqualTo(FakeEngine.UNKNOWN.toString());
    assertThat(missing.get("rule").asText()).isEqualTo("MISSING_PARENTS");

    endpoint.engine.blockReply = new Dag.BlockReply.Busy(hash);
    assertThat(submitGenesis(503).get("verdict").asText()).isEqualTo("busy");

    endpoint.engine.blockReply =
        new Dag.BlockReply.Known(hash, kaspeer.primitives.BlockStatus.HEADER_ONLY);
    assertThat(submitGenesis(200).get("status").asText()).isEqualTo("headerOnly");
  }

  @Test
  void bothHashesOfABlockWhoseHeaderSaysAnotherAreTold() throws IOException, InterruptedException {
    String hash = FakeEngine.GENESIS.hash().toString();
    String json = BlockJson.block(FakeEngine.GENESIS).toString().replace(hash, "ab".repeat(32));
    HttpResponse<String> response = endpoint.post("/api/v1/blocks", json);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Endpoint.parse(response).get("detail").asText())
        .contains("ab".repeat(32))
        .contains(hash);
  }

  private JsonNode submitGenesis(int status) throws IOException, InterruptedException {
    HttpResponse<String> response =
        endpoint.post("/api/v1/blocks", BlockJson.block(FakeEngine.GENESIS).toString());
    assertThat(response.statusCode()).isEqualTo(status);
    return Endpoint.parse(response);
  }

  @Test
  void aTransactionIsTakenInEveryForm() throws IOException, InterruptedException {
    Transaction transaction = FakeEngine.GENESIS.transactions().getFirst();
    byte[] message = Transactions.toWire(transaction).toByteArray();
    byte[] enveloped =
        KaspadMessage.newBuilder()
            .setTransaction(Transactions.toWire(transaction))
            .build()
            .toByteArray();
    byte[] asRecorded =
        KaspadMessage.newBuilder()
            .setRequestId(300)
            .setResponseId(7)
            .setTransaction(Transactions.toWire(transaction))
            .build()
            .toByteArray();
    String json = BlockJson.transaction(transaction).toString();
    List<HttpResponse<String>> responses =
        List.of(
            endpoint.post("/api/v1/transactions", message),
            endpoint.post("/api/v1/transactions", enveloped),
            endpoint.post("/api/v1/transactions", asRecorded),
            endpoint.post("/api/v1/transactions", json),
            endpoint.post(
                "/api/v1/transactions", "{\"transaction\":" + json + ",\"allowOrphan\":false}"));
    for (HttpResponse<String> response : responses) {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(Endpoint.parse(response).get("transactionId").asText())
          .isEqualTo(transaction.id().toString());
    }
  }

  @Test
  void aRefusedTransactionIsToldTheRule() throws IOException, InterruptedException {
    String json = BlockJson.transaction(FakeEngine.GENESIS.transactions().getFirst()).toString();
    endpoint.engine.transactionResult = new Mempool.Result.Invalid("NO_TX_INPUTS", "none");
    HttpResponse<String> invalid = endpoint.post("/api/v1/transactions", json);
    assertThat(invalid.statusCode()).isEqualTo(422);
    assertThat(Endpoint.parse(invalid).get("rule").asText()).isEqualTo("NO_TX_INPUTS");

    endpoint.engine.transactionResult =
        new Mempool.Result.DoubleSpend(FakeEngine.UNKNOWN, "DOUBLE_SPEND", "spends output 0");
    assertThat(refusal(json))
        .containsExactly(
            "doubleSpend", "DOUBLE_SPEND", "spends output 0; that is " + "ab".repeat(32));

    endpoint.engine.transactionResult =
        new Mempool.Result.NonStandard("COMPUTE_FEE_TOO_LOW", "1 sompi");
    assertThat(refusal(json)).containsExactly("nonStandard", "COMPUTE_FEE_TOO_LOW", "1 sompi");

    endpoint.engine.transactionResult =
        new Mempool.Result.NotYet("IMMATURE_COINBASE_SPEND", "input 0");
    assertThat(refusal(json)).containsExactly("notYet", "IMMATURE_COINBASE_SPEND", "input 0");

    endpoint.engine.transactionResult = new Mempool.Result.Orphaned(List.of());
    assertThat(refusal(json).getFirst()).isEqualTo("orphan");

    endpoint.engine.transactionResult = new Mempool.Result.Full(Mempool.Result.Full.BUSY);
    JsonNode busy = Endpoint.parse(endpoint.post("/api/v1/transactions", json));
    assertThat(busy.get("status").asInt()).isEqualTo(503);
    assertThat(busy.get("verdict").asText()).isEqualTo("busy");
    assertThat(busy.get("rule").asText()).isEqualTo("INTAKE_FULL");
    assertThat(busy.get("detail").asText()).contains("try again");
    endpoint.engine.transactionResult = new Mempool.Result.Full(Mempool.Result.Full.NO_CORE);
    JsonNode coreless = Endpoint.parse(endpoint.post("/api/v1/transactions", json));
    assertThat(coreless.get("verdict").asText()).isEqualTo("busy");
    assertThat(coreless.get("detail").asText()).contains("no core", "/api/v1/cluster");
    endpoint.engine.transactionResult = new Mempool.Result.Full("POOL_FULL");
    HttpResponse<String> full = endpoint.post("/api/v1/transactions", json);
    assertThat(full.statusCode()).isEqualTo(503);
    assertThat(Endpoint.parse(full).get("rule").asText()).isEqualTo("POOL_FULL");
    assertThat(Endpoint.parse(full).get("verdict").asText()).isEqualTo("full");
    assertThat(SchemaCheck.differences(OpenApi.PROBLEM, Endpoint.parse(full))).isEmpty();

    endpoint.engine.transactionResult = new Mempool.Result.Known(true);
    HttpResponse<String> known = endpoint.post("/api/v1/transactions", json);
    assertThat(known.statusCode()).isEqualTo(200);
    assertThat(Endpoint.parse(known).get("inBlock").asBoolean()).isTrue();
  }

  private List<String> refusal(String json) throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.post("/api/v1/transactions", json);
    assertThat(response.statusCode()).isEqualTo(422);
    var problem = Endpoint.parse(response);
    return List.of(
        problem.get("verdict").asText(),
        problem.get("rule").asText(),
        problem.get("detail").asText());
  }

  @Test
  void aTransactionReplacesAnotherOnlyIfItWasHandedInForThat()
      throws IOException, InterruptedException {
    String json = BlockJson.transaction(FakeEngine.GENESIS.transactions().getFirst()).toString();
    endpoint.post("/api/v1/transactions", json);
    endpoint.post("/api/v1/transactions?replacement=false", json);
    endpoint.post("/api/v1/transactions?replacement=true", json);
    assertThat(endpoint.engine.orders.subList(0, 2)).hasOnlyElementsOfType(Mempool.Submit.class);
    assertThat(endpoint.engine.orders.getLast()).isInstanceOf(Mempool.Replace.class);
    assertThat(endpoint.post("/api/v1/transactions?replacement=perhaps", json).statusCode())
        .isEqualTo(400);
  }

  @Test
  void anAcceptedTransactionIsToldItsFee() throws IOException, InterruptedException {
    String json = BlockJson.transaction(FakeEngine.GENESIS.transactions().getFirst()).toString();
    endpoint.engine.transactionResult =
        new Mempool.Result.Accepted(1234, List.of(FakeEngine.UNKNOWN));
    var answer = Endpoint.parse(endpoint.post("/api/v1/transactions", json));
    assertThat(answer.get("verdict").asText()).isEqualTo("accepted");
    assertThat(answer.get("fee").asLong()).isEqualTo(1234);
    assertThat(answer.at("/replacedTransactionIds/0").asText())
        .isEqualTo(FakeEngine.UNKNOWN.toString());
  }

  @Test
  void bytesThatAreNoBlockAreRefusedBeforeTheyBecomeObjects()
      throws IOException, InterruptedException {
    // A million empty transactions in two bytes each: as objects they would take fifty times that.
    byte[] bomb = new byte[2_000_000];
    for (int i = 0; i < bomb.length; i += 2) {
      bomb[i] = 0x12;
    }
    HttpResponse<String> response = endpoint.post("/api/v1/blocks", bomb);
    assertThat(response.statusCode()).isEqualTo(400);
    for (byte[] garbage :
        List.of(new byte[0], new byte[] {1}, new byte[] {0x12, 0x7f}, new byte[] {0x0a, 0})) {
      assertThat(endpoint.post("/api/v1/blocks", garbage).statusCode()).isIn(400, 415);
    }
    assertThat(endpoint.engine.orders).isEmpty();
  }

  @Test
  void aBodyOfAnotherTypeOrTooLongIsNotRead() throws IOException, InterruptedException {
    HttpResponse<String> type =
        endpoint.send(
            endpoint
                .authorized("/api/v1/peers")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"address\":\"127.0.0.1:1\"}")));
    assertThat(type.statusCode()).isEqualTo(415);
    HttpResponse<String> size =
        endpoint.post("/api/v1/peers", "{\"address\":\"" + "x".repeat(70_000) + "\"}");
    assertThat(size.statusCode()).isEqualTo(413);
    assertThat(endpoint.engine.orders).isEmpty();
  }
}
