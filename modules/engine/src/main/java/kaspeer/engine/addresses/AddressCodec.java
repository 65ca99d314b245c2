package kaspeer.engine.addresses;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import kaspeer.engine.net.StoredAddress;
import kaspeer.wire.NetAddress;
import org.jspecify.annotations.Nullable;

/** A known address as key and bytes. The key is {@code addr/} and a {@link StoredAddress}. */
final class AddressCodec {
  static final String KEYS = "addr/";

  private static final int FORMAT = 1;
  private static final long NEVER = Long.MIN_VALUE;

  private AddressCodec() {}

  static String key(NetAddress address) {
    return KEYS + StoredAddress.write(address);
  }

  static byte[] encode(KnownAddress known) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      Instant success = known.lastSuccess();
      out.writeByte(FORMAT);
      out.writeLong(known.heardAt().toEpochMilli());
      out.writeLong(success == null ? NEVER : success.toEpochMilli());
      out.writeInt(known.failures());
      out.writeUTF(known.source().toString());
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return bytes.toByteArray();
  }

  /** Empty if key or value are none of a format known here. */
  static Optional<KnownAddress> decode(String key, byte[] value) {
    Optional<NetAddress> address = address(key);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(value))) {
      if (in.readByte() != FORMAT) {
        return Optional.empty();
      }
      Instant heardAt = Instant.ofEpochMilli(in.readLong());
      long success = in.readLong();
      @Nullable Instant lastSuccess = success == NEVER ? null : Instant.ofEpochMilli(success);
      int failures = in.readInt();
      return AddressSource.parse(in.readUTF())
          .map(source -> new KnownAddress(address.get(), source, heardAt, lastSuccess, failures));
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  private static Optional<NetAddress> address(String key) {
    return key.startsWith(KEYS)
        ? StoredAddress.read(key.substring(KEYS.length()))
        : Optional.empty();
  }
}
