package kaspeer.crypto;

import java.util.List;
import java.util.Objects;
import kaspeer.primitives.Hash;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;
import org.jspecify.annotations.Nullable;

/**
 * A hash of a multiset, to which elements are added and from which they are removed one by one, in
 * any order (consensus reference 1.8). Headers commit to the UTXO set by it.
 *
 * <p>Each element is a number of a large prime field; those added are multiplied into a numerator,
 * those removed into a denominator. Adding or removing costs one multiplication; {@link #hash()}
 * divides, which costs about as much as forty, unless {@link #normalizeAll} has done so for many at
 * once.
 *
 * <p>Mutable; one thread at a time. An instance holds up to 896 bytes of numbers.
 */
public final class MuHash {
  /** Bytes of {@link #encode()}. */
  public static final int ENCODED_SIZE = Field3072.SIZE;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private static final class Scratch {
    final Blake2b hasher = Blake2bDomain.MUHASH_ELEMENT.hasher();
    final ChaCha20 chaCha = new ChaCha20();
    final long[] words = new long[Field3072.WORDS];
    final int[] element = Field3072.zero();
    final Field3072.Scratch field = new Field3072.Scratch();
  }

  /** Null is 1. */
  private int @Nullable [] numerator;

  /** Null is 1. */
  private int @Nullable [] denominator;

  /** The hash of the empty multiset. */
  public MuHash() {}

  private MuHash(int @Nullable [] numerator, int @Nullable [] denominator) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** Adds an element. */
  public void add(byte[] element) {
    Scratch scratch = SCRATCH.get();
    numerator = times(numerator, number(element, scratch), scratch);
  }

  /** Removes an element. It need not be there: adding it later makes up for it. */
  public void remove(byte[] element) {
    Scratch scratch = SCRATCH.get();
    denominator = times(denominator, number(element, scratch), scratch);
  }

  /** Adds all that was added to the other, and removes all that was removed from it. */
  public void combine(MuHash other) {
    Scratch scratch = SCRATCH.get();
    if (other.numerator != null) {
      numerator = times(numerator, other.numerator, scratch);
    }
    if (other.denominator != null) {
      denominator = times(denominator, other.denominator, scratch);
    }
  }

  /** Another one with the same content. */
  public MuHash copy() {
    return new MuHash(
        numerator == null ? null : numerator.clone(),
        denominator == null ? null : denominator.clone());
  }

  /** The hash of the multiset. */
  public Hash hash() {
    return Blake2bDomain.MUHASH_FINALIZE.hash(encode());
  }

  /** The state in {@value #ENCODED_SIZE} bytes; equal multisets have equal bytes. */
  public byte[] encode() {
    normalize();
    return Field3072.toBytes(numerator == null ? Field3072.one() : numerator);
  }

  /**
   * The multiset hash of {@link #encode()}.
   *
   * @throws IllegalArgumentException if {@code encode()} does not give such bytes
   */
  public static MuHash decode(byte[] encoded) {
    return new MuHash(Field3072.fromBytes(encoded), null);
  }

  /**
   * Carries out the divisions of many with a single inversion, and three multiplications each.
   * {@link #hash()} and {@link #encode()} of each are cheap afterwards, until it changes.
   */
  public static void normalizeAll(List<MuHash> all) {
    List<MuHash> open = all.stream().filter(each -> each.denominator != null).distinct().toList();
    if (open.isEmpty()) {
      return;
    }
    // products[i] is that of the first i + 1 denominators; inverse goes down with it.
    Field3072.Scratch scratch = SCRATCH.get().field;
    int[][] products = new int[open.size()][];
    for (int i = 0; i < products.length; i++) {
      int[] own = Objects.requireNonNull(open.get(i).denominator);
      products[i] = multiplied(i == 0 ? null : products[i - 1], own, scratch);
    }
    int[] inverse = inverse(products[products.length - 1]);
    for (int i = products.length - 1; i >= 0; i--) {
      MuHash muHash = open.get(i);
      int[] own = Objects.requireNonNull(muHash.denominator);
      int[] ownInverse = multiplied(i == 0 ? null : products[i - 1], inverse, scratch);
      muHash.numerator = multiplied(muHash.numerator, ownInverse, scratch);
      muHash.denominator = null;
      inverse = multiplied(inverse, own, scratch);
    }
  }

  private void normalize() {
    if (denominator != null) {
      numerator = times(numerator, inverse(denominator), SCRATCH.get());
      denominator = null;
    }
  }

  private static int[] inverse(int[] number) {
    int[] inverse = Field3072.zero();
    Field3072.set(inverse, Inverse3072.of(Field3072.toWords(number)));
    return inverse;
  }

  private static int[] number(byte[] element, Scratch scratch) {
    scratch.hasher.reset();
    scratch.hasher.putBytes(element);
    scratch.chaCha.keystream(scratch.hasher.finish(), scratch.words);
    Field3072.set(scratch.element, scratch.words);
    return scratch.element;
  }

  /** The product, in the array of the first factor if it has one. */
  private static int[] times(int @Nullable [] factor, int[] other, Scratch scratch) {
    if (factor == null) {
      return other.clone();
    }
    Field3072.multiply(factor, factor, other, scratch.field);
    return factor;
  }

  /** The product in a new array. */
  private static int[] multiplied(int @Nullable [] factor, int[] other, Field3072.Scratch scratch) {
    if (factor == null) {
      return other.clone();
    }
    int[] product = Field3072.zero();
    Field3072.multiply(product, factor, other, scratch);
    return product;
  }
}
