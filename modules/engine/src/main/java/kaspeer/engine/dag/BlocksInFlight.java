package kaspeer.engine.dag;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.flow.dag.Dag.BlockReply;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that were given to the consensus and are not decided yet. A block that several peers bring
 * at once is decided once; the later ones wait, with their own copy, for the hash does not commit
 * to all of it.
 */
final class BlocksInFlight {
  /** Others that may wait for the verdict on one block. */
  static final int MAX_JOINED = 16;

  /**
   * A block on its way in.
   *
   * @param origin number of the peer's connection, or 0
   * @param bytes on the wire
   * @param replyTo null for an orphan, of which nobody waits to hear
   * @param cause the block whose coming freed this one, or null
   */
  record Item(
      Block block,
      long origin,
      int bytes,
      @Nullable ActorRef<BlockReply> replyTo,
      @Nullable Family cause) {
    Hash hash() {
      return block.hash();
    }
  }

  /**
   * A block and the orphans that come in because of it; whoever brought it is told when all are
   * decided.
   */
  static final class Family {
    private final @Nullable Item head;
    private final boolean announced;
    private final List<Hash> unorphaned = new ArrayList<>();
    private int open;

    private Family(@Nullable Item head, boolean announced) {
      this.head = head;
      this.announced = announced;
    }

    /** Of a block that was relayed or submitted. */
    static Family of(Item head) {
      return new Family(head, true);
    }

    /** Of a block that a sync brought. */
    static Family ofSync() {
      return new Family(null, false);
    }

    /** Whether peers hear of its orphans. */
    boolean isAnnounced() {
      return announced;
    }

    void opened() {
      open++;
    }

    void added(Hash orphan) {
      unorphaned.add(orphan);
    }

    /** One of its orphans was decided. */
    void closed() {
      open--;
      tellIfDone();
    }

    void tellIfDone() {
      if (open == 0 && head != null && head.replyTo != null) {
        head.replyTo.tell(new BlockReply.Accepted(head.hash(), List.copyOf(unorphaned)));
      }
    }
  }

  private static final class Entry {
    final Item first;
    final long since;
    final Deque<Item> joined = new ArrayDeque<>(0);

    Entry(Item first, long since) {
      this.first = first;
      this.since = since;
    }
  }

  /** What waited for a verdict. @param sinceNanos when the first was handed in */
  record Decided(Item first, List<Item> joined, long sinceNanos) {}

  private final long maxBytes;
  private final Map<Hash, Entry> entries = new HashMap<>();
  private long bytes;

  BlocksInFlight(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean contains(Hash hash) {
    return entries.containsKey(hash);
  }

  /** What became of an item that came in. */
  enum Entered {
    /** It is the first of its hash: to be handed to the consensus. */
    FIRST,
    /** It waits for the verdict on another one. */
    JOINED,
    /** There is no room for it. */
    REFUSED
  }

  Entered enter(Item item, long nowNanos) {
    if (!entries.isEmpty() && bytes + item.bytes > maxBytes) {
      return Entered.REFUSED;
    }
    Entry entry = entries.get(item.hash());
    if (entry == null) {
      entries.put(item.hash(), new Entry(item, nowNanos));
    } else if (entry.joined.size() < MAX_JOINED) {
      entry.joined.add(item);
    } else {
      return Entered.REFUSED;
    }
    bytes += item.bytes;
    return entry == null ? Entered.FIRST : Entered.JOINED;
  }

  /** The item that was handed to the consensus. */
  Item first(Hash hash) {
    return waiting(hash, entries.get(hash)).first;
  }

  private static Entry waiting(Hash hash, @Nullable Entry entry) {
    if (entry == null) {
      throw new IllegalStateException("nothing waits for a verdict on " + hash);
    }
    return entry;
  }

  /** A verdict is out: takes what waited for it. */
  Decided leave(Hash hash) {
    Entry entry = waiting(hash, entries.remove(hash));
    bytes -= entry.first.bytes;
    entry.joined.forEach(item -> bytes -= item.bytes);
    return new Decided(entry.first, List.copyOf(entry.joined), entry.since);
  }

  int size() {
    return entries.size();
  }

  long bytes() {
    return bytes;
  }
}
