package kaspeer.admin.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The page: sent as one file with its style and script inside, which are files of their own here.
 * The browser is told to run these two, by their hashes, and nothing else, and to talk to nobody
 * but the endpoint.
 */
final class Page {
  private static final String STYLE = "page.css";

  /** One script, in this order. */
  private static final List<String> SCRIPTS = List.of("base.js", "dag.js", "peers.js", "page.js");

  private final byte[] html;
  private final String policy;

  private Page(byte[] html, String policy) {
    this.html = html;
    this.policy = policy;
  }

  static Page load() {
    String style = read(STYLE);
    String script = SCRIPTS.stream().map(Page::read).collect(Collectors.joining("\n"));
    String html =
        read("page.html")
            .replace("<style></style>", "<style>" + style + "</style>")
            .replace("<script></script>", "<script>" + script + "</script>");
    String policy =
        "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors"
            + " 'none'; style-src '"
            + hash(style)
            + "'; script-src '"
            + hash(script)
            + "'";
    return new Page(html.getBytes(StandardCharsets.UTF_8), policy);
  }

  private static String read(String name) {
    try (InputStream in = Page.class.getResourceAsStream("/kaspeer/admin/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Response response() {
    return new Response.Text(
        200, "text/html; charset=utf-8", html, "Content-Security-Policy", policy);
  }

  private static String hash(String inline) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
