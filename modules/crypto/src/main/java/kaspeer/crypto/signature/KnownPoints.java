package kaspeer.crypto.signature;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The points of public keys that were met lately. To find a key's point takes a square root, an
 * eighth of what checking a signature takes, and keys come again: each input that a wallet spends
 * has its key. Thread safe, of fixed size; of keys that share a slot the last one stays.
 */
final class KnownPoints {
  private record Known(byte[] key, byte[] point) {}

  private final AtomicReferenceArray<@Nullable Known> slots;

  /**
   * @param slots a power of two; each takes some 200 bytes
   */
  KnownPoints(int slots) {
    this.slots = new AtomicReferenceArray<>(slots);
  }

  /** The point of a key, not to be changed; null if it is not known. */
  byte @Nullable [] find(byte[] key) {
    Known known = slots.getAcquire(slot(key));
    return known != null && Arrays.equals(known.key, key) ? known.point : null;
  }

  void add(byte[] key, byte[] point) {
    slots.setRelease(slot(key), new Known(key.clone(), point));
  }

  private int slot(byte[] key) {
    int hash = Arrays.hashCode(key);
    return (hash ^ hash >>> 16) & slots.length() - 1;
  }
}
