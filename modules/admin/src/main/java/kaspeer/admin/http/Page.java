package kaspeer.admin.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page: one file with its style and script inside. The browser is told to run these two, by
 * their hashes, and nothing else, and to talk to nobody but the endpoint.
 */
final class Page {
  private static final String RESOURCE = "/kaspeer/admin/page.html";

  private final byte[] html;
  private final String policy;

  private Page(byte[] html, String policy) {
    this.html = html;
    this.policy = policy;
  }

  static Page load() {
    try (InputStream in = Page.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      byte[] html = in.readAllBytes();
      String text = new String(html, StandardCharsets.UTF_8);
      String policy =
          "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors"
              + " 'none'; style-src '"
              + hash(between(text, "<style>", "</style>"))
              + "'; script-src '"
              + hash(between(text, "<script>", "</script>"))
              + "'";
      return new Page(html, policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Response response() {
    return new Response.Text(
        200, "text/html; charset=utf-8", html, "Content-Security-Policy", policy);
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
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
