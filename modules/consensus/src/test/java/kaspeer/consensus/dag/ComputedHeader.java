package kaspeer.consensus.dag;

import kaspeer.consensus.HeaderTemplate;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;

/** A header of what a calculator has computed, in a DAG without bodies. */
public final class ComputedHeader {
  private ComputedHeader() {}

  public static Header of(Calculator calculator, long timestamp, long nonce, Hash pruningPoint) {
    NextBlock next = calculator.next();
    return new Header(
        HeaderTemplate.VERSION,
        calculator.parentsByLevel(),
        Hash.ZERO,
        Hash.ZERO,
        Hash.ZERO,
        timestamp,
        next.bits(),
        nonce,
        next.daaScore(),
        next.blueWork(),
        next.blueScore(),
        pruningPoint);
  }
}
