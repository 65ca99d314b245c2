package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kaspeer.admin.events.AdminEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PageTest {
  private static Endpoint endpoint;
  private static HttpResponse<String> page;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    endpoint = new Endpoint();
    page = endpoint.get("/");
  }

  @AfterAll
  static void stop() {
    endpoint.close();
  }

  @Test
  void theBrowserMayRunItsOwnScriptAndStyleOnly() throws NoSuchAlgorithmException {
    String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
    assertThat(policy)
        .contains("default-src 'none'")
        .contains("connect-src 'self'")
        .contains("frame-ancestors 'none'");
    assertThat(policy).contains("script-src 'sha256-" + hash("script") + "'");
    assertThat(policy).contains("style-src 'sha256-" + hash("style") + "'");
  }

  @Test
  void itFetchesNothingFromElsewhere() {
    String outside = page.body().replace("http://www.w3.org/2000/svg", "");
    assertThat(outside).doesNotContain("http:").doesNotContain("https:").doesNotContain("@import");
  }

  @Test
  void textFromPeersNeverBecomesMarkup() {
    assertThat(page.body())
        .doesNotContain("innerHTML")
        .doesNotContain("insertAdjacentHTML")
        .doesNotContain("eval(");
  }

  @Test
  void everythingItAsksForIsServed() throws IOException, InterruptedException {
    Matcher asked =
        Pattern.compile("'(node|dag|peers|peers/departed|mempool|bans|addresses|cluster)'")
            .matcher(page.body());
    Set<String> found = new TreeSet<>();
    while (asked.find()) {
      assertThat(endpoint.get("/api/v1/" + asked.group(1)).statusCode()).isEqualTo(200);
      found.add(asked.group(1));
    }
    assertThat(found)
        .containsExactly(
            "addresses", "bans", "cluster", "dag", "mempool", "node", "peers", "peers/departed");
  }

  /** An unknown parameter is refused. */
  @Test
  void nothingLongIsAskedForWithoutALimit() throws IOException, InterruptedException {
    Matcher asked = Pattern.compile("'([a-z/]+)': \\{ query: '([^']*)'").matcher(page.body());
    Set<String> limited = new TreeSet<>();
    while (asked.find()) {
      String path = "/api/v1/" + asked.group(1) + asked.group(2);
      assertThat(endpoint.get(path).statusCode()).as(path).isEqualTo(200);
      if (asked.group(2).contains("limit=")) {
        limited.add(asked.group(1));
      }
    }
    assertThat(limited).containsExactly("addresses", "bans", "peers", "peers/departed");
    assertThat(page.body()).as("answers kept as attributes").doesNotContain("dataset");
  }

  @Test
  void everyQuestionHasAnEnd() {
    assertThat(page.body().split("fetch\\(", -1)).as("one place that asks").hasSize(2);
    assertThat(page.body()).contains("signal: AbortSignal.timeout(limit)");
  }

  /** Every column is called something, and says that it is a column. */
  @Test
  void headsOfTablesAreSaidAloud() {
    Matcher head = Pattern.compile("<th( [^>]*)?>([^<]*)</th>").matcher(page.body());
    int heads = 0;
    while (head.find()) {
      heads++;
      assertThat(head.group(1)).isNotNull().contains("scope=\"col\"");
      assertThat(head.group(2)).isNotBlank();
    }
    assertThat(heads).isEqualTo(9);
    assertThat(page.body()).contains("id=\"state\" class=\"badge\" role=\"status\"");
    assertThat(page.body().split("<ol [^>]*tabindex=\"0\" aria-label=", -1)).hasSize(4);
  }

  @Test
  void itHandlesEveryTypeOfEvent() {
    assertThat(AdminEvent.TYPES).allMatch(type -> page.body().contains("  " + type + ": e =>"));
  }

  private static String hash(String element) throws NoSuchAlgorithmException {
    Matcher inline =
        Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL)
            .matcher(page.body());
    assertThat(inline.find()).isTrue();
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(inline.group(1).getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }
}
