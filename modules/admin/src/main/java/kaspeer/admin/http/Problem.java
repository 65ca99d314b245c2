package kaspeer.admin.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serial;
import java.util.Locale;

/**
 * Why a request was not done, as {@code application/problem+json} (RFC 9457). Carries no stack: it
 * is an answer.
 */
final class Problem extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient ObjectNode more = JsonNodeFactory.instance.objectNode();
  private final Kind kind;

  /** What kind of problem; its {@link #uri} is stable. */
  enum Kind {
    BAD_REQUEST(400, "The request makes no sense"),
    UNAUTHORIZED(401, "A token is needed"),
    CROSS_SITE(403, "Requests from other sites are refused"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "This cannot be done here"),
    REFUSED(409, "The node will not do this"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is of a type that is not read here"),
    BLOCK_REFUSED(422, "The block was not added"),
    TRANSACTION_REFUSED(422, "The transaction was not added"),
    INTERNAL(500, "The node failed"),
    UNAVAILABLE(503, "Not now"),
    TIMED_OUT(504, "A part of the node did not answer in time");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    /** Its name on the outside. */
    String uri() {
      return "urn:kaspeer:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  Problem(Kind kind, String detail) {
    super(detail, null, false, false);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** Members beyond the usual ones, to be filled in. */
  ObjectNode more() {
    return more;
  }

  Response toResponse() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", kind.uri());
    body.put("title", kind.title);
    body.put("status", kind.status);
    body.put("detail", getMessage());
    body.setAll(more);
    return new Response.Json(kind.status, body, "application/problem+json");
  }
}
