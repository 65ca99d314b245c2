package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import kaspeer.admin.events.AdminEvent;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.flow.policy.ViolationCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private static Endpoint endpoint;
  private static JsonNode api;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    endpoint = new Endpoint();
    api = endpoint.json("/api/v1/openapi.json");
  }

  @AfterAll
  static void stop() {
    endpoint.close();
  }

  @Test
  void itDescribesEveryRouteAndNothingElse() {
    Set<String> described = new HashSet<>();
    api.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(m -> described.add(m + " " + path.getKey())));
    Set<String> served = new HashSet<>();
    endpoint.routes.forEach(
        r -> served.add(r.method().name().toLowerCase(Locale.ROOT) + " " + r.path().text()));
    assertThat(described).isEqualTo(served);
    assertThat(served).hasSameSizeAs(endpoint.routes);
  }

  @Test
  void itHoldsEveryRequestOfTheContract() {
    for (String path :
        new String[] {
          "/api/v1/node",
          "/api/v1/dag",
          "/api/v1/blocks/{hash}",
          "/api/v1/peers",
          "/api/v1/peers/{id}",
          "/api/v1/peers/departed",
          "/api/v1/bans",
          "/api/v1/addresses",
          "/api/v1/mempool",
          "/api/v1/mempool/{txid}",
          "/api/v1/blocks",
          "/api/v1/block-template",
          "/api/v1/transactions",
          "/api/v1/flows",
          "/api/v1/cluster",
          "/api/v1/cluster/peers",
          "/api/v1/events",
          "/api/v1/openapi.json",
          "/metrics",
          "/health/live",
          "/health/ready",
          "/health/started",
          "/health/joined",
          "/health/synced",
          "/health/serving",
          "/api/v1/policy",
          "/api/v1/limits",
          "/api/v1/log-levels",
          "/api/v1/peers/permanent",
          "/api/v1/sync/rotate",
          "/"
        }) {
      assertThat(api.get("paths").has(path)).as(path).isTrue();
    }
  }

  @Test
  void changesNeedTheTokenAndReadsMayDoWithout() {
    assertThat(api.at("/paths/~1api~1v1~1peers/post/security").toString())
        .isEqualTo("[{\"token\":[]}]");
    assertThat(api.at("/paths/~1api~1v1~1peers/get/security").toString())
        .isEqualTo("[{\"token\":[]},{}]");
  }

  @Test
  void holesOfAPathAreParameters() {
    JsonNode parameters = api.at("/paths/~1api~1v1~1blocks~1{hash}/get/parameters");
    assertThat(parameters.get(0).get("name").asText()).isEqualTo("hash");
    assertThat(parameters.get(0).get("required").asBoolean()).isTrue();
    assertThat(parameters.get(1).get("in").asText()).isEqualTo("query");
  }

  @Test
  void whatANodeThatIsNotReadyAnswersIsDescribed() {
    String content = "/content/application~1json/schema/properties/synced/type";
    String responses = "/paths/~1health~1ready/get/responses/";
    assertThat(api.at(responses + "200" + content).asText()).isEqualTo("boolean");
    assertThat(api.at(responses + "503" + content).asText()).isEqualTo("boolean");
  }

  @Test
  void everyTypeOfEventIsDescribed() {
    assertThat(
            api.at(
                "/paths/~1api~1v1~1events/get/responses/200/content/text~1event-stream/schema/oneOf"))
        .as("and the sign of life, and the end")
        .hasSize(AdminEvent.TYPES.size() + 2);
  }

  @Test
  void theEndOfATooSlowReaderIsDescribedAmongThem() {
    JsonNode forms =
        api.at(
            "/paths/~1api~1v1~1events/get/responses/200/content/text~1event-stream/schema/oneOf");
    JsonNode dropped = forms.get(forms.size() - 1);
    assertThat(dropped.at("/properties/type/enum").toString()).isEqualTo("[\"dropped\"]");
    assertThat(dropped.get("required").toString()).isEqualTo("[\"type\",\"at\",\"reason\"]");
  }

  @Test
  void everyStatusSaysWhatItMeans() {
    String dial = "/paths/~1api~1v1~1peers/post/responses/";
    assertThat(api.at(dial + "201/description").asText()).isEqualTo("It is connected.");
    assertThat(api.at(dial + "202/description").asText()).contains("not connected yet");
    String ready = "/paths/~1health~1ready/get/responses/";
    assertThat(api.at(ready + "200/description").asText()).isEqualTo("It holds.");
    assertThat(api.at(ready + "503/description").asText()).isEqualTo("It does not hold now.");
  }

  @Test
  void aTemplatesHeaderIsDescribed() {
    assertThat(
            api.at(
                    "/paths/~1api~1v1~1block-template/post/responses/200/headers/Kaspeer-Is-Synced/schema/type")
                .asText())
        .isEqualTo("string");
  }

  @Test
  void limitsAndPolicyRowsAreNamed() {
    JsonNode limit = api.at("/paths/~1api~1v1~1limits~1{name}/put/parameters/0/schema/enum");
    assertThat(limit)
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(Arrays.stream(Limit.values()).map(Limit::text).toList());
    for (String method : new String[] {"put", "delete"}) {
      JsonNode code =
          api.at("/paths/~1api~1v1~1policy~1{code}/" + method + "/parameters/0/schema/enum");
      assertThat(code)
          .extracting(JsonNode::asText)
          .containsExactlyElementsOf(
              Arrays.stream(ViolationCode.values()).map(Enum::name).toList());
    }
  }

  @Test
  void theStatesOfAFlowWithAPeerAreNamed() {
    assertThat(
            api.at(
                    "/paths/~1api~1v1~1peers~1{id}/get/responses/200/content/application~1json/schema"
                        + "/properties/flows/items/properties/state/enum")
                .toString())
        .isEqualTo("[\"running\",\"finished\",\"failed\",\"hanging\"]");
  }

  @Test
  void aListThatMayBeCutShortTellsHowManyThereAre() {
    for (String list : new String[] {"peers", "peers~1departed", "bans", "addresses"}) {
      assertThat(
              api.at("/paths/~1api~1v1~1" + list + "/get/responses/200/headers/Kaspeer-Total")
                  .at("/schema/type")
                  .asText())
          .as(list)
          .isEqualTo("integer");
    }
    assertThat(api.at("/paths/~1api~1v1~1dag/get/responses/200").has("headers")).isFalse();
  }

  @Test
  void everyProblemHasTheSameForm() {
    assertThat(api.at("/components/schemas/Problem/properties").properties())
        .extracting(Map.Entry::getKey)
        .contains("verdict", "rule", "hash", "parents", "transactionId");
    assertThat(api.at("/components/schemas/Problem/required").toString())
        .isEqualTo("[\"type\",\"title\",\"status\",\"detail\"]");
    assertThat(
            api.at("/paths/~1/get/responses/default/content/application~1problem+json/schema/$ref")
                .asText())
        .isEqualTo("#/components/schemas/Problem");
  }
}
