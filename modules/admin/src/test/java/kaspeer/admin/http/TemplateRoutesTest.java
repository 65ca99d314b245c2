package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import kaspeer.admin.FakeEngine;
import kaspeer.flow.mempool.Mempool;
import kaspeer.primitives.Address;
import kaspeer.primitives.Block;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.json.RpcBlockJson;
import kaspeer.wire.Blocks;
import kaspeer.wire.ConversionException;
import kaspeer.wire.proto.BlockMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateRoutesTest {
  private static final String PATH = "/api/v1/block-template";
  private static final Address ADDRESS =
      new Address(Network.SIMNET, Address.Version.PUB_KEY, new byte[32]);

  @SuppressWarnings("NullAway.Init") // made before each test
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
  void aTemplateIsAnsweredInTheFormInWhichABlockIsHandedIn()
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        endpoint.post(PATH, "{\"payAddress\":\"" + ADDRESS + "\",\"extraData\":\"hello\"}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    Block block = RpcBlockJson.parse(response.body());
    assertThat(block.hash()).isEqualTo(FakeEngine.GENESIS.hash());
    assertThat(block.transactions()).hasSameSizeAs(FakeEngine.GENESIS.transactions());
    JsonNode json = Endpoint.parse(response);
    assertThat(SchemaCheck.differences(BlockJson.TEMPLATE, json)).isEmpty();
    assertThat(json.get("isSynced").asBoolean()).isTrue();
    assertThat(endpoint.post("/api/v1/blocks", response.body()).statusCode()).isEqualTo(200);

    Mempool.GetBlockTemplate order = (Mempool.GetBlockTemplate) endpoint.engine.orders.getFirst();
    assertThat(order.payTo().script()).isEqualTo(ADDRESS.toScriptPublicKey().script());
    assertThat(order.extraData()).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void eachAnswerIsOfTheTemplateOfItsTime() throws IOException, InterruptedException {
    String order = "{\"payAddress\":\"" + ADDRESS + "\"}";
    String first = endpoint.post(PATH, order).body();
    assertThat(endpoint.post(PATH, order).body()).isEqualTo(first);

    endpoint.engine.templateReply = new Mempool.TemplateReply.Made(FakeEngine.GENESIS, false);
    assertThat(Endpoint.parse(endpoint.post(PATH, order)).get("isSynced").asBoolean()).isFalse();

    Block other = Params.of(Network.DEVNET).genesis();
    endpoint.engine.templateReply = new Mempool.TemplateReply.Made(other, false);
    assertThat(RpcBlockJson.parse(endpoint.post(PATH, order).body()).hash())
        .isEqualTo(other.hash());
  }

  @Test
  void aTemplateIsAnsweredInProtobufWhereThatIsAccepted()
      throws IOException, InterruptedException, ConversionException {
    HttpRequest request =
        endpoint
            .authorized(PATH)
            .header("Content-Type", "application/json")
            .header("Accept", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofString("{\"payAddress\":\"" + ADDRESS + "\"}"))
            .build();
    HttpResponse<byte[]> response = endpoint.bytes(request);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/x-protobuf");
    assertThat(response.headers().firstValue("Kaspeer-Is-Synced")).contains("true");
    assertThat(block(response.body()).hash()).isEqualTo(FakeEngine.GENESIS.hash());
    assertThat(endpoint.post("/api/v1/blocks", response.body()).statusCode()).isEqualTo(200);
  }

  private static Block block(byte[] message)
      throws InvalidProtocolBufferException, ConversionException {
    return Blocks.fromWire(BlockMessage.parseFrom(message));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"payAddress\":7}",
        "{\"payAddress\":\"\"}",
        "{\"payAddress\":\"kaspasim:qq\"}",
        "{\"payAddress\":\"kaspasim:%s\",\"extraData\":7}"
      })
  void whatNamesNobodyToPayIsRefused(String order) throws IOException, InterruptedException {
    assertThat(endpoint.post(PATH, order).statusCode()).isEqualTo(400);
    assertThat(endpoint.engine.orders).isEmpty();
  }

  @Test
  void aMisspeltMemberIsRefused() throws IOException, InterruptedException {
    HttpResponse<String> response =
        endpoint.post(PATH, "{\"payAddress\":\"" + ADDRESS + "\",\"extradata\":\"x\"}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Endpoint.parse(response).get("detail").asText())
        .isEqualTo("unknown member 'extradata'; there are payAddress, extraData");
  }

  @Test
  void anAddressOfAnotherNetworkIsRefused() throws IOException, InterruptedException {
    Address other = new Address(Network.MAINNET, Address.Version.PUB_KEY, new byte[32]);
    HttpResponse<String> response = endpoint.post(PATH, "{\"payAddress\":\"" + other + "\"}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Endpoint.parse(response).get("detail").asText())
        .isEqualTo("payAddress is of mainnet, not of simnet");
  }

  @Test
  void longExtraDataIsRefused() throws IOException, InterruptedException {
    String order = "{\"payAddress\":\"" + ADDRESS + "\",\"extraData\":\"" + "x".repeat(257) + "\"}";
    assertThat(endpoint.post(PATH, order).statusCode()).isEqualTo(400);
  }

  @Test
  void whyThereIsNoTemplateIsTold() throws IOException, InterruptedException {
    String order = "{\"payAddress\":\"" + ADDRESS + "\"}";
    endpoint.engine.templateReply = new Mempool.TemplateReply.Refused("too long");
    HttpResponse<String> refused = endpoint.post(PATH, order);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Endpoint.parse(refused).get("detail").asText()).isEqualTo("too long");
    endpoint.engine.templateReply = new Mempool.TemplateReply.Busy();
    assertThat(endpoint.post(PATH, order).statusCode()).isEqualTo(503);
  }
}
