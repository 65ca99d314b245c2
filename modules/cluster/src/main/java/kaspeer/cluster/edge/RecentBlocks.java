package kaspeer.cluster.edge;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were in an edge's hands lately and that a core has in its DAG: peers that ask for
 * them need not wait for a core. Bounded in bytes on the wire; the oldest go first. State of the
 * proxy.
 */
final class RecentBlocks {
  private record Kept(Block block, int bytes) {}

  private final long maxBytes;
  private final Map<Hash, Kept> blocks = new LinkedHashMap<>();
  private long bytes;

  RecentBlocks(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Nullable Block get(Hash hash) {
    Kept kept = blocks.get(hash);
    return kept == null ? null : kept.block;
  }

  /**
   * Keeps a block for a while.
   *
   * @param size on the wire
   */
  void put(Block block, int size) {
    Kept before = blocks.put(block.hash(), new Kept(block, size));
    bytes += size - (before == null ? 0 : before.bytes);
    for (Iterator<Kept> oldest = blocks.values().iterator(); bytes > maxBytes; ) {
      bytes -= oldest.next().bytes;
      oldest.remove();
    }
  }

  /** Bytes of what is kept. */
  long bytes() {
    return bytes;
  }
}
