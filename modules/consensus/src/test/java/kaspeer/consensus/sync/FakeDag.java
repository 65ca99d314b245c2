package kaspeer.consensus.sync;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import kaspeer.consensus.DagReader;
import kaspeer.consensus.DagState;
import kaspeer.consensus.DagView;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A DAG by the plain definitions: pasts as sets, every block blue. Blue score and blue work are the
 * size of the past, so both rise from parent to child.
 */
final class FakeDag implements DagView, DagReader {
  private final List<int[]> parents = new ArrayList<>();
  private final List<List<Integer>> children = new ArrayList<>();
  private final List<BitSet> pasts = new ArrayList<>();

  /** A block and its selected chain. */
  private final List<BitSet> chains = new ArrayList<>();

  private final List<Hash> hashes = new ArrayList<>();
  private final Map<Hash, Integer> ids = new HashMap<>();
  private final BitSet bodies = new BitSet();
  private final BitSet invalid = new BitSet();
  private List<Integer> chain = List.of();
  private int retentionRoot;
  private int looked;

  /** Most blocks that one read looked at. */
  int mostLooked;

  FakeDag() {
    add();
  }

  /** A random DAG of this many blocks besides genesis; some of the blocks have bodies. */
  static FakeDag random(long seed, int blocks) {
    SplittableRandom random = new SplittableRandom(seed);
    FakeDag dag = new FakeDag();
    for (int i = 1; i <= blocks; i++) {
      int window = 1 + random.nextInt(6);
      int lowest = Math.max(0, i - window);
      int[] chosen = random.ints(1 + random.nextInt(3), lowest, i).distinct().toArray();
      dag.add(dag.withoutPasts(chosen));
    }
    int withBody = random.nextInt(blocks + 1);
    for (int id = 0; id <= withBody; id++) {
      boolean parentsHave = IntStream.of(dag.parents(id)).allMatch(dag.bodies::get);
      if (parentsHave && random.nextInt(12) > 0) {
        dag.body(id);
      }
    }
    return dag;
  }

  /** Adds a header; its hash's order among others is mixed, so that ties fall either way. */
  int add(int... blockParents) {
    int id = parents.size();
    BitSet past = new BitSet();
    for (int parent : blockParents) {
      past.or(pasts.get(parent));
      past.set(parent);
    }
    parents.add(blockParents);
    pasts.add(past);
    children.add(new ArrayList<>());
    for (int parent : blockParents) {
      children.get(parent).add(id);
    }
    Hash hash = Hash.ofWords(id * 0x9E3779B97F4A7C15L, 0, 0, id);
    hashes.add(hash);
    int selected = plainSelectedParent(id);
    BitSet ownChain = selected == NONE ? new BitSet() : (BitSet) chains.get(selected).clone();
    ownChain.set(id);
    chains.add(ownChain);
    ids.put(hash, id);
    if (id == 0) {
      body(0);
    }
    return id;
  }

  /** Gives a block its body. */
  void body(int id) {
    bodies.set(id);
    List<Integer> down = new ArrayList<>();
    for (int block = sink(); block != NONE; block = selectedParent(block)) {
      down.add(block);
    }
    chain = down.reversed();
  }

  void invalidate(int id) {
    invalid.set(id);
  }

  void pruneTo(int id) {
    retentionRoot = id;
  }

  int size() {
    return parents.size();
  }

  List<Hash> hashesOf(BitSet set) {
    return set.stream().mapToObj(hashes::get).toList();
  }

  /** The past of a block, itself included. */
  BitSet pastAndSelf(int id) {
    BitSet past = (BitSet) pasts.get(id).clone();
    past.set(id);
    return past;
  }

  private int[] withoutPasts(int[] chosen) {
    return IntStream.of(chosen)
        .filter(p -> IntStream.of(chosen).noneMatch(q -> pasts.get(q).get(p)))
        .toArray();
  }

  @Override
  public <T> T read(Function<DagReader, T> query) {
    looked = 0;
    T result = query.apply(this);
    mostLooked = Math.max(mostLooked, looked);
    return result;
  }

  @Override
  public int id(Hash hash) {
    return ids.getOrDefault(hash, NONE);
  }

  @Override
  public Hash hash(int id) {
    return hashes.get(id);
  }

  @Override
  public BlockStatus status(int id) {
    return invalid.get(id)
        ? BlockStatus.INVALID
        : bodies.get(id) ? BlockStatus.BODY : BlockStatus.HEADER_ONLY;
  }

  @Override
  public long blueScore(int id) {
    return pasts.get(id).cardinality();
  }

  private BlueWork blueWork(int id) {
    return BlueWork.of(blueScore(id));
  }

  @Override
  public int selectedParent(int id) {
    looked++;
    return IntStream.of(parents.get(id)).boxed().max(this::compareWork).orElse(NONE);
  }

  @Override
  public int[] parents(int id) {
    looked++;
    return parents.get(id);
  }

  @Override
  public int[] children(int id) {
    looked++;
    return children.get(id).stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public int[] mergeset(int id) {
    looked++;
    BitSet merged = (BitSet) pasts.get(id).clone();
    int selected = selectedParent(id);
    if (selected != NONE) {
      merged.andNot(pastAndSelf(selected));
    }
    return merged.stream().boxed().sorted(this::compareWork).mapToInt(Integer::intValue).toArray();
  }

  /** Whoever serves a sync asks for no colours. */
  @Override
  public int[] reds(int id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isChainAncestor(int a, int b) {
    return chains.get(b).get(a);
  }

  private int plainSelectedParent(int id) {
    return IntStream.of(parents.get(id)).boxed().max(this::compareWork).orElse(NONE);
  }

  @Override
  public boolean isDagAncestor(int a, int b) {
    return a == b || pasts.get(b).get(a);
  }

  @Override
  public int compareWork(int a, int b) {
    return Comparator.comparing(this::blueWork).thenComparing(this::hash).compare(a, b);
  }

  @Override
  public int chainBlock(long position) {
    looked++;
    return chain.get((int) position);
  }

  @Override
  public long chainPosition(int id) {
    return chain.indexOf(id);
  }

  @Override
  public int sink() {
    return bodies.stream().boxed().max(this::compareWork).orElse(NONE);
  }

  @Override
  public int headersTip() {
    return IntStream.range(0, size()).boxed().max(this::compareWork).orElse(NONE);
  }

  @Override
  public int retentionRoot() {
    return retentionRoot;
  }

  @Override
  public long daaScore(int id) {
    return blueScore(id);
  }

  @Override
  public long timestamp(int id) {
    return blueScore(id) * 100;
  }

  @Override
  public BlockStatus status(Hash hash) {
    int id = id(hash);
    return id == NONE ? BlockStatus.UNKNOWN : status(id);
  }

  @Override
  public DagState state() {
    throw new UnsupportedOperationException("no query needs the state");
  }

  @Override
  public @Nullable Header header(Hash hash) {
    throw new UnsupportedOperationException("no query needs headers");
  }

  @Override
  public @Nullable List<Transaction> body(Hash hash) {
    throw new UnsupportedOperationException("no query needs bodies");
  }
}
