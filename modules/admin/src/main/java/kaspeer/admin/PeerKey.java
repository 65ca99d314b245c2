package kaspeer.admin;

import java.util.Optional;
import java.util.UUID;
import kaspeer.flow.PeerInfo;

/**
 * How an operator names a connected peer: by the number of the connection, or by what the peer
 * calls itself.
 */
public sealed interface PeerKey {
  record ByNumber(long number) implements PeerKey {}

  record ById(UUID id) implements PeerKey {}

  /** The key written so, if it is one. */
  static Optional<PeerKey> parse(String text) {
    if (text.matches("[0-9]{1,18}")) {
      return Optional.of(new ByNumber(Long.parseLong(text)));
    }
    if (text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      return Optional.of(new ById(UUID.fromString(text)));
    }
    return Optional.empty();
  }

  /** As an operator writes it. */
  default String text() {
    return switch (this) {
      case ByNumber(long number) -> Long.toString(number);
      case ById(UUID id) -> id.toString();
    };
  }

  /** Whether this names that peer. */
  default boolean matches(PeerInfo peer) {
    return switch (this) {
      case ByNumber(long number) -> peer.number() == number;
      case ById(UUID id) -> peer.id().equals(id);
    };
  }

  /**
   * A peer's id as it is shown: what it calls itself, or before it told, the number of its
   * connection.
   */
  static String show(PeerInfo peer) {
    return peer.id().equals(PeerInfo.NO_ID) ? Long.toString(peer.number()) : peer.id().toString();
  }
}
