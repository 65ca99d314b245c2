package kaspeer.engine.addresses;

import java.time.Instant;
import kaspeer.wire.NetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address in the book.
 *
 * @param heardAt when we were first told
 * @param lastSuccess when a handshake with it last succeeded, or null
 * @param failures in a row since then
 */
record KnownAddress(
    NetAddress address,
    AddressSource source,
    Instant heardAt,
    @Nullable Instant lastSuccess,
    int failures) {

  static KnownAddress heardOf(NetAddress address, AddressSource source, Instant now) {
    return new KnownAddress(address, source, now, null, 0);
  }

  boolean isTried() {
    return lastSuccess != null;
  }

  /** Whether its last success lies before this moment. */
  boolean isOlderThan(Instant moment) {
    return lastSuccess == null || lastSuccess.isBefore(moment);
  }

  KnownAddress succeeded(Instant now) {
    return new KnownAddress(address, source, heardAt, now, 0);
  }

  KnownAddress failed() {
    return new KnownAddress(address, source, heardAt, lastSuccess, failures + 1);
  }

  AddressReport toReport() {
    return new AddressReport(address, source.toString(), lastSuccess, failures);
  }
}
