package kaspeer.consensus.sync;

import java.util.List;
import kaspeer.primitives.Hash;

/**
 * A part of a long answer.
 *
 * @param hashes in consensus order: along the selected chain, each chain block after its mergeset
 * @param reached the chain block up to which this page went; the next one starts after it
 * @param last whether nothing follows
 */
public record HashPage(List<Hash> hashes, Hash reached, boolean last) {
  public HashPage {
    hashes = List.copyOf(hashes);
  }
}
