package kaspeer.crypto;

import java.util.Arrays;

/**
 * The inverse modulo the prime of {@link Field3072}, by division steps (Bernstein and Yang, "Fast
 * constant-time gcd computation and modular inversion", 2019); here not in constant time.
 *
 * <p>Starting from f, the prime, and g, the number, each step halves g, after a multiple of f has
 * made it even, and so leads to g = 0 and f = 1 or -1. Sixty steps depend on the lowest sixty bits
 * only; their effect, a matrix of four words, is then applied to f and g at once, and modulo the
 * prime to d and e, for which always f = d * number and g = e * number.
 *
 * <p>Numbers are 52 limbs of 60 bits, the least significant first; the highest carries the sign. A
 * limb times a matrix entry splits into 60 low bits and the rest without any carry.
 */
final class Inverse3072 {
  private static final int LIMB_BITS = 60;
  private static final int LIMBS = 52;
  private static final long MASK = (1L << LIMB_BITS) - 1;

  /** Where bit 3072 lies in the highest limb. */
  private static final int TOP_SHIFT = 3072 - (LIMBS - 1) * LIMB_BITS;

  /** The inverse of the prime modulo 2^60. */
  private static final long PRIME_INVERSE = inverseOfOdd(-Field3072.DIFFERENCE);

  private final long[] f = prime();
  private final long[] g;
  private final long[] d = new long[LIMBS];
  private final long[] e = new long[LIMBS];

  /** Limbs of f and g in use. */
  private int length = LIMBS;

  /** How far the steps favour g over f; the difference of their sizes in spirit. */
  private long delta = 1;

  // The matrix of the last steps, times 2^60: f becomes uf + vg, g becomes qf + rg.
  private long u;
  private long v;
  private long q;
  private long r;

  private Inverse3072(long[] number) {
    g = toLimbs(number);
    e[0] = 1;
  }

  /** The inverse, below the prime, of a number that is no multiple of it. */
  static long[] of(long[] number) {
    Inverse3072 state = new Inverse3072(number);
    while (!state.isDone()) {
      state.steps();
      state.applyModulo();
      state.apply();
    }
    return state.result();
  }

  private boolean isDone() {
    for (int i = 0; i < length; i++) {
      if (g[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Sixty steps on the lowest limbs. */
  private void steps() {
    long f0 = f[0];
    long g0 = g[0];
    long a = 1;
    long b = 0;
    long c = 0;
    long h = 1;
    long balance = delta;
    int left = LIMB_BITS;
    while (true) {
      // As long as g is even, a step only halves it.
      int zeros = Long.numberOfTrailingZeros(g0 | 1L << left);
      g0 >>= zeros;
      a <<= zeros;
      b <<= zeros;
      balance += zeros;
      left -= zeros;
      if (left == 0) {
        break;
      }
      if (balance > 0) {
        balance = -balance;
        long swapped = f0;
        f0 = g0;
        g0 = -swapped;
        swapped = a;
        a = c;
        c = -swapped;
        swapped = b;
        b = h;
        h = -swapped;
      }
      // The steps up to the next swap add a multiple of f that clears as many bits of g. Up to six
      // at once: f (f^2 - 2) is minus the inverse of f modulo 64.
      int bits = (int) Math.min(Math.min(1 - balance, left), 6);
      long multiple = g0 * f0 * (f0 * f0 - 2) & (1L << bits) - 1;
      g0 += f0 * multiple;
      c += a * multiple;
      h += b * multiple;
    }
    delta = balance;
    u = a;
    v = b;
    q = c;
    r = h;
  }

  /** Applies the matrix to f and g; the lowest limb becomes 0 and is dropped. */
  private void apply() {
    long carryF = high(u, f[0]) + high(v, g[0]) + (low(u, f[0]) + low(v, g[0]) >> LIMB_BITS);
    long carryG = high(q, f[0]) + high(r, g[0]) + (low(q, f[0]) + low(r, g[0]) >> LIMB_BITS);
    for (int i = 1; i < length; i++) {
      long limbF = f[i];
      long limbG = g[i];
      long sumF = carryF + low(u, limbF) + low(v, limbG);
      long sumG = carryG + low(q, limbF) + low(r, limbG);
      f[i - 1] = sumF & MASK;
      g[i - 1] = sumG & MASK;
      carryF = (sumF >> LIMB_BITS) + high(u, limbF) + high(v, limbG);
      carryG = (sumG >> LIMB_BITS) + high(q, limbF) + high(r, limbG);
    }
    f[length - 1] = carryF;
    g[length - 1] = carryG;
    shorten();
  }

  /** Gives up limbs of f and g that only hold the sign. */
  private void shorten() {
    while (length > 1 && isSign(f[length - 1]) && isSign(g[length - 1])) {
      length--;
      f[length - 1] |= f[length] << LIMB_BITS;
      g[length - 1] |= g[length] << LIMB_BITS;
    }
  }

  private static boolean isSign(long limb) {
    return limb == limb >> 63;
  }

  /**
   * Applies the matrix to d and e modulo the prime: with the multiple of it that makes the lowest
   * limb 0. They stay between minus twice the prime and the prime.
   */
  private void applyModulo() {
    long signD = d[LIMBS - 1] >> 63;
    long signE = e[LIMBS - 1] >> 63;
    long primesD = (u & signD) + (v & signE);
    long primesE = (q & signD) + (r & signE);
    long limbD = d[0];
    long limbE = e[0];
    primesD -= PRIME_INVERSE * (u * limbD + v * limbE) + primesD & MASK;
    primesE -= PRIME_INVERSE * (q * limbD + r * limbE) + primesE & MASK;

    // The prime as limbs is -DIFFERENCE at the bottom and a power of two at the top.
    long sumD = low(u, limbD) + low(v, limbE) + low(-Field3072.DIFFERENCE, primesD);
    long sumE = low(q, limbD) + low(r, limbE) + low(-Field3072.DIFFERENCE, primesE);
    long carryD = (sumD >> LIMB_BITS) + high(u, limbD) + high(v, limbE) + highOfDifference(primesD);
    long carryE = (sumE >> LIMB_BITS) + high(q, limbD) + high(r, limbE) + highOfDifference(primesE);
    for (int i = 1; i < LIMBS; i++) {
      limbD = d[i];
      limbE = e[i];
      sumD = carryD + low(u, limbD) + low(v, limbE);
      sumE = carryE + low(q, limbD) + low(r, limbE);
      if (i == LIMBS - 1) {
        sumD += primesD << TOP_SHIFT & MASK;
        sumE += primesE << TOP_SHIFT & MASK;
      }
      d[i - 1] = sumD & MASK;
      e[i - 1] = sumE & MASK;
      carryD = (sumD >> LIMB_BITS) + high(u, limbD) + high(v, limbE);
      carryE = (sumE >> LIMB_BITS) + high(q, limbD) + high(r, limbE);
    }
    d[LIMBS - 1] = carryD + (primesD >> LIMB_BITS - TOP_SHIFT);
    e[LIMBS - 1] = carryE + (primesE >> LIMB_BITS - TOP_SHIFT);
  }

  /** The lowest limb of a product. */
  private static long low(long factor, long limb) {
    return factor * limb & MASK;
  }

  /** The product without its lowest limb; factors below 2^61. */
  private static long high(long factor, long limb) {
    return Math.multiplyHigh(factor << 2, limb << 2);
  }

  /** The same of -DIFFERENCE and a factor below 2^63. */
  private static long highOfDifference(long factor) {
    return Math.multiplyHigh(-Field3072.DIFFERENCE << 4, factor);
  }

  /** d or -d by the sign of f, brought between 0 and the prime. */
  private long[] result() {
    boolean negate = f[length - 1] < 0;
    addPrimeIfNegative();
    if (negate) {
      for (int i = 0; i < LIMBS; i++) {
        d[i] = -d[i];
      }
      propagate();
    }
    addPrimeIfNegative();
    long[] number = new long[Field3072.WORDS];
    for (int i = 0; i < number.length; i++) {
      int limb = 64 * i / LIMB_BITS;
      int shift = 64 * i % LIMB_BITS;
      // The shift is a multiple of 4, so two limbs are always enough.
      number[i] = d[limb] >>> shift | d[limb + 1] << LIMB_BITS - shift;
    }
    return number;
  }

  private void addPrimeIfNegative() {
    if (d[LIMBS - 1] < 0) {
      d[0] -= Field3072.DIFFERENCE;
      d[LIMBS - 1] += 1L << TOP_SHIFT;
      propagate();
    }
  }

  private void propagate() {
    for (int i = 1; i < LIMBS; i++) {
      d[i] += d[i - 1] >> LIMB_BITS;
      d[i - 1] &= MASK;
    }
  }

  private static long[] prime() {
    long[] limbs = new long[LIMBS];
    Arrays.fill(limbs, MASK);
    limbs[0] = MASK - Field3072.DIFFERENCE + 1;
    limbs[LIMBS - 1] = (1L << TOP_SHIFT) - 1;
    return limbs;
  }

  private static long[] toLimbs(long[] number) {
    long[] limbs = new long[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      int bit = LIMB_BITS * i;
      long limb = number[bit / 64] >>> bit % 64;
      if (bit % 64 > 64 - LIMB_BITS && bit / 64 + 1 < number.length) {
        limb |= number[bit / 64 + 1] << 64 - bit % 64;
      }
      limbs[i] = limb & MASK;
    }
    return limbs;
  }

  /** The inverse of an odd number modulo 2^64; each round doubles the bits that are right. */
  private static long inverseOfOdd(long number) {
    long inverse = number;
    for (int bits = 3; bits < 64; bits *= 2) {
      inverse *= 2 - number * inverse;
    }
    return inverse;
  }
}
