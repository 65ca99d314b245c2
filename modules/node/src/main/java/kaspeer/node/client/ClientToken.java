package kaspeer.node.client;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import kaspeer.admin.HostPort;
import kaspeer.admin.http.AdminToken;

/**
 * A node's token in its data directory, and who may hear it. Whoever hears it can do to the node
 * what its operator can.
 */
public record ClientToken(Path file, Audience audience) {
  /** Who may hear it. */
  public enum Audience {
    /** Its own node: with every request. */
    OWNER,
    /** Some node on this machine, maybe not the one: only with what is not done without. */
    LOCAL,
    /** A node on another machine, which has a token of its own. */
    STRANGER
  }

  /** The token of the node that is asked. */
  public static ClientToken ofOwner(Path file) {
    return new ClientToken(file, Audience.OWNER);
  }

  /**
   * A token that lies where tokens lie, though the node that is asked was named by its address
   * alone.
   */
  public static ClientToken found(Path file, HostPort asked) {
    return new ClientToken(file, isHere(asked.host()) ? Audience.LOCAL : Audience.STRANGER);
  }

  /** A name may lead anywhere. */
  private static boolean isHere(String host) {
    try {
      return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /**
   * The token to send, if there is one for this request.
   *
   * @param isRead whether it changes nothing, so that on loopback no token is needed
   */
  Optional<String> forRequest(boolean isRead) throws ClientException {
    boolean may =
        switch (audience) {
          case OWNER -> true;
          case LOCAL -> !isRead;
          case STRANGER -> false;
        };
    if (!may || !Files.isReadable(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(AdminToken.read(file));
    } catch (IOException e) {
      throw new ClientException("cannot read the token: " + e.getMessage(), e);
    }
  }

  /** Why the node got none, after a request that needs one; empty if it got this one. */
  Optional<String> whyNot(boolean isRead) {
    // In a directory that may not be entered nothing is found, nor is anything known to be missing.
    return whyNot(isRead, Files.isReadable(file), Files.notExists(file));
  }

  Optional<String> whyNot(boolean isRead, boolean isReadable, boolean isMissing) {
    if (audience == Audience.STRANGER || audience == Audience.LOCAL && isRead) {
      return Optional.of(
          "this needs the node's token, and the one in "
              + file
              + " is told only to its own node: give --data-dir of the node, where its token is");
    }
    if (isMissing) {
      return Optional.of(
          "this needs the node's token, and none is in "
              + file
              + ": give --data-dir of the node, where its token is");
    }
    return isReadable
        ? Optional.empty()
        : Optional.of(
            "this needs the node's token, and "
                + file
                + " may not be read by this user: run this as the node's user");
  }
}
