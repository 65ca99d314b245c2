package kaspeer.cluster.core;

import java.util.ArrayList;
import java.util.List;
import kaspeer.cluster.wire.ClusterSerializer;
import kaspeer.flow.dag.AcceptedBlock;
import kaspeer.flow.dag.DagEvent;
import kaspeer.primitives.Hash;

/** News that may be larger than a message, in several that each are not, in order. */
final class NewsParts {
  /** Bytes of what is in one of them; leaves room for the rest of the message. */
  private static final int MAX_BYTES = ClusterSerializer.MAX_BYTES - 4096;

  /** Bytes of a hash in a message, at most. */
  private static final int HASH = 36;

  /** Bytes of what a list has besides its hashes, at most. */
  private static final int LIST = 12;

  private NewsParts() {}

  static List<List<Hash>> of(List<Hash> ids) {
    int most = MAX_BYTES / HASH;
    List<List<Hash>> parts = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += most) {
      parts.add(ids.subList(from, Math.min(ids.size(), from + most)));
    }
    return parts;
  }

  /**
   * Several changes that come to the same. A block that accepted more than a message holds comes
   * without, as in a change that is too large everywhere ({@link AcceptedBlock#merged}).
   */
  static List<DagEvent.ChainChanged> of(DagEvent.ChainChanged whole) {
    List<DagEvent.ChainChanged> parts = new ArrayList<>();
    List<Hash> removed = new ArrayList<>();
    List<AcceptedBlock> added = new ArrayList<>();
    int bytes = 0;
    for (Hash hash : whole.removed()) {
      if (bytes + HASH > MAX_BYTES) {
        parts.add(new DagEvent.ChainChanged(removed, List.of()));
        removed.clear();
        bytes = 0;
      }
      removed.add(hash);
      bytes += HASH;
    }
    for (AcceptedBlock block : whole.added()) {
      boolean fits = bytes(block) <= MAX_BYTES;
      AcceptedBlock next = fits ? block : new AcceptedBlock(block.hash(), List.of());
      if (bytes + bytes(next) > MAX_BYTES) {
        parts.add(new DagEvent.ChainChanged(removed, added));
        removed.clear();
        added.clear();
        bytes = 0;
      }
      added.add(next);
      bytes += (int) bytes(next);
    }
    parts.add(new DagEvent.ChainChanged(removed, added));
    return parts;
  }

  private static long bytes(AcceptedBlock block) {
    long bytes = HASH + LIST;
    for (AcceptedBlock.Merged merged : block.merged()) {
      bytes += HASH + LIST + (long) HASH * merged.transactions().size();
    }
    return bytes;
  }
}
