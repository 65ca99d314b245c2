package kaspeer.engine.net;

import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the operating system says of sockets, in the words of an operator. */
public final class NetFault {
  /** As messages of the JDK and of Netty hold them, however they are wrapped. */
  private static final Map<String, String> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put("Address already in use", "the port is taken");
    WORDS.put("Cannot assign requested address", "that is no address of this machine");
    WORDS.put("Permission denied", "no permission for this port");
    WORDS.put("Connection refused", "connection refused");
    WORDS.put("Connection reset", "connection reset");
    WORDS.put("No route to host", "no route to the host");
    WORDS.put("Network is unreachable", "the network is unreachable");
    WORDS.put("timed out", "no answer in time");
  }

  private NetFault() {}

  /** The words for what a message holds, if there are any. */
  public static Optional<String> words(String message) {
    return WORDS.entrySet().stream()
        .filter(entry -> message.contains(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** Why it failed at the root, in one line. */
  public static String text(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof UnknownHostException) {
      return "no host is called " + root.getMessage();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : words(message).orElse(message);
  }
}
