package kaspeer.flows.sync;

import java.util.List;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.flows.common.Breach;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Header;

/**
 * The new headers of one fetch that have no more blue work than our sink. A peer is asked for
 * headers because it claims to have more than we do, and that is not checked beforehand: with
 * nothing to bound them, headers of a chain from genesis, where blocks cost next to nothing, would
 * come without end, and are kept for ever.
 */
final class BelowSink {
  /**
   * How many there may be: two finality depths, of 432,000 blocks on all networks (consensus
   * reference 1.6). A chain that can still become ours leaves ours within one, and has passed our
   * sink after about as many blocks, as they come at the same rate on both sides; twice as many
   * leave room for a chain of lower difficulty, and for reds. In a first sync, and where ours is
   * only behind, all headers are above our sink.
   */
  static final int MAX = 2 * 432_000;

  private int count;

  /**
   * Takes note of a batch that is in the DAG, so that the blue work that its headers state is
   * right.
   *
   * @param added how many of them were new
   * @throws Breach if there are too many now
   */
  void add(List<Header> headers, int added, BlueWork sink) throws Breach {
    int below = 0;
    for (Header header : headers) {
      if (header.blueWork().compareTo(sink) <= 0) {
        below++;
      }
    }
    count += Math.min(below, added);
    if (count > MAX) {
      throw new Breach(
          ViolationCode.BAD_SYNC_ANSWER,
          count + " new headers, and none with more work than our sink, though more was claimed");
    }
  }
}
