package kaspeer.mempool;

import kaspeer.primitives.Params;
import kaspeer.primitives.TransactionMass;

/**
 * Makes masses of the three kinds comparable: each in proportion to its limit, in grams of compute
 * mass (consensus reference 5.4, normalised mass).
 */
final class MassScale {
  private final double ofTransient;
  private final double ofStorage;

  MassScale(Params params) {
    double reference = params.maxComputeMass();
    ofTransient = reference / params.maxTransientMass();
    ofStorage = reference / params.maxStorageMass();
  }

  long ofTransient(long mass) {
    return (long) Math.ceil(mass * ofTransient);
  }

  /** The mass that counts, as far as it is known without what a transaction spends. */
  long withoutStorage(TransactionMass mass) {
    return Math.max(mass.compute(), ofTransient(mass.transientStorage()));
  }

  Price price(long fee, long compute, long transientStorage, long storage) {
    long mass =
        Math.max(
            Math.max(compute, ofTransient(transientStorage)),
            (long) Math.ceil(storage * ofStorage));
    return new Price(fee, compute, transientStorage, storage, mass);
  }
}
