package kaspeer.consensus.dag;

import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Params;

/** All headers of the DAG. Changed by one thread, while nobody else reads. */
public final class Dag {
  private final Params params;
  private final Blocks blocks = new Blocks();
  private final HashIndex index = new HashIndex(blocks);
  private final Reachability reachability;
  private final IntLists children = new IntLists();
  private final LevelStore levelStore = new LevelStore();
  private final WindowCache windowCache;
  private int headersTip;

  /**
   * A DAG with genesis only.
   *
   * @param windowCacheBytes what the windows of recent blocks may occupy
   */
  public Dag(Params params, long windowCacheBytes) {
    this(params, windowCacheBytes, params.genesis().hash(), new Reachability());
  }

  /** With another genesis hash, for DAGs in which hashes are names. */
  Dag(Params params, long windowCacheBytes, Hash genesisHash, Reachability reachability) {
    this.params = params;
    this.reachability = reachability;
    this.windowCache =
        new WindowCache(windowCacheBytes, params.difficultyWindow(), params.pastMedianTimeWindow());
    addGenesis(genesisHash, params.genesis().header());
  }

  private void addGenesis(Hash hash, Header genesis) {
    int id = blocks.add(hash, BlueWork.ZERO, params.maxBlockLevel());
    blocks.timestamp[id] = genesis.timestamp();
    blocks.pastMedianTime[id] = genesis.timestamp();
    blocks.daaScore[id] = genesis.daaScore();
    blocks.bits[id] = genesis.bits();
    blocks.selectedParent[id] = Blocks.NONE;
    blocks.pruningPoint[id] = Blocks.NONE;
    NextBlock none = new NextBlock();
    blocks.setParents(id, none.parents, 0);
    blocks.setMergeset(id, none);
    ensureLists();
    reachability.addGenesis();
    index.add(id);
  }

  /** What {@link #append} answers. */
  public record Appended(int id, byte[] dagData) {}

  /**
   * Adds a header that passed every rule.
   *
   * @param calculator what has computed all steps for it
   * @param level its block level
   * @return its id, and what {@link Loader} needs to add it again
   */
  public Appended append(Calculator calculator, Header header, int level) {
    int pruningPoint = index.find(header.pruningPoint());
    int nodes = levelStore.count();
    int id = append(calculator, header.hash(), header.timestamp(), level, pruningPoint);
    return new Appended(id, DagData.encode(this, id, nodes));
  }

  /** Adds a block of any hash, timestamp and level, with all else as computed. */
  int append(Calculator calculator, Hash hash, long timestamp, int level, int pruningPoint) {
    NextBlock next = calculator.next();
    int firstLevel = calculator.storeLevels();
    int id = blocks.add(hash, next.blueWork, level);
    blocks.blueScore[id] = next.blueScore;
    blocks.daaScore[id] = next.daaScore;
    blocks.bits[id] = next.bits;
    blocks.timestamp[id] = timestamp;
    blocks.pastMedianTime[id] = next.pastMedianTime;
    blocks.pruningPoint[id] = pruningPoint;
    setFromNext(id, next, firstLevel);
    reachability.add(id, next.selectedParent, next.merged, next.mergedCount);
    windowCache.put(id, next.difficultyWindow, next.medianTimeWindow);
    if (blocks.compareWork(id, headersTip) > 0) {
      headersTip = id;
      reachability.follow(id);
    }
    return id;
  }

  private void setFromNext(int id, NextBlock next, int firstLevel) {
    blocks.selectedParent[id] = next.selectedParent;
    blocks.mergeRoot[id] = next.mergeRoot;
    blocks.finalityPoint[id] = next.finalityPoint;
    blocks.pruningSample[id] = next.pruningSample;
    blocks.setParents(id, next.parents, next.parentCount);
    blocks.setMergeset(id, next);
    ensureLists();
    levelStore.setHead(id, firstLevel);
    index.add(id);
    for (int i = 0; i < next.parentCount; i++) {
      children.add(next.parents[i], id);
    }
  }

  private void ensureLists() {
    children.ensure(blocks.capacity());
    levelStore.ensure(blocks.capacity());
  }

  /** A loader that fills this DAG, in which there is only genesis, with stored headers. */
  public Loader loader() {
    return new Loader();
  }

  /** Adds stored headers without checking or computing anything again. */
  public final class Loader {
    private final NextBlock next = new NextBlock();

    private Loader() {}

    /**
     * Adds the header of the next id.
     *
     * @throws IllegalArgumentException if the data cannot be what {@link Dag#append} answered for
     *     it
     */
    public void add(Header header, byte[] dagData) {
      DagData.Decoded decoded = DagData.decode(dagData, blocks.count(), levelStore, next);
      int id = blocks.add(header.hash(), header.blueWork(), decoded.level());
      blocks.blueScore[id] = header.blueScore();
      blocks.daaScore[id] = header.daaScore();
      blocks.bits[id] = header.bits();
      blocks.timestamp[id] = header.timestamp();
      blocks.pastMedianTime[id] = header.timestamp() - decoded.sinceMedianTime();
      blocks.pruningPoint[id] = next.pruningPoint;
      setFromNext(id, next, decoded.firstLevel());
      reachability.link(id, next.selectedParent);
      if (blocks.compareWork(id, headersTip) > 0) {
        headersTip = id;
      }
    }

    /** To be called after the last header: makes reachability. */
    public void finish() {
      reachability.rebuild(headersTip);
      for (int id = 1; id < blocks.count(); id++) {
        int[] record = blocks.record(id);
        int at = blocks.recordOffset(id);
        reachability.cover(id, record, at + Blocks.RECORD_LISTS, record[at + Blocks.RECORD_MERGED]);
      }
    }
  }

  /** Sets what is known of a block's body. */
  public void setStatus(int id, BlockStatus status) {
    blocks.setStatus(id, status);
  }

  public Params params() {
    return params;
  }

  public Blocks blocks() {
    return blocks;
  }

  public Reachability reachability() {
    return reachability;
  }

  /** The id of a block, or {@link Blocks#NONE}. */
  public int find(Hash hash) {
    return index.find(hash);
  }

  /** The header with the highest (blue work, hash). */
  public int headersTip() {
    return headersTip;
  }

  /** Blocks that have this one as a direct parent, ascending. */
  public int[] children(int id) {
    return children.toArray(id);
  }

  /** A calculator of its own scratch memory. */
  public Calculator calculator() {
    return new Calculator(this);
  }

  /** Bytes of memory held, without the windows. */
  public long bytes() {
    return blocks.bytes() + reachability.bytes() + children.bytes() + levelStore.bytes();
  }

  LevelStore levelStore() {
    return levelStore;
  }

  WindowCache windowCache() {
    return windowCache;
  }
}
