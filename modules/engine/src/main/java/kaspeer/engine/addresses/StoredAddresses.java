package kaspeer.engine.addresses;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import kaspeer.engine.Persistence;

/** Reads the address book of an earlier run. */
public final class StoredAddresses {
  private static final String SECRET = "addr-secret";

  /** An address as it was stored. */
  public static final class Stored {
    private final KnownAddress known;

    private Stored(KnownAddress known) {
      this.known = known;
    }

    KnownAddress known() {
      return known;
    }
  }

  private StoredAddresses() {}

  /** The stored addresses; entries that cannot be read are left out and removed. Blocks. */
  public static List<Stored> load(Persistence persistence) {
    List<Stored> all = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    persistence.scan(
        AddressCodec.KEYS,
        (key, value) ->
            AddressCodec.decode(key, value)
                .ifPresentOrElse(known -> all.add(new Stored(known)), () -> unreadable.add(key)));
    unreadable.forEach(persistence::delete);
    return all;
  }

  /** The secret by which addresses get their places, made at the first start. Blocks. */
  public static long secret(Persistence persistence, RandomGenerator random) {
    byte[] stored = persistence.get(SECRET).orElse(new byte[0]);
    if (stored.length == Long.BYTES) {
      return ByteBuffer.wrap(stored).getLong();
    }
    long secret = random.nextLong();
    persistence.put(SECRET, ByteBuffer.allocate(Long.BYTES).putLong(secret).array());
    return secret;
  }
}
