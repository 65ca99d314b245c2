package kaspeer.mempool;

import kaspeer.mempool.VirtualState.Check;
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

  Price price(Check.Passed check) {
    long mass =
        Math.max(
            Math.max(check.computeMass(), ofTransient(check.transientMass())),
            (long) Math.ceil(check.storageMass() * ofStorage));
    return new Price(
        check.fee(), check.computeMass(), check.transientMass(), check.storageMass(), mass);
  }
}
