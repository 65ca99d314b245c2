package kaspeer.consensus.dag;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Params;

/**
 * A DAG in which hashes are names, and everything but the timestamp of a block follows from its
 * parents.
 */
final class NamedDag {
  final Dag dag;
  final Calculator calculator;
  private final Map<String, Integer> ids = new HashMap<>();

  NamedDag(Params params, String genesis) {
    this(params, genesis, 1 << 20);
  }

  NamedDag(Params params, String genesis, long windowCacheBytes) {
    dag = new Dag(params, windowCacheBytes, hash(genesis), new Reachability());
    calculator = dag.calculator();
    ids.put(genesis, 0);
  }

  /** The bytes of a name, zeros behind. */
  static Hash hash(String name) {
    return Hash.of(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), Hash.SIZE));
  }

  int id(String name) {
    return ids.getOrDefault(name, Blocks.NONE);
  }

  String name(int id) {
    return new String(dag.blocks().hash(id).toBytes(), StandardCharsets.US_ASCII).replace("\0", "");
  }

  List<String> names(int[] list) {
    return Arrays.stream(list).mapToObj(this::name).toList();
  }

  /** What would follow from these parents. */
  NextBlock next(String... parents) {
    int[] parentIds = Arrays.stream(parents).mapToInt(this::id).toArray();
    return calculator.all(parentIds, parentIds.length);
  }

  int add(String name, String... parents) {
    return add(name, 0, parents);
  }

  int add(String name, long timestamp, String... parents) {
    return add(name, timestamp, 0, parents);
  }

  int add(String name, long timestamp, int level, String... parents) {
    next(parents);
    int id = dag.append(calculator, hash(name), timestamp, level, Blocks.NONE);
    ids.put(name, id);
    return id;
  }
}
