package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import kaspeer.admin.FakeEngine;
import kaspeer.engine.peers.LiveLimits.Limit;
import kaspeer.engine.peers.Peers;
import kaspeer.engine.sanctions.Sanctions;
import kaspeer.engine.sync.SyncControl;
import kaspeer.flow.policy.Sanction;
import kaspeer.flow.policy.ViolationCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** What an operator changes while the node runs. */
final class ControlRoutesTest {
  private Endpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    endpoint = new Endpoint();
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private static void assertChange(HttpResponse<String> response, String before, String after)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode change = Endpoint.parse(response);
    assertThat(change.get("before").asText()).isEqualTo(before);
    assertThat(change.get("after").asText()).isEqualTo(after);
    assertThat(change.get("lasting").asBoolean()).isFalse();
    assertThat(change.get("note").asText()).isNotEmpty();
    assertThat(SchemaCheck.differences(ControlJson.CHANGE, change)).isEmpty();
  }

  @Test
  void thePolicyShowsWhatIsOtherThanConfigured() throws IOException, InterruptedException {
    JsonNode policy = endpoint.json("/api/v1/policy");
    assertThat(SchemaCheck.differences(ControlJson.POLICY, policy)).isEmpty();
    assertThat(policy.get("rows")).hasSize(ViolationCode.values().length);
    for (JsonNode row : policy.get("rows")) {
      boolean changed = row.get("code").asText().equals("INVALID_BLOCK");
      assertThat(row.get("changed").asBoolean()).isEqualTo(changed);
      if (changed) {
        assertThat(row.get("sanction").asText()).isEqualTo("disconnect");
        assertThat(row.get("configured").asText()).isEqualTo("reject");
      }
    }
  }

  @Test
  void aRowIsChangedAndTakenBack() throws IOException, InterruptedException {
    String row = "/api/v1/policy/WRONG_PONG_NONCE";
    assertChange(endpoint.put(row, "{\"sanction\":\"ban\",\"seconds\":60}"), "reject", "ban 60 s");
    assertChange(endpoint.put(row, "{\"sanction\":\"ban\"}"), "reject", "ban 86400 s");
    assertChange(
        endpoint.put(row, "{\"sanction\":\"demerit\",\"points\":5}"), "reject", "demerit 5 points");
    assertChange(endpoint.delete(row), "demerit 5 points", "reject");
    assertThat(endpoint.engine.orders.getFirst())
        .isInstanceOfSatisfying(
            Sanctions.SetRow.class,
            order -> {
              assertThat(order.code()).isEqualTo(ViolationCode.WRONG_PONG_NONCE);
              assertThat(order.row()).isEqualTo(new Sanction.Ban(Duration.ofMinutes(1)));
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/policy/NOTHING|{\"sanction\":\"ban\"}|404",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"reject\"}|409",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"exile\"}|400",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"ignore\",\"points\":5}|400",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"reject\",\"seconds\":5}|400",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"demerit\"}|400",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"demerit\",\"points\":0}|400",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"ban\",\"hours\":1}|400",
        "/api/v1/policy/INVALID_BLOCK|{\"sanction\":\"ban\",\"seconds\":315360001}|400",
        "/api/v1/limits/maxInPears|{\"value\":5}|404",
        "/api/v1/limits/maxInPeers|{\"value\":64}|409",
        "/api/v1/limits/maxInPeers|{\"value\":-1}|400",
        "/api/v1/limits/maxInPeers|{\"value\":5,\"for\":\"ever\"}|400",
        "/api/v1/log-levels/kaspeer|{\"level\":\"info\"}|409",
        "/api/v1/log-levels/kaspeer|{\"level\":\"loud\"}|400"
      })
  void aChangeThatMakesNoSenseOrWouldBeNoneIsAProblem(String path, String body, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> response = endpoint.put(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(Endpoint.parse(response).get("detail").asText()).isNotEmpty();
  }

  @Test
  void aLimitIsShownAndChanged() throws IOException, InterruptedException {
    JsonNode limit = endpoint.json("/api/v1/limits").get(0);
    assertThat(SchemaCheck.differences(ControlJson.LIMIT, limit)).isEmpty();
    assertThat(limit.get("value").asInt()).isEqualTo(64);
    assertThat(limit.get("configured").asInt()).isEqualTo(128);
    HttpResponse<String> response = endpoint.put("/api/v1/limits/maxInPeers", "{\"value\":32}");
    assertChange(response, "64", "32");
    assertThat(Endpoint.parse(response).get("note").asText())
        .contains("3 peers were dismissed")
        .contains("--max-in-peers 32");
    assertThat(endpoint.engine.orders)
        .singleElement()
        .isInstanceOfSatisfying(
            Peers.SetLimit.class, order -> assertThat(order.limit()).isEqualTo(Limit.MAX_IN_PEERS));
  }

  @Test
  void theLogIsTurnedUpAndDown() throws IOException, InterruptedException {
    String path = "/api/v1/log-levels/kaspeer.engine";
    assertChange(endpoint.put(path, "{\"level\":\"debug\"}"), "its parent's", "debug");
    assertThat(endpoint.json("/api/v1/log-levels").findValuesAsText("logger"))
        .containsExactly("ROOT", "kaspeer", "kaspeer.engine");
    assertChange(endpoint.delete(path), "debug", "its parent's");
    assertThat(endpoint.delete(path).statusCode()).isEqualTo(409);
  }

  @Test
  void permanentPeersAreListedAndForgotten() throws IOException, InterruptedException {
    JsonNode peers = endpoint.json("/api/v1/peers/permanent");
    assertThat(peers.findValuesAsText("target"))
        .containsExactly("203.0.113.7:16511", "node.example:16511");
    assertThat(peers.get(1).get("address").isNull()).isTrue();
    assertThat(SchemaCheck.differences(ControlJson.PERMANENT, peers.get(1))).isEmpty();
    // The port is the network's own if it is left out.
    assertChange(endpoint.delete("/api/v1/peers/permanent/203.0.113.7"), "held", "not held");
    assertThat(endpoint.delete("/api/v1/peers/permanent/203.0.113.8").statusCode()).isEqualTo(404);
    assertThat(endpoint.engine.orders)
        .extracting(order -> ((Peers.ForgetPermanent) order).target())
        .first()
        .isEqualTo(FakeEngine.HELD);
  }

  @Test
  void anotherPeerLeadsTheSync() throws IOException, InterruptedException {
    HttpRequest.Builder rotate =
        endpoint.authorized("/api/v1/sync/rotate").POST(HttpRequest.BodyPublishers.noBody());
    assertChange(endpoint.send(rotate), "connection 7", "connection 9");
    endpoint.engine.rotateReply = new SyncControl.RotateReply.Refused("no sync is under way");
    HttpResponse<String> refused = endpoint.send(rotate);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Endpoint.parse(refused).get("detail").asText()).isEqualTo("no sync is under way");
    assertThat(endpoint.engine.orders).hasSize(2);
  }

  @Test
  void everyChangeLeavesALineInTheAuditLog() throws IOException, InterruptedException {
    List<ILoggingEvent> lines =
        audited(
            () -> {
              endpoint.put("/api/v1/limits/maxInPeers", "{\"value\":32}");
              endpoint.put("/api/v1/limits/maxInPeers", "{\"value\":64}");
            });
    assertThat(lines)
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            done ->
                assertThat(done)
                    .startsWith("PUT /api/v1/limits/maxInPeers from 127.0.0.1:")
                    .contains(": 200 "),
            refused -> assertThat(refused).contains(": 409 maxInPeers is 64 already"));
  }

  @Test
  void whatMinersDoManyTimesASecondFillsNoLog() throws IOException, InterruptedException {
    String block = BlockJson.block(FakeEngine.GENESIS).toString();
    List<ILoggingEvent> lines =
        audited(
            () -> {
              endpoint.post("/api/v1/block-template", "{}");
              endpoint.send(
                  endpoint
                      .request("/api/v1/block-template")
                      .POST(HttpRequest.BodyPublishers.ofString("{}")));
              endpoint.post("/api/v1/blocks", block);
              endpoint.post("/api/v1/blocks", "{}");
            });
    assertThat(lines)
        .extracting(line -> line.getFormattedMessage().replaceFirst("from \\S+ (\\d+) .*", "$1"))
        .containsExactly("POST /api/v1/block-template 401", "POST /api/v1/blocks 400");
  }

  private interface Requests {
    void send() throws IOException, InterruptedException;
  }

  /** What the audit log holds of requests at its usual level. */
  private static List<ILoggingEvent> audited(Requests requests)
      throws IOException, InterruptedException {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    var audit = (Logger) LoggerFactory.getLogger("kaspeer.admin.audit");
    Level before = audit.getLevel();
    lines.start();
    audit.setLevel(Level.INFO);
    audit.addAppender(lines);
    try {
      requests.send();
    } finally {
      audit.detachAppender(lines);
      audit.setLevel(before);
    }
    return List.copyOf(lines.list);
  }
}
