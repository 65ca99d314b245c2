package kaspeer.script;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.concurrent.atomic.LongAdder;
import kaspeer.primitives.Bytes;

/**
 * Remembers which signatures were checked, so that a transaction that was checked for the mempool
 * need not be again for each block that holds it. Thread safe, without locks.
 *
 * <p>Kept are not signature, key and message but their hash of 128 bits, keyed with a secret of
 * this process: nobody can look for two that have the same. Four slots of 16 bytes make a set, a
 * cache line; a signature may be in any slot of its set, and a full set forgets one at random. Two
 * threads that write one slot at a time may leave half of either there, which then is the hash of
 * nothing.
 */
public final class SignatureCache {
  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int WAYS = 4;
  private static final int WORDS_PER_SET = 2 * WAYS;
  private static final int BYTES_PER_SET = WORDS_PER_SET * Long.BYTES;
  private static final long MAX_SETS = 1 << 26;

  /** The bit of a tag's second word that says whether the signature is right. */
  private static final long VALID_BIT = 1;

  private final SipHash hash;
  private final long[] words;
  private final int setMask;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /** What is known about a signature. */
  enum Verdict {
    UNKNOWN,
    VALID,
    INVALID
  }

  /** What stands for a signature with its key and message. */
  record Tag(long first, long second) {}

  /**
   * An empty cache.
   *
   * @param maxBytes what it may take, which it takes at once, rounded down to 64 bytes times a
   *     power of two; below 64 nothing is remembered, above 4 GiB counts as 4 GiB
   */
  public SignatureCache(long maxBytes) {
    long sets = Long.highestOneBit(Math.min(MAX_SETS, Math.max(0, maxBytes) / BYTES_PER_SET));
    words = new long[(int) sets * WORDS_PER_SET];
    setMask = (int) sets - 1;
    SecureRandom random = new SecureRandom();
    hash = new SipHash(random.nextLong(), random.nextLong());
  }

  /** How often a signature was found here. */
  public long hits() {
    return hits.sum();
  }

  /** How often a signature had to be checked. */
  public long misses() {
    return misses.sum();
  }

  Tag tag(SignatureScheme scheme, byte[] signature, byte[] key, byte[] message) {
    byte[] data = new byte[1 + signature.length + message.length + key.length];
    // Signatures and messages have one length each, so that this cannot be read in two ways.
    data[0] = scheme.id();
    System.arraycopy(signature, 0, data, 1, signature.length);
    System.arraycopy(message, 0, data, 1 + signature.length, message.length);
    System.arraycopy(key, 0, data, 1 + signature.length + message.length, key.length);
    byte[] digest = hash.hash(data);
    return new Tag(Bytes.longLe(digest, 0), Bytes.longLe(digest, Long.BYTES) & ~VALID_BIT);
  }

  Verdict find(Tag tag) {
    if (words.length > 0) {
      int set = setOf(tag);
      for (int slot = set; slot < set + WORDS_PER_SET; slot += 2) {
        if (get(slot) == tag.first) {
          long second = get(slot + 1);
          if ((second & ~VALID_BIT) == tag.second) {
            hits.increment();
            return (second & VALID_BIT) != 0 ? Verdict.VALID : Verdict.INVALID;
          }
        }
      }
    }
    misses.increment();
    return Verdict.UNKNOWN;
  }

  void put(Tag tag, boolean valid) {
    if (words.length == 0) {
      return;
    }
    int set = setOf(tag);
    // At random: no part of a tag can be foreseen.
    int victim = set + 2 * (int) (tag.second >>> 1 & WAYS - 1);
    for (int slot = set; slot < set + WORDS_PER_SET; slot += 2) {
      long first = get(slot);
      if (first == 0 || first == tag.first) {
        victim = slot;
        break;
      }
    }
    SLOTS.setOpaque(words, victim, tag.first);
    SLOTS.setOpaque(words, victim + 1, tag.second | (valid ? VALID_BIT : 0));
  }

  private int setOf(Tag tag) {
    return ((int) (tag.first >>> 32) & setMask) * WORDS_PER_SET;
  }

  private long get(int index) {
    return (long) SLOTS.getOpaque(words, index);
  }
}
