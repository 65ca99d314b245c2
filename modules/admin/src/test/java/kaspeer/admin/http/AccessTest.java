package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static Endpoint loopback;
  private static Endpoint open;

  @BeforeAll
  static void start() throws IOException {
    loopback = new Endpoint();
    open = new Endpoint("0.0.0.0", AdminServer.EXCHANGE_LIMIT);
  }

  @AfterAll
  static void stop() {
    loopback.close();
    open.close();
  }

  @Test
  void onLoopbackReadsNeedNothing() throws IOException, InterruptedException {
    assertThat(loopback.get("/api/v1/dag").statusCode()).isEqualTo(200);
  }

  @Test
  void everyChangeNeedsTheTokenEvenOnLoopback() throws IOException, InterruptedException {
    for (Route route : loopback.routes) {
      if (route.method().changes()) {
        String path = route.path().text().replaceAll("\\{[a-z]+}", "7");
        HttpRequest.Builder request =
            loopback
                .request(path)
                .method(route.method().name(), HttpRequest.BodyPublishers.ofString("{}"));
        HttpResponse<String> response = loopback.send(request);
        assertThat(response.statusCode()).as(route.method() + " " + path).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""))
            .startsWith("Bearer");
        assertThat(Endpoint.parse(response).get("type").asText())
            .isEqualTo("urn:kaspeer:problem:unauthorized");
      }
    }
    assertThat(loopback.engine.orders).isEmpty();
  }

  @Test
  void elsewhereEverythingNeedsTheToken() throws IOException, InterruptedException {
    for (String path :
        List.of(
            "/",
            "/api/v1/dag",
            "/metrics",
            "/health",
            "/health/nothing",
            "/nothing",
            "/api/v1/events")) {
      assertThat(open.get(path).statusCode()).as(path).isEqualTo(401);
    }
    assertThat(open.send(open.authorized("/api/v1/dag").GET()).statusCode()).isEqualTo(200);
    assertThat(open.send(open.authorized("/").GET()).statusCode()).isEqualTo(200);
  }

  @Test
  void probesOfOrchestratorsNeedNoTokenAnywhereAndTellWhetherAndNothingElse()
      throws IOException, InterruptedException {
    for (String probe : List.of("live", "ready", "started", "joined", "synced", "serving")) {
      HttpResponse<String> response = open.get("/health/" + probe);
      assertThat(response.statusCode()).as(probe).isIn(200, 503);
      assertThat(Endpoint.parse(response).properties())
          .allSatisfy(member -> assertThat(member.getValue().isBoolean()).isTrue());
      HttpRequest.Builder change =
          open.request("/health/" + probe).POST(HttpRequest.BodyPublishers.noBody());
      assertThat(open.send(change).statusCode()).as("change " + probe).isEqualTo(401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong",
        "Bearer 0123456789abcdef0123456789abcde",
        "Bearer 0123456789abcdef0123456789abcdef0",
        "Basic 0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef",
        "Bearer"
      })
  void anythingButTheTokenIsRefused(String authorization) throws IOException {
    String response =
        Wire.exchange(
            open.address(),
            "GET /api/v1/dag HTTP/1.1",
            "Host: localhost",
            "Authorization: " + authorization);
    assertThat(response).startsWith("HTTP/1.1 401 ");
  }

  @Test
  void aNameThatAnAttackerPointsAtLoopbackIsRefused() throws IOException {
    for (String host :
        List.of(
            "evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.1", "[::2]")) {
      assertThat(Wire.exchange(loopback.address(), "GET /api/v1/dag HTTP/1.1", "Host: " + host))
          .as(host)
          .startsWith("HTTP/1.1 403 ")
          .contains("urn:kaspeer:problem:cross-site");
    }
    for (String host :
        List.of("localhost", "LOCALHOST:17511", "127.0.0.1:17511", "127.9.9.9", "[::1]:1")) {
      assertThat(Wire.exchange(loopback.address(), "GET /api/v1/dag HTTP/1.1", "Host: " + host))
          .as(host)
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void whatABrowserSendsForAnotherSiteIsRefused() throws IOException {
    List<String> foreign =
        List.of(
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Site: same-site",
            "Origin: http://evil.example",
            "Origin: null",
            "Origin: http://localhost:1",
            "Origin: https://localhost");
    for (String header : foreign) {
      String token = "Authorization: Bearer " + Endpoint.TOKEN;
      assertThat(
              Wire.exchange(loopback.address(), "GET / HTTP/1.1", "Host: localhost", header, token))
          .as(header)
          .startsWith("HTTP/1.1 403 ");
    }
    List<String> own =
        List.of("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Origin: http://localhost");
    for (String header : own) {
      assertThat(Wire.exchange(loopback.address(), "GET / HTTP/1.1", "Host: localhost", header))
          .as(header)
          .startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void noOtherSiteIsEverInvited() throws IOException {
    String preflight =
        Wire.exchange(
            loopback.address(),
            "OPTIONS /api/v1/peers HTTP/1.1",
            "Host: localhost",
            "Origin: http://evil.example",
            "Access-Control-Request-Method: POST");
    assertThat(preflight)
        .startsWith("HTTP/1.1 403 ")
        .doesNotContainIgnoringCase("Access-Control-Allow");
  }

  @Test
  void headersThatCountMayStandOnlyOnce() throws IOException {
    assertThat(
            Wire.exchange(
                loopback.address(),
                "GET /api/v1/dag HTTP/1.1",
                "Host: localhost",
                "Host: evil.example"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(Wire.exchange(loopback.address(), "GET /api/v1/dag HTTP/1.1", "X-Any: thing"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void answersAreNeitherKeptNorGuessedAt() throws IOException, InterruptedException {
    var headers = loopback.get("/api/v1/dag").headers();
    assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(headers.firstValue("Cache-Control")).contains("no-store");
    assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
  }
}
