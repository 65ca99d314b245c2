package kaspeer.admin.http;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kaspeer.admin.http.Problem.Kind;

/**
 * Who may ask what. Reads on loopback need nothing; every change, and everything elsewhere, needs
 * the token, but for the probes of orchestrators, which tell nothing but whether. Browsers act for
 * whatever page they show, so what they send for another site is refused even on loopback: by their
 * own word (Sec-Fetch-Site, Origin), and by the name they looked up, which must be this machine's
 * (a name that an attacker rebinds to 127.0.0.1 is not).
 */
final class Guard {
  private static final String SCHEME = "Bearer ";

  private final AdminToken token;
  private final InetSocketAddress bound;

  /**
   * @param bound where the endpoint was told to listen
   */
  Guard(AdminToken token, InetSocketAddress bound) {
    this.token = token;
    this.bound = bound;
  }

  /**
   * @throws Problem if a browser sent this for another site
   */
  void checkSite(Headers headers) {
    String host = single(headers, "Host").orElse("");
    if (host.isEmpty()) {
      throw new Problem(Kind.BAD_REQUEST, "no Host");
    }
    if (isLoopback() && !isHere(hostName(host))) {
      throw new Problem(
          Kind.CROSS_SITE,
          "Host '" + Text.shorten(host) + "' is not this machine's loopback address");
    }
    String site = single(headers, "Sec-Fetch-Site").orElse("none").toLowerCase(Locale.ROOT);
    if (!site.equals("none") && !site.equals("same-origin")) {
      throw new Problem(Kind.CROSS_SITE, "a browser sent this for another site");
    }
    Optional<String> origin = single(headers, "Origin");
    if (origin.isPresent() && !origin.get().equalsIgnoreCase("http://" + host)) {
      throw new Problem(
          Kind.CROSS_SITE, "Origin '" + Text.shorten(origin.get()) + "' is another site");
    }
  }

  /**
   * @throws Problem if the token is needed and was not given
   */
  void authorize(boolean changes, Headers headers) {
    if (!changes && isLoopback()) {
      return;
    }
    Optional<String> authorization = single(headers, "Authorization");
    if (authorization.isEmpty()) {
      throw new Problem(
          Kind.UNAUTHORIZED,
          "send the node's token: Authorization: Bearer <content of admin-token>");
    }
    String given = authorization.get();
    boolean bearer = given.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    if (!bearer || !token.matches(given.substring(SCHEME.length()).strip())) {
      throw new Problem(
          Kind.UNAUTHORIZED,
          "this is not the node's token, which is in admin-token in its data directory");
    }
  }

  private boolean isLoopback() {
    return bound.getAddress().isLoopbackAddress();
  }

  private boolean isHere(String host) {
    if (host.equalsIgnoreCase("localhost") || host.equalsIgnoreCase(bound.getHostString())) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  /** Without the port and the brackets of IPv6. */
  private static String hostName(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end < 0 ? host : host.substring(1, end);
    }
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
  }

  private static Optional<String> single(Headers headers, String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new Problem(Kind.BAD_REQUEST, name + " is there " + values.size() + " times");
    }
    return values.stream().findFirst();
  }
}
