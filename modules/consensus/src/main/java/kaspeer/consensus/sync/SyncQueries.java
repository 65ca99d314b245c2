package kaspeer.consensus.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import kaspeer.consensus.DagReader;
import kaspeer.consensus.DagView;
import kaspeer.consensus.sync.SyncFailure.LowAboveHigh;
import kaspeer.consensus.sync.SyncFailure.NotChainAncestor;
import kaspeer.consensus.sync.SyncFailure.TooManyBlocks;
import kaspeer.consensus.sync.SyncFailure.UnknownBlock;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import org.jspecify.annotations.Nullable;

/** The queries. Safe from any thread; each may read for some milliseconds in all. */
public final class SyncQueries {
  private final DagView view;

  public SyncQueries(DagView view) {
    this.view = view;
  }

  /**
   * Blocks of the sink's selected chain from high down to low, at distances 1, 2, 4 and so on, low
   * always last (protocol reference 5.13). Empty if either block is known and not on that chain:
   * the chain has changed, and the asker starts again.
   *
   * @param low null for the retention root
   * @param high null for the sink
   * @return at most 64 hashes; refused as unknown, or with low above high
   */
  public SyncAnswer<List<Hash>> chainLocator(@Nullable Hash low, @Nullable Hash high) {
    return view.read(
        dag -> {
          int lowId = low == null ? dag.retentionRoot() : known(dag, low);
          if (low != null && lowId == DagReader.NONE) {
            return SyncAnswer.refused(new UnknownBlock(low));
          }
          int highId = high == null ? dag.sink() : known(dag, high);
          if (high != null && highId == DagReader.NONE) {
            return SyncAnswer.refused(new UnknownBlock(high));
          }
          return chainLocator(dag, lowId, highId);
        });
  }

  /**
   * Blocks of high's own selected chain from high down to the retention root, at distances in blue
   * score of 1, 2, 4 and so on (protocol reference 5.12).
   *
   * @param limit most steps, and so most hashes; 0 for no limit
   * @return refused as unknown, or if the retention root is not on high's chain
   */
  public SyncAnswer<List<Hash>> blockLocator(Hash high, int limit) {
    SyncAnswer<Descent> start =
        view.read(
            dag -> {
              int highId = known(dag, high);
              if (highId == DagReader.NONE) {
                return SyncAnswer.refused(new UnknownBlock(high));
              }
              int low = dag.retentionRoot();
              return dag.isChainAncestor(low, highId)
                  ? SyncAnswer.found(new Descent(dag, low, highId, limit))
                  : SyncAnswer.refused(new NotChainAncestor(dag.hash(low), high));
            });
    return switch (start) {
      case SyncAnswer.Refused<Descent>(SyncFailure why) -> SyncAnswer.refused(why);
      case SyncAnswer.Found<Descent>(Descent descent) -> {
        inSlices(descent::slice);
        yield SyncAnswer.found(List.copyOf(descent.found()));
      }
    };
  }

  /**
   * The next blocks after low on the way to high: past of high (included) without past of low
   * (included), in whole mergesets (protocol reference 5.10). The page ends with the highest chain
   * block reached.
   *
   * @param maxBlocks most hashes in a page, unless the first chain block alone brings more
   * @return refused as unknown, or if low is not on high's selected chain; empty if both are the
   *     same
   */
  public SyncAnswer<HashPage> headersBetween(Hash low, Hash high, int maxBlocks) {
    return page(dag -> between(dag, low, high), maxBlocks, false);
  }

  /**
   * Past of context (included) without past of block (included), ascending by (blue work, hash)
   * (protocol reference 5.11).
   *
   * @param maxTraversal most blocks of the answer
   * @return refused as unknown, or with too many blocks
   */
  public SyncAnswer<List<Hash>> antipast(Hash block, Hash context, int maxTraversal) {
    SyncAnswer<Antipast> start =
        view.read(
            dag -> {
              int blockId = known(dag, block);
              int contextId = known(dag, context);
              if (blockId == DagReader.NONE || contextId == DagReader.NONE) {
                return SyncAnswer.refused(
                    new UnknownBlock(blockId == DagReader.NONE ? block : context));
              }
              return SyncAnswer.found(new Antipast(blockId, contextId, maxTraversal));
            });
    return switch (start) {
      case SyncAnswer.Refused<Antipast>(SyncFailure why) -> SyncAnswer.refused(why);
      case SyncAnswer.Found<Antipast>(Antipast search) -> {
        inSlices(search::slice);
        yield search.exceeded()
            ? SyncAnswer.refused(new TooManyBlocks(maxTraversal))
            : SyncAnswer.found(view.read(search::sorted));
      }
    };
  }

  /**
   * The first blocks that lack a body on the way to a target: header-only blocks in the past of
   * target (included) that are not in the past of the highest block of its selected chain that has
   * a body (protocol reference 6.10), in consensus order, so parents before children.
   *
   * @param maxBlocks most hashes in a page, unless the first chain block alone brings more
   * @return refused as unknown, or if the retention root is not on target's chain; empty and last
   *     if nothing is missing
   */
  public SyncAnswer<HashPage> missingBodies(Hash target, int maxBlocks) {
    return page(dag -> belowMissing(dag, target), maxBlocks, true);
  }

  /**
   * The page after another of {@link #missingBodies(Hash, int)}, whether or not bodies of that one
   * have come since.
   *
   * @param after where the page before ended
   * @return refused as unknown, or if {@code after} is not on target's selected chain
   */
  public SyncAnswer<HashPage> missingBodies(Hash target, Hash after, int maxBlocks) {
    return page(dag -> between(dag, after, target), maxBlocks, true);
  }

  /** Reads again and again until {@code slice} says that it is done, letting commits in between. */
  private void inSlices(Function<DagReader, Boolean> slice) {
    boolean done;
    do {
      done = view.read(slice);
    } while (!done);
  }

  /** Where a walk begins. */
  private interface Start {
    SyncAnswer<ChainWalk> in(DagReader dag);
  }

  private SyncAnswer<HashPage> page(Start start, int maxBlocks, boolean onlyMissingBodies) {
    return switch (view.<SyncAnswer<ChainWalk>>read(start::in)) {
      case SyncAnswer.Refused<ChainWalk>(SyncFailure why) -> SyncAnswer.refused(why);
      case SyncAnswer.Found<ChainWalk>(ChainWalk walk) -> {
        walk.collect(maxBlocks, onlyMissingBodies);
        inSlices(walk::slice);
        yield SyncAnswer.found(view.read(walk::page));
      }
    };
  }

  private static SyncAnswer<ChainWalk> between(DagReader dag, Hash low, Hash high) {
    int lowId = known(dag, low);
    int highId = known(dag, high);
    if (lowId == DagReader.NONE || highId == DagReader.NONE) {
      return SyncAnswer.refused(new UnknownBlock(lowId == DagReader.NONE ? low : high));
    }
    return dag.isChainAncestor(lowId, highId)
        ? SyncAnswer.found(new ChainWalk(lowId, highId, false))
        : SyncAnswer.refused(new NotChainAncestor(low, high));
  }

  private static SyncAnswer<ChainWalk> belowMissing(DagReader dag, Hash target) {
    int targetId = known(dag, target);
    if (targetId == DagReader.NONE) {
      return SyncAnswer.refused(new UnknownBlock(target));
    }
    int root = dag.retentionRoot();
    if (!dag.isChainAncestor(root, targetId)) {
      return SyncAnswer.refused(new NotChainAncestor(dag.hash(root), target));
    }
    if (dag.status(targetId).hasBody()) {
      return SyncAnswer.found(new ChainWalk(targetId, targetId, true));
    }
    // A block with a body has its whole chain's bodies, so where the sink's chain forks off, a body
    // is.
    return SyncAnswer.found(new ChainWalk(fork(dag, targetId), targetId, true));
  }

  /**
   * The highest block of the sink's selected chain that is on another block's selected chain too.
   */
  private static int fork(DagReader dag, int other) {
    long shared = 0;
    long above = dag.chainPosition(dag.sink()) + 1;
    while (shared + 1 < above) {
      long middle = (shared + above) >>> 1;
      if (dag.isChainAncestor(dag.chainBlock(middle), other)) {
        shared = middle;
      } else {
        above = middle;
      }
    }
    return dag.chainBlock(shared);
  }

  private static SyncAnswer<List<Hash>> chainLocator(DagReader dag, int low, int high) {
    if (low == high) {
      return SyncAnswer.found(List.of(dag.hash(low)));
    }
    long bottom = dag.chainPosition(low);
    long position = dag.chainPosition(high);
    if (bottom < 0 || position < 0) {
      return SyncAnswer.found(List.of());
    }
    if (bottom > position) {
      return SyncAnswer.refused(new LowAboveHigh(dag.hash(low), dag.hash(high)));
    }
    List<Hash> locator = new ArrayList<>();
    for (long step = 1; position > bottom; step *= 2) {
      locator.add(dag.hash(dag.chainBlock(position)));
      position -= step;
    }
    locator.add(dag.hash(low));
    return SyncAnswer.found(List.copyOf(locator));
  }

  /** The id of a block that is known and not invalid. */
  private static int known(DagReader dag, Hash hash) {
    int id = dag.id(hash);
    return id != DagReader.NONE && dag.status(id) == BlockStatus.INVALID ? DagReader.NONE : id;
  }
}
