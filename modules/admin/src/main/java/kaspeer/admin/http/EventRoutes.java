package kaspeer.admin.http;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import kaspeer.admin.AdminCommand;
import kaspeer.admin.AdminReply;
import kaspeer.admin.events.AdminEvent;
import kaspeer.admin.events.EventBuffer;
import kaspeer.admin.http.Problem.Kind;

/** Server-sent events (HTML standard, section 9.2). */
final class EventRoutes {
  /** Memory of events that wait for a watcher: some two thousand of them. */
  private static final long BUFFER_BYTES = 1 << 20;

  /** A sign of life now and then shows both sides that the other is there. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** The sign of life of those who want it as an event. */
  private static final String ALIVE = "event: alive\ndata: {\"type\":\"alive\"}\n\n";

  private final Gateway gateway;
  private final InstantSource clock;
  private final Duration heartbeat;
  private final Set<EventBuffer> open = ConcurrentHashMap.newKeySet();

  EventRoutes(Gateway gateway, InstantSource clock) {
    this(gateway, clock, HEARTBEAT);
  }

  /**
   * @param heartbeat how long there may be nothing to read
   */
  EventRoutes(Gateway gateway, InstantSource clock, Duration heartbeat) {
    this.gateway = gateway;
    this.clock = clock;
    this.heartbeat = heartbeat;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/events", "Events as they happen, as server-sent events.")
            .query(
                "types",
                Schema.string(""),
                "Types wanted, with commas between: " + String.join(", ", AdminEvent.TYPES))
            .query(
                "alive",
                Schema.bool(""),
                "Whether to send an event when there was none for ten seconds, of whatever types are"
                    + " wanted; else a comment shows that the stream is alive, which a browser"
                    + " keeps to itself.")
            .answers(
                Route.Answer.events(
                    forms(),
                    "One JSON object an event, with its type and time; 'dropped' and the end for a reader that is too"
                        + " slow."))
            .by(this::watch));
  }

  private static List<Schema> forms() {
    List<Schema> forms = new ArrayList<>(EventJson.SCHEMAS.values());
    forms.add(EventJson.ALIVE);
    forms.add(EventJson.DROPPED);
    return forms;
  }

  /**
   * Makes a watcher's place. Whoever waits for it in vain may be noted all the same, later: a
   * closed buffer takes no place.
   */
  void register(EventBuffer buffer) throws InterruptedException {
    boolean watching = false;
    try {
      gateway.ask(AdminReply.Done.class, replyTo -> new AdminCommand.Watch(buffer, replyTo));
      watching = true;
    } finally {
      if (!watching) {
        buffer.close();
      }
    }
  }

  private Response watch(Request request) throws InterruptedException {
    String alive = request.flag("alive") ? ALIVE : ": still here\n\n";
    EventBuffer buffer = new EventBuffer(BUFFER_BYTES, types(request.query("types")));
    register(buffer);
    return new Response.Stream("text/event-stream", out -> send(buffer, alive, out), buffer::close);
  }

  private void send(EventBuffer buffer, String alive, Response.StreamOut out)
      throws IOException, InterruptedException {
    open.add(buffer);
    try {
      out.send(": events follow\n\n");
      while (!buffer.isExhausted()) {
        Optional<AdminEvent> event = buffer.poll(heartbeat);
        if (event.isPresent()) {
          out.send(
              "event: "
                  + event.get().type().word()
                  + "\ndata: "
                  + EventJson.event(event.get())
                  + "\n\n");
        } else if (buffer.state() == EventBuffer.State.OPEN) {
          out.send(alive);
        }
      }
      if (buffer.state() == EventBuffer.State.OVERFLOWED) {
        out.send(
            "event: "
                + AdminEvent.DROPPED
                + "\ndata: "
                + EventJson.dropped(clock.instant())
                + "\n\n");
      }
    } finally {
      open.remove(buffer);
    }
  }

  /** The end of all streams. */
  void endAll() {
    open.forEach(EventBuffer::close);
  }

  private static Set<AdminEvent.Type> types(Optional<String> wanted) {
    Set<AdminEvent.Type> types = EnumSet.noneOf(AdminEvent.Type.class);
    for (String type :
        wanted
            .filter(text -> !text.isEmpty())
            .map(text -> text.split(",", -1))
            .orElse(new String[0])) {
      types.add(
          AdminEvent.Type.of(type)
              .orElseThrow(
                  () ->
                      new Problem(
                          Kind.BAD_REQUEST,
                          "no type of event is called '"
                              + Text.shorten(type)
                              + "'; "
                              + Text.all(AdminEvent.TYPES))));
    }
    return types;
  }
}
