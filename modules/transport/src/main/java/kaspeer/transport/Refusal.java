package kaspeer.transport;

import java.util.Locale;

/** Why an inbound connection was closed as soon as it was accepted. In the order of the checks. */
public enum Refusal {
  /** The address is banned. */
  BANNED,
  /** We are shutting down. */
  DRAINING,
  /** The address has as many links as one may have. */
  ADDRESS_LIMIT,
  /** The address has as many handshakes under way as one may have. */
  ADDRESS_PENDING_LIMIT,
  /** The network prefix has as many links as one may have. */
  PREFIX_LIMIT,
  /** The network prefix has had as many connections lately as one may have. */
  PREFIX_RATE,
  /** All places for inbound peers are taken. */
  INBOUND_LIMIT,
  /** All places for handshakes are taken, by connections that are getting on with theirs. */
  PENDING_LIMIT;

  /** Short name for counters and metrics. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
