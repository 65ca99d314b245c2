package kaspeer.node.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kaspeer.admin.events.AdminEvent;
import org.jspecify.annotations.Nullable;

/**
 * A node's stream of server-sent events (HTML standard, section 9.2), read by a thread of its own
 * so that its silence is noticed: a line that is dead says nothing.
 */
final class EventStream implements AutoCloseable {
  /** Lines that are read ahead. */
  private static final int AHEAD = 64;

  private static final String NAME = "event:";
  private static final String DATA = "data:";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What comes of it. */
  sealed interface Heard {}

  /** A line of the stream. Any line is a sign of life, whatever is in it. */
  record Line(String text) implements Heard {}

  /** The node ended it, in order. */
  record Ended() implements Heard {}

  /** There is no stream. */
  record Refused(int status, String body) implements Heard {}

  /**
   * The line broke.
   *
   * @param hasBegun whether there was a stream before
   */
  record Broken(Exception cause, boolean hasBegun) implements Heard {}

  private final BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(AHEAD);
  private final Thread reader;
  private String name = "";

  EventStream(HttpClient http, HttpRequest request) {
    reader = Thread.ofVirtual().name("events").start(() -> read(http, request));
  }

  private void read(HttpClient http, HttpRequest request) {
    boolean hasBegun = false;
    try {
      HttpResponse<Stream<String>> response =
          http.send(request, HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() != 200) {
          tell(new Refused(response.statusCode(), String.join("\n", lines.toList())));
          return;
        }
        hasBegun = true;
        for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
          heard.put(new Line(each.next()));
        }
        tell(new Ended());
      }
    } catch (IOException | UncheckedIOException e) {
      tell(new Broken(e, hasBegun));
    } catch (InterruptedException _) {
      // Nobody listens any more.
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Heard last) {
    try {
      heard.put(last);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** What comes next; empty after so long a silence. */
  Optional<Heard> next(Duration silence) throws InterruptedException {
    @Nullable Heard next = heard.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    return Optional.ofNullable(next);
  }

  /**
   * The event that this line completes. A node's events are one line of data each. What is of no
   * type that is known here, or is a comment, only shows that the node is there.
   */
  Optional<JsonNode> event(String line) throws JsonProcessingException {
    if (line.isEmpty()) {
      name = "";
    } else if (line.startsWith(NAME)) {
      name = line.substring(NAME.length()).strip();
    } else if (line.startsWith(DATA)
        && (AdminEvent.Type.of(name).isPresent() || name.equals(AdminEvent.DROPPED))) {
      return Optional.of(JSON.readTree(line.substring(DATA.length())));
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    reader.interrupt();
  }
}
