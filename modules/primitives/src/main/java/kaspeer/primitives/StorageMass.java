package kaspeer.primitives;

import java.util.List;
import java.util.OptionalLong;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/**
 * What a transaction costs the UTXO set, in grams: the storage mass of KIP-9, which needs the
 * outputs it spends (consensus reference 5.4).
 *
 * <p>Outputs are charged by the harmonic mean of their values, so that many small ones are dear;
 * what is spent is credited by the arithmetic mean, or in the smallest transactions by the harmonic
 * one. All numbers are unsigned 64 bits, and divisions round down one by one.
 */
public final class StorageMass {
  /** Outpoint, amount, DAA score, coinbase flag, script version and script length. */
  private static final long FIXED_ENTRY_SIZE = Hash.SIZE + 4 + 8 + 8 + 1 + 2 + 8;

  private static final long UNIT_SIZE = 100;

  private StorageMass() {}

  /**
   * The storage mass, 0 for a coinbase.
   *
   * @param spent what the inputs spend, in their order
   * @return the mass, unsigned; empty if it cannot be computed, and so is too high: a term or the
   *     sum over the outputs leaves 64 bits, a value is 0, or there is no input
   * @throws IllegalArgumentException if there are not as many entries as inputs
   */
  public static OptionalLong of(Transaction transaction, List<UtxoEntry> spent, Params params) {
    if (transaction.isCoinbase()) {
      return OptionalLong.of(0);
    }
    if (spent.size() != transaction.inputs().size()) {
      throw new IllegalArgumentException(
          spent.size() + " entries for " + transaction.inputs().size() + " inputs");
    }
    if (spent.isEmpty()) {
      return OptionalLong.empty();
    }
    long c = params.storageMassParameter();
    Sum outs = new Sum(c);
    for (Output output : transaction.outputs()) {
      outs.add(plurality(output.scriptPublicKey(), output.covenant() != null), output.value());
    }
    Sum ins = new Sum(c);
    for (UtxoEntry entry : spent) {
      ins.add(plurality(entry.scriptPublicKey(), entry.covenantId() != null), entry.amount());
    }
    boolean relaxed =
        outs.plurality == 1
            || (spent.size() <= 2
                && (ins.plurality == 1 || (outs.plurality == 2 && ins.plurality == 2)));
    if (!outs.termsFit || outs.saturated || (relaxed && !ins.termsFit)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        minusSaturating(outs.harmonic, relaxed ? ins.harmonic : ins.arithmetic()));
  }

  /**
   * How many units of 100 bytes an output takes in the UTXO set: 1 for every standard script
   * without a covenant.
   */
  public static long plurality(ScriptPublicKey scriptPublicKey, boolean hasCovenant) {
    long size = FIXED_ENTRY_SIZE + scriptPublicKey.script().length + (hasCovenant ? Hash.SIZE : 0);
    return (size + UNIT_SIZE - 1) / UNIT_SIZE;
  }

  private static long minusSaturating(long a, long b) {
    return Long.compareUnsigned(a, b) > 0 ? a - b : 0;
  }

  /** Sums over the outputs, or over what is spent. */
  private static final class Sum {
    private final long c;

    long plurality;
    long amount;

    /** Of C p^2 / amount; all ones if it is saturated. */
    long harmonic;

    boolean saturated;

    /** Whether every C p^2 fits into 64 bits and is divided by something. */
    boolean termsFit = true;

    Sum(long c) {
      this.c = c;
    }

    void add(long p, long value) {
      plurality += p;
      amount += value;
      // p is below 2^31 / 100, so its square fits.
      if (value == 0 || Math.unsignedMultiplyHigh(c, p * p) != 0) {
        termsFit = false;
        return;
      }
      long sum = harmonic + Long.divideUnsigned(c * p * p, value);
      saturated |= Long.compareUnsigned(sum, harmonic) < 0;
      harmonic = saturated ? -1 : sum;
    }

    /** |I| C / A(I), with A(I) the mean amount of a unit, at least 1; all ones if too large. */
    long arithmetic() {
      long mean = Long.divideUnsigned(amount, plurality);
      long each = Long.divideUnsigned(c, mean == 0 ? 1 : mean);
      return Math.unsignedMultiplyHigh(plurality, each) == 0 ? plurality * each : -1;
    }
  }
}
