package kaspeer.admin;

import kaspeer.primitives.Printable;

/**
 * A host and a port as people write them: {@code 127.0.0.1:16111}, {@code [::1]:16111}, {@code
 * seed.example}.
 *
 * @param host a name or an address, without brackets
 * @param port 0 to 65,535
 */
public record HostPort(String host, int port) {
  private static final int MAX_PORT = 0xFFFF;
  private static final int MAX_HOST = 253;
  private static final int MAX_QUOTED = 80;

  /**
   * Reads {@code host:port}; an IPv6 address with a port stands in brackets.
   *
   * @param defaultPort when none is given; negative if one must be
   * @throws IllegalArgumentException if it is anything else; the message says what
   */
  public static HostPort parse(String text, int defaultPort) {
    String host = text.strip();
    String port = "";
    int colon = host.lastIndexOf(':');
    boolean bare = host.indexOf(':') != colon && !host.startsWith("[");
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      if (end < 0 || end + 1 < host.length() && host.charAt(end + 1) != ':') {
        throw wrong(text);
      }
      port = end + 1 < host.length() ? host.substring(end + 2) : "";
      if (end + 1 < host.length() && port.isEmpty()) {
        throw wrong(text);
      }
      host = host.substring(1, end);
    } else if (colon >= 0 && !bare) {
      port = host.substring(colon + 1);
      host = host.substring(0, colon);
      if (port.isEmpty()) {
        throw wrong(text);
      }
    }
    if (host.isEmpty() || host.length() > MAX_HOST || !host.matches("[0-9A-Za-z._:%-]+")) {
      throw wrong(text);
    }
    return new HostPort(host, port(text, port, defaultPort));
  }

  private static int port(String text, String digits, int defaultPort) {
    if (digits.isEmpty()) {
      if (defaultPort < 0) {
        throw new IllegalArgumentException("'" + shorten(text) + "' has no port: HOST:PORT");
      }
      return defaultPort;
    }
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > MAX_PORT) {
      throw new IllegalArgumentException(
          "'" + shorten(text) + "' has a port that is not 0 to 65535");
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException("'" + shorten(text) + "' is not HOST:PORT");
  }

  private static String shorten(String text) {
    return Printable.line(text, MAX_QUOTED);
  }

  /** {@code host:port}, with brackets where they are needed. */
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
