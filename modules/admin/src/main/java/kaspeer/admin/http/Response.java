package kaspeer.admin.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What is sent back. */
sealed interface Response {
  int status();

  /** A whole answer. */
  record Json(int status, JsonNode body, String contentType) implements Response {
    static Json ok(JsonNode body) {
      return new Json(200, body, "application/json");
    }

    static Json accepted(JsonNode body) {
      return new Json(202, body, "application/json");
    }

    static Json created(JsonNode body) {
      return new Json(201, body, "application/json");
    }
  }

  /**
   * Some other text.
   *
   * @param headers names and values, one after the other
   */
  record Text(int status, String contentType, byte[] body, String... headers) implements Response {}

  /** It was done, and there is nothing to say. */
  record Empty() implements Response {
    @Override
    public int status() {
      return 204;
    }
  }

  /**
   * An answer that goes on until the writer returns.
   *
   * @param close gives back what the answer holds; called in any case, be it that the writer never
   *     ran
   */
  record Stream(String contentType, Writer writer, Runnable close) implements Response {
    @Override
    public int status() {
      return 200;
    }
  }

  /** Writes a stream. */
  interface Writer {
    void write(StreamOut out) throws IOException, InterruptedException;
  }

  /** Where a stream goes. */
  interface StreamOut {
    /**
     * Sends some text at once. The reader must take it within a few seconds, or the connection is
     * cut.
     */
    void send(String text) throws IOException;
  }
}
