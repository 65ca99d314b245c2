package kaspeer.admin.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing that can be asked: how, what is needed, what comes back. The description of the
 * endpoint is made of these, and requests are held to them.
 *
 * @param summary one sentence
 * @param holes forms of the path's holes that are more than strings, by name
 * @param body what the request brings, or null if it brings nothing
 * @param answer what comes back when all is well
 * @param open whether it is answered to anybody, wherever the endpoint listens; never a change
 * @param note what the audit log holds of it
 */
record Route(
    Method method,
    PathTemplate path,
    String summary,
    Map<String, Schema> holes,
    List<Query> query,
    @Nullable BodyRule body,
    Answer answer,
    boolean open,
    Note note,
    Handler handler) {

  /** The query's parameter for how many of a list are wanted. */
  static final String LIMIT = "limit";

  /** The answer's header for how many there are, be they wanted or not, where there is a limit. */
  static final String TOTAL = "Kaspeer-Total";

  /** Whether it answers with a list that may be cut short. */
  boolean isLimited() {
    return query.stream().anyMatch(parameter -> parameter.name().equals(LIMIT));
  }

  /** What the audit log holds of requests that are no reads. */
  enum Note {
    /** A line of each. */
    ALWAYS,
    /** Of those that are done only in detail: there may be many a second. */
    IN_DETAIL,
    /**
     * Nothing at any usual level, as nothing is changed; but a line of attempts without a token.
     */
    NEVER
  }

  /** What is done. */
  enum Method {
    GET,
    POST,
    PUT,
    DELETE;

    /** Whether it changes something, and so needs the token and a line in the audit log. */
    boolean changes() {
      return this != GET;
    }
  }

  /** A parameter of the query, never required. */
  record Query(String name, Schema schema, String meaning) {}

  /** The form of a hole in the path. */
  Schema hole(String name) {
    return holes.getOrDefault(name, Schema.string(""));
  }

  /**
   * What a request may bring.
   *
   * @param schema of the JSON form
   */
  record BodyRule(Set<String> mediaTypes, int maxBytes, boolean optional, Schema schema) {
    static final String JSON = "application/json";
    static final String PROTOBUF = "application/x-protobuf";
  }

  /**
   * What comes back: its status and form.
   *
   * @param mediaType empty when there is no body
   * @param protobuf whether it comes in protobuf too, if that is what is accepted
   * @param other statuses with which it comes too, and what each means
   * @param headers of its own, and what each means
   */
  record Answer(
      int status,
      String mediaType,
      boolean protobuf,
      Schema schema,
      String meaning,
      Map<Integer, String> other,
      Map<String, String> headers) {
    Answer(int status, String mediaType, boolean protobuf, Schema schema, String meaning) {
      this(status, mediaType, protobuf, schema, meaning, Map.of(), Map.of());
    }

    /** A stream of server-sent events, each of one of these forms. */
    static Answer events(Collection<Schema> forms, String meaning) {
      return new Answer(
          200, "text/event-stream", false, new Schema.OneOf(List.copyOf(forms), ""), meaning);
    }

    /** In other words. */
    Answer meaning(String words) {
      return new Answer(status, mediaType, protobuf, schema, words, other, headers);
    }

    /**
     * The same form with another status too.
     *
     * @param means what that one says
     */
    Answer alsoWith(int another, String means) {
      return new Answer(
          status, mediaType, protobuf, schema, meaning, Map.of(another, means), headers);
    }

    /** With a header of its own. */
    Answer header(String name, String means) {
      return new Answer(status, mediaType, protobuf, schema, meaning, other, Map.of(name, means));
    }

    static Answer json(Schema schema) {
      return new Answer(200, "application/json", false, schema, "The answer.");
    }

    static Answer jsonOrProtobuf(Schema schema) {
      return new Answer(200, "application/json", true, schema, "The answer.");
    }

    static Answer created(Schema schema) {
      return new Answer(201, "application/json", false, schema, "It was done.");
    }

    static Answer done() {
      return new Answer(204, "", false, Schema.string(""), "It was done.");
    }

    static Answer text(String mediaType, String meaning) {
      return new Answer(200, mediaType, false, Schema.string(meaning), meaning);
    }
  }

  /** Answers a request. May wait: every request has a thread of its own. */
  interface Handler {
    Response handle(Request request) throws InterruptedException;
  }

  static Builder get(String path, String summary) {
    return new Builder(Method.GET, path, summary);
  }

  static Builder post(String path, String summary) {
    return new Builder(Method.POST, path, summary);
  }

  static Builder put(String path, String summary) {
    return new Builder(Method.PUT, path, summary);
  }

  static Builder delete(String path, String summary) {
    return new Builder(Method.DELETE, path, summary);
  }

  /** Puts a route together. */
  static final class Builder {
    /** Enough for any order; blocks and transactions have their own limits. */
    private static final int ORDER_BYTES = 64 * 1024;

    private final Method method;
    private final String path;
    private final String summary;
    private final Map<String, Schema> holes = new LinkedHashMap<>();
    private final List<Query> query = new ArrayList<>();
    private @Nullable BodyRule body;
    private Answer answer = Answer.done();
    private boolean open;
    private Note note = Note.ALWAYS;

    private Builder(Method method, String path, String summary) {
      this.method = method;
      this.path = path;
      this.summary = summary;
    }

    /** What may stand in a hole of the path. */
    Builder hole(String name, Schema schema) {
      holes.put(name, schema);
      return this;
    }

    Builder query(String name, Schema schema, String meaning) {
      query.add(new Query(name, schema, meaning));
      return this;
    }

    /**
     * Answers with a list of which only some may be wanted.
     *
     * @param which of them are given then
     */
    Builder limited(String which) {
      return query(LIMIT, Schema.integer(""), "Only so many: " + which + ". All if left out.");
    }

    /** Takes an order in JSON. */
    Builder order(Schema schema, boolean optional) {
      return body(new BodyRule(Set.of(BodyRule.JSON), ORDER_BYTES, optional, schema));
    }

    Builder body(BodyRule rule) {
      body = rule;
      return this;
    }

    Builder answers(Schema schema) {
      answer = Answer.json(schema);
      return this;
    }

    Builder answers(Answer other) {
      answer = other;
      return this;
    }

    /** Answers anybody: what it tells is no secret. */
    Builder open() {
      open = true;
      return this;
    }

    Builder noted(Note how) {
      note = how;
      return this;
    }

    Route by(Handler handler) {
      return new Route(
          method,
          PathTemplate.parse(path),
          summary,
          Map.copyOf(holes),
          List.copyOf(query),
          body,
          answer,
          open,
          note,
          handler);
    }
  }
}
