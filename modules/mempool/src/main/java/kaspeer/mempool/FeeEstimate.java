package kaspeer.mempool;

import java.util.ArrayList;
import java.util.List;

/**
 * What fee rate gets a transaction into the DAG how soon, as far as the pool tells (consensus
 * reference 8). From bucket to bucket fee rates do not rise and times do not fall.
 *
 * @param priority for the next block or so
 * @param normal at least one; the first for less than a minute
 * @param low at least one; the first for less than an hour
 */
public record FeeEstimate(Bucket priority, List<Bucket> normal, List<Bucket> low) {
  public FeeEstimate {
    normal = List.copyOf(normal);
    low = List.copyOf(low);
  }

  /**
   * A point of the curve.
   *
   * @param feeRate in sompi for a gram of the mass that counts
   * @param seconds until such a transaction is in a block
   */
  public record Bucket(double feeRate, double seconds) {}

  /** All, the highest fee rate first. */
  public List<Bucket> buckets() {
    List<Bucket> all = new ArrayList<>();
    all.add(priority);
    all.addAll(normal);
    all.addAll(low);
    return all;
  }
}
