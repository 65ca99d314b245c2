package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import kaspeer.admin.FakeEngine;
import kaspeer.engine.sanctions.Sanctions.Ban;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that may be long: as much of them as is asked for. */
class ListRoutesTest {
  private static Endpoint endpoint;

  @BeforeAll
  static void start() throws IOException {
    endpoint = new Endpoint();
  }

  @AfterAll
  static void stop() {
    endpoint.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"peers", "peers/departed", "bans", "addresses"})
  void howManyThereAreIsToldWhateverIsAskedFor(String list)
      throws IOException, InterruptedException {
    HttpResponse<String> whole = endpoint.get("/api/v1/" + list);
    int all = Endpoint.parse(whole).size();
    assertThat(all).isPositive();
    assertThat(whole.headers().firstValue("Kaspeer-Total")).contains(Integer.toString(all));
    HttpResponse<String> none = endpoint.get("/api/v1/" + list + "?limit=0");
    assertThat(none.body()).isEqualTo("[]");
    assertThat(none.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(none.headers().firstValue("Kaspeer-Total")).contains(Integer.toString(all));
    assertThat(endpoint.json("/api/v1/" + list + "?limit=999999999")).hasSize(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "many", "9999999999"})
  void aLimitIsANumber(String limit) throws IOException, InterruptedException {
    assertThat(endpoint.get("/api/v1/bans?limit=" + limit).statusCode()).isEqualTo(400);
  }

  @Test
  void ofAddressesTheFirstAreGiven() throws IOException, InterruptedException {
    JsonNode some = endpoint.json("/api/v1/addresses?limit=1");
    assertThat(some).hasSize(1);
    assertThat(some.get(0).get("source").asText()).isEqualTo("dns");
  }

  @Test
  void ofBansThoseThatEndLastAreGiven() throws IOException, InterruptedException {
    List<Ban> before = endpoint.engine.bans;
    endpoint.engine.bans =
        List.of(
            new Ban("10.0.0.1", "score", FakeEngine.NOW, ""),
            new Ban("10.0.0.2", "score", FakeEngine.NOW.plusSeconds(1), ""),
            new Ban("10.0.0.3", "score", FakeEngine.NOW.plusSeconds(2), ""));
    try {
      JsonNode some = endpoint.json("/api/v1/bans?limit=2");
      assertThat(some).hasSize(2);
      assertThat(some.get(0).get("address").asText()).isEqualTo("10.0.0.2");
      assertThat(some.get(1).get("address").asText()).isEqualTo("10.0.0.3");
    } finally {
      endpoint.engine.bans = before;
    }
  }

  @Test
  void aPeerInBriefHasTheSumsOfItsTrafficAndNoFlows() throws IOException, InterruptedException {
    JsonNode brief = endpoint.json("/api/v1/peers?brief=true").get(0);
    JsonNode whole = endpoint.json("/api/v1/peers").get(0);
    assertThat(brief.get("address")).isEqualTo(whole.get("address"));
    assertThat(brief.get("receivedBytes").asLong())
        .isEqualTo(
            whole
                .get("received")
                .valueStream()
                .mapToLong(traffic -> traffic.get("bytes").asLong())
                .sum())
        .isGreaterThanOrEqualTo(5000);
    assertThat(brief.has("sentBytes")).isTrue();
    for (String left : List.of("flows", "sent", "received")) {
      assertThat(brief.has(left)).as(left).isFalse();
      assertThat(whole.has(left)).as(left).isTrue();
    }
    assertThat(
            SchemaCheck.differences(
                Schema.array(PeerJson.LISTED, ""), endpoint.json("/api/v1/peers?brief=true")))
        .isEmpty();
  }

  /** What was asked for, and what the answer tells of instead. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          peers?limits=1           | there are brief, limit
          bans?from=1              | there is only limit
          node?brief=true          | there are none here
          events?types=blocksAdded | there are blockAdded, sinkChanged,
          peer                     | GET /api/v1/openapi.json
          peers/8                  | GET /api/v1/peers
          """)
  void whoAsksForWhatThereIsNotHearsWhatThereIs(String path, String instead)
      throws IOException, InterruptedException {
    JsonNode problem = Endpoint.parse(endpoint.get("/api/v1/" + path));
    assertThat(problem.get("detail").asText()).contains(instead);
  }
}
