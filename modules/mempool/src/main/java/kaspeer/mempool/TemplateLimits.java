package kaspeer.mempool;

import kaspeer.primitives.Params;

/**
 * What a block may hold besides its coinbase (consensus reference 5.4). Masses are in grams.
 *
 * @param lanes distinct subnetwork ids
 * @param gasPerLane sum over a subnetwork id
 */
public record TemplateLimits(
    long compute, long transientStorage, long storage, int lanes, long gasPerLane) {
  /** The limits of the network. */
  public static TemplateLimits of(Params params) {
    return new TemplateLimits(
        params.maxComputeMass(),
        params.maxTransientMass(),
        params.maxStorageMass(),
        params.maxLanesPerBlock(),
        params.maxGasPerLane());
  }
}
