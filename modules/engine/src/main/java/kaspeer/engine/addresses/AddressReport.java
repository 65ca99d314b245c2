package kaspeer.engine.addresses;

import java.time.Instant;
import kaspeer.wire.NetAddress;
import org.jspecify.annotations.Nullable;

/** A known address. @param source who told us: an IP address, {@code dns} or {@code dialled} */
public record AddressReport(
    NetAddress address, String source, @Nullable Instant lastSuccess, int failures) {}
