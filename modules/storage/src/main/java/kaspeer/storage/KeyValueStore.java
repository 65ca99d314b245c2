package kaspeer.storage;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A small named area of keys and values, for what is not part of the DAG: known addresses, bans.
 * Safe from any thread. What was written survives the death of the process as soon as the call
 * returns. Every method throws {@link StoreException} if the store is closed or the disk refuses.
 */
public interface KeyValueStore {
  /** One change. */
  sealed interface Write {
    byte[] key();

    /** Sets or replaces. */
    record Put(byte[] key, byte[] value) implements Write {}

    /** Removes; no matter if absent. */
    record Delete(byte[] key) implements Write {}
  }

  /** The value of a key, or null. */
  byte @Nullable [] get(byte[] key);

  /**
   * Visits every entry whose key starts with these bytes, ascending by unsigned bytes of the key.
   */
  void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor);

  /** Makes all changes, in order, or none. */
  void write(List<Write> changes);

  default void put(byte[] key, byte[] value) {
    write(List.of(new Write.Put(key, value)));
  }

  default void delete(byte[] key) {
    write(List.of(new Write.Delete(key)));
  }
}
