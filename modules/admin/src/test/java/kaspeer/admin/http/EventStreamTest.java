package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.FakeEngine;
import kaspeer.admin.events.AdminEvent;
import kaspeer.admin.events.EventBuffer;
import kaspeer.admin.events.EventHub;
import kaspeer.engine.NodeEvent;
import kaspeer.engine.sync.SyncStatus;
import kaspeer.flow.dag.DagEvent;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  /** That one comes when it comes. */
  private static final List<String> ALL_BUT_THE_MEMPOOLS =
      AdminEvent.TYPES.stream().filter(type -> !type.equals("mempoolChanged")).toList();

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
  void everyKindOfEventArrivesWithItsNameAndMembers() throws IOException {
    try (Watcher watcher = new Watcher("?types=" + String.join(",", ALL_BUT_THE_MEMPOOLS))) {
      publish(new NodeEvent.Dag(new DagEvent.BlockAdded(FakeEngine.GENESIS.header(), 1, 7, true)));
      publish(
          new NodeEvent.Dag(new DagEvent.StateChanged(FakeEngine.snapshot(FakeEngine.UNKNOWN))));
      publish(new NodeEvent.PeerConnected(FakeEngine.peer().info()));
      publish(
          new NodeEvent.SyncChanged(
              new SyncStatus(SyncStatus.State.SYNCING, 7L, "headers", 0.25, 1300.5, 0, 1)));
      publish(
          new NodeEvent.PeerDisconnected(
              FakeEngine.peer().info(), "violation.WRONG_NETWORK", "other"));
      publish(new NodeEvent.Banned("10.0.0.1", "score", Duration.ofHours(1)));
      publish(new NodeEvent.Unbanned("10.0.0.1"));
      assertThat(watcher.event("blockAdded"))
          .contains("\"hash\":\"" + FakeEngine.GENESIS.hash() + "\"");
      assertThat(watcher.event("sinkChanged")).contains("\"sink\":\"" + FakeEngine.UNKNOWN + "\"");
      assertThat(watcher.event("virtualChanged")).contains("\"virtualDaaScore\":44");
      // What a peer calls itself may hold anything; a line break in it must not end the event.
      assertThat(watcher.event("peerConnected")).contains("<script>\\\"\\n");
      assertThat(watcher.event("syncChanged"))
          .contains("\"state\":\"syncing\"")
          .contains("\"peer\":\"" + FakeEngine.PEER_ID + "\"");
      assertThat(watcher.event("peerDisconnected"))
          .contains("\"reason\":\"violation.WRONG_NETWORK\"");
      assertThat(watcher.event("banned")).contains("\"until\":\"2026-11-22T11:00:00Z\"");
      assertThat(watcher.event("unbanned")).contains("\"at\":\"2026-11-22T10:00:00Z\"");
    }
  }

  @Test
  void theMempoolIsLookedAtWhileSomebodyWantsToKnow() throws IOException {
    try (Watcher watcher = new Watcher("?types=mempoolChanged")) {
      assertThat(watcher.event("mempoolChanged"))
          .contains("\"mempoolSize\":3")
          .contains("\"feeEstimate\":{");
    }
  }

  @Test
  void onlyTheTypesAskedForArrive() throws IOException {
    try (Watcher watcher = new Watcher("?types=unbanned,banned")) {
      publish(new NodeEvent.SyncChanged(SyncStatus.WAITING));
      publish(new NodeEvent.Unbanned("10.0.0.1"));
      assertThat(watcher.event("unbanned")).contains("10.0.0.1");
    }
  }

  @Test
  void aReaderThatDoesNotReadIsDroppedAndOthersDoNotNotice() throws IOException {
    try (Watcher deaf = new Watcher("");
        Watcher watcher = new Watcher("?types=unbanned")) {
      String large = "x".repeat(4_000);
      // Far more than the socket's buffers and the watcher's buffer together.
      for (int i = 0; i < 8_000; i++) {
        publish(new NodeEvent.PeerDisconnected(FakeEngine.peer().info(), "link-lost", large));
      }
      publish(new NodeEvent.Unbanned("10.0.0.1"));
      assertThat(watcher.event("unbanned")).contains("10.0.0.1");
      String heard = deaf.rest();
      assertThat(heard).contains("event: peerDisconnected").contains("event: dropped");
      String last = heard.substring(heard.lastIndexOf("data: ") + "data: ".length());
      assertThat(SchemaCheck.differences(EventJson.DROPPED, new ObjectMapper().readTree(last)))
          .isEmpty();
    }
  }

  @Test
  void theEndOfTheNodeEndsTheStream() throws IOException {
    try (Watcher watcher = new Watcher("")) {
      endpoint.kit.stop(endpoint.admin);
      assertThat(watcher.rest()).doesNotContain("event: dropped");
    }
  }

  @Test
  void theEndOfTheServerEndsTheStreamAtOnce() throws IOException {
    try (Watcher watcher = new Watcher("")) {
      endpoint.closeServer();
      assertThat(watcher.rest()).doesNotContain("event: dropped");
    }
  }

  @Test
  void thereIsRoomForSomeWatchersOnly() throws IOException {
    Watcher[] watchers = new Watcher[EventHub.MAX_WATCHERS];
    try {
      for (int i = 0; i < watchers.length; i++) {
        watchers[i] = new Watcher("");
      }
      assertThat(
              Wire.exchange(endpoint.address(), "GET /api/v1/events HTTP/1.1", "Host: localhost"))
          .startsWith("HTTP/1.1 503 ");
    } finally {
      for (Watcher watcher : watchers) {
        if (watcher != null) {
          watcher.close();
        }
      }
    }
  }

  /** Of a rare type nothing comes that would show that nobody reads. */
  @Test
  void whoOnlyAsksForTheHeadOfTheStreamTakesNoPlace() throws IOException {
    for (int i = 0; i <= EventHub.MAX_WATCHERS; i++) {
      assertThat(
              Wire.exchange(
                  endpoint.address(),
                  "HEAD /api/v1/events?types=chainStopped HTTP/1.1",
                  "Host: localhost"))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("content-type: text/event-stream")
          .doesNotContain("events follow");
    }
    try (Watcher watcher = new Watcher("?types=unbanned")) {
      publish(new NodeEvent.Unbanned("10.0.0.1"));
      assertThat(watcher.event("unbanned")).contains("10.0.0.1");
    }
  }

  /** What the admin actor was asked it does some time, whether somebody still waits for it. */
  @Test
  void whoGaveUpWaitingForItsPlaceTakesNone() {
    ActorRef<AdminCommand> slow =
        endpoint.kit.spawn(
            Behaviors.receive(AdminCommand.class)
                .onMessage(
                    AdminCommand.Watch.class,
                    watch -> {
                      watch.replyTo().tell(new AdminReply.TimedOut("test"));
                      return Behaviors.same();
                    })
                .build());
    EventBuffer buffer = new EventBuffer(1 << 20, Set.of());
    EventRoutes routes =
        new EventRoutes(new Gateway(slow, endpoint.kit.system()), InstantSource.system());
    assertThatThrownBy(() -> routes.register(buffer)).isInstanceOf(Problem.class);
    assertThat(buffer.state()).isEqualTo(EventBuffer.State.CLOSED);
  }

  private void publish(NodeEvent event) {
    endpoint.kit.system().eventStream().tell(new EventStream.Publish<>(event));
  }

  /** Reads a stream of events. */
  private final class Watcher implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Watcher(String query) throws IOException {
      socket = Wire.open(endpoint.address());
      Wire.send(
          socket,
          "GET /api/v1/events"
              + query
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(until(": events follow")).contains("200 OK").contains("text/event-stream");
    }

    /** The data of the next event, which has this type. */
    String event(String type) throws IOException {
      String before = until("data: ");
      assertThat(before).contains("event: " + type);
      return before.substring(before.lastIndexOf("data: "));
    }

    String rest() throws IOException {
      StringBuilder all = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.append(line).append('\n');
      }
      return all.toString();
    }

    private String until(String start) throws IOException {
      StringBuilder all = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        all.append(line).append('\n');
        if (line.startsWith(start)) {
          return all.toString();
        }
      }
      throw new AssertionError("the stream ended before '" + start + "': " + all);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
