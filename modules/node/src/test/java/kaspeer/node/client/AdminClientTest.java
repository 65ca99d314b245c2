package kaspeer.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import kaspeer.admin.HostPort;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminClientTest {
  private static final String SECRET = "0123456789abcdef";
  private static final String SENT = "Bearer " + SECRET;
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path dir;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(dir.resolve("admin-token"), SECRET);
  }

  @Test
  void itsOwnNodeIsToldTheTokenWithEveryRequest() throws IOException, ClientException {
    try (FakeNode node = FakeNode.answering(200, "{}");
        AdminClient client = new AdminClient(node.address(), ClientToken.ofOwner(file))) {
      client.get("/api/v1/node");
      client.change("DELETE", "/api/v1/bans", null);
      assertThat(node.tokens()).containsExactly(SENT, SENT);
    }
  }

  @Test
  void anotherOnThisMachineIsToldItWithChangesOnly() throws IOException, ClientException {
    try (FakeNode node = FakeNode.answering(200, "{}");
        AdminClient client =
            new AdminClient(node.address(), ClientToken.found(file, node.address()))) {
      client.get("/api/v1/node");
      client.change("DELETE", "/api/v1/bans", null);
      assertThat(node.tokens()).containsExactly("none", SENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.7", "host.example", "localhost.example", "2001:db8::1"})
  void anotherMachineIsNeverToldIt(String host) throws ClientException {
    ClientToken token = ClientToken.found(file, new HostPort(host, 17111));
    assertThat(token.forRequest(true)).isEmpty();
    assertThat(token.forRequest(false)).isEmpty();
    assertThat(token.whyNot(false))
        .hasValueSatisfying(why -> assertThat(why).contains("--data-dir"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "::1"})
  void loopbackIsThisMachine(String host) throws ClientException {
    ClientToken token = ClientToken.found(file, new HostPort(host, 17111));
    assertThat(token.forRequest(true)).isEmpty();
    assertThat(token.forRequest(false)).contains(SECRET);
  }

  @Test
  void whyThereWasNoTokenIsTold() throws IOException {
    try (FakeNode node = FakeNode.answering(401, "{\"detail\":\"needs the token\"}");
        AdminClient absent =
            new AdminClient(node.address(), ClientToken.ofOwner(dir.resolve("no-token")));
        AdminClient wrong = new AdminClient(node.address(), ClientToken.ofOwner(file));
        AdminClient found =
            new AdminClient(node.address(), ClientToken.found(file, node.address()))) {
      assertThatThrownBy(() -> absent.get("/api/v1/node"))
          .hasMessageContaining("none is in " + dir.resolve("no-token"));
      assertThatThrownBy(() -> wrong.get("/api/v1/node")).hasMessage("needs the token");
      assertThatThrownBy(() -> found.get("/api/v1/node"))
          .hasMessageContaining("is told only to its own node: give --data-dir");
    }
  }

  /** Not so to who runs this test, who may be root. */
  @Test
  void aTokenThatMayNotBeReadIsNotCalledMissing() {
    assertThat(ClientToken.ofOwner(file).whyNot(false, false, false))
        .contains(
            "this needs the node's token, and "
                + file
                + " may not be read by this user: run this as the node's user");
  }

  @Test
  void eventsArriveAndWhatIsUnknownOnlyShowsThatTheNodeIsThere() throws IOException {
    String stream =
        """
        : events follow

        event: unbanned
        data: {"type":"unbanned","address":"10.0.0.1"}

        event: alive
        data:

        event: somethingNew
        data: {"type":"somethingNew"}

        : still here

        event: unbanned
        data: {"type":"unbanned","address":"10.0.0.2"}

        """;
    List<String> seen = new ArrayList<>();
    try (FakeNode node = FakeNode.streaming(stream);
        AdminClient client = new AdminClient(node.address(), ClientToken.ofOwner(file), LONG)) {
      assertThatThrownBy(() -> client.events("", event -> seen.add(address(event))))
          .isInstanceOf(ClientException.class)
          .hasMessage("the node ended the stream of events");
    }
    assertThat(seen).containsExactly("10.0.0.1", "10.0.0.2");
  }

  @Test
  void aWatcherThatWasDroppedIsToldWhy() throws IOException {
    String stream = "event: dropped\ndata: {\"type\":\"dropped\",\"reason\":\"too slow\"}\n\n";
    List<String> seen = new ArrayList<>();
    try (FakeNode node = FakeNode.streaming(stream);
        AdminClient client = new AdminClient(node.address(), ClientToken.ofOwner(file), LONG)) {
      assertThatThrownBy(() -> client.events("", event -> seen.add(EventLines.line(event))))
          .isInstanceOf(ClientException.class)
          .hasMessage("the node dropped this watcher, and events are lost: too slow");
    }
    assertThat(seen).containsExactly("events were lost: too slow");
  }

  @Test
  void aSilentLineIsGivenUp() throws IOException {
    try (FakeNode node = FakeNode.fallingSilent(": events follow\n\n");
        AdminClient client =
            new AdminClient(node.address(), ClientToken.ofOwner(file), Duration.ofMillis(1_500))) {
      assertThatThrownBy(() -> client.events("", _ -> {}))
          .isInstanceOf(ClientException.class)
          .hasMessage(node.address() + " has shown no sign of life for 1 s");
    }
  }

  @Test
  void aNodeThatAllowsNoMoreWatchersSaysSo() throws IOException {
    try (FakeNode node = FakeNode.answering(503, "{\"detail\":\"enough watch already\"}");
        AdminClient client = new AdminClient(node.address(), ClientToken.ofOwner(file), LONG)) {
      assertThatThrownBy(() -> client.events("", _ -> {}))
          .isInstanceOf(ClientException.class)
          .hasMessage("not now: enough watch already");
    }
  }

  private static String address(JsonNode event) {
    return event.path("address").asText();
  }
}
