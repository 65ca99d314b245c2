package kaspeer.flows.common;

import java.util.LinkedHashSet;
import java.util.List;
import kaspeer.flow.policy.ViolationCode;
import kaspeer.primitives.Hash;
import kaspeer.wire.ConversionException;
import kaspeer.wire.Hashes;
import kaspeer.wire.WireLimits;

/** The blocks that a request names. */
public final class RequestedBlocks {
  private RequestedBlocks() {}

  /**
   * Each once, in the order asked.
   *
   * @throws Breach if there are more than {@link WireLimits#MAX_REQUESTED_BLOCKS}
   */
  public static List<Hash> of(List<kaspeer.wire.proto.Hash> hashes)
      throws Breach, ConversionException {
    if (hashes.size() > WireLimits.MAX_REQUESTED_BLOCKS) {
      throw new Breach(
          ViolationCode.REQUEST_LIST_TOO_LONG,
          hashes.size() + " blocks, at most " + WireLimits.MAX_REQUESTED_BLOCKS);
    }
    return List.copyOf(new LinkedHashSet<>(Hashes.fromWire(hashes)));
  }
}
