package kaspeer.consensus.utxo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import kaspeer.consensus.DagFile;
import kaspeer.consensus.DagStore.Change;
import kaspeer.consensus.MemoryDagStore;
import kaspeer.consensus.dag.Calculator;
import kaspeer.consensus.dag.Dag;
import kaspeer.consensus.dag.DagValues;
import kaspeer.crypto.ProofOfWork;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every value on the way to a block's header, against what the oracle computes: random DAGs with
 * red blocks, transactions of version 1 in lanes of their own, double spends and pruning points.
 * The values were written by {@code src/test/oracle/dump_values.py}.
 */
class OracleValuesTest {
  /** The blocks of a DAG by their ids, which are those of the files of values. */
  private record Source(Dag dag, List<Block> blocks) implements BlockSource {
    @Override
    public Hash hash(int id) {
      return blocks.get(id).hash();
    }

    @Override
    public Header header(int id) {
      return blocks.get(id).header();
    }

    @Override
    public List<Transaction> body(int id) {
      return blocks.get(id).transactions();
    }

    @Override
    public <T> T read(Supplier<T> query) {
      return query.get();
    }

    @Override
    public void setStatus(int id, BlockStatus status) {
      dag.setStatus(id, status);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"seed-1", "seed-2", "seed-3"})
  void everyValueIsTheOracles(String name) throws Exception {
    DagFile file = DagFile.read(resource("/cases/" + name + ".json.gz"));
    Block genesis = file.params().genesis();
    Dag dag = new Dag(file.params(), 1 << 20);
    Calculator calculator = dag.calculator();
    Source source = new Source(dag, new ArrayList<>(List.of(genesis)));
    MemoryDagStore store = new MemoryDagStore();
    store.commit(
        List.of(
            new Change.HeaderAdded(0, genesis.header(), new byte[0]),
            new Change.BodyAdded(0, genesis.transactions())));
    dag.setStatus(0, BlockStatus.UTXO_VALID);
    ChainValues chain = new ChainValues(dag, source, store);
    List<DagFile.Entry> valid =
        file.entries().stream().filter(entry -> entry.rule() == null).toList();
    try (BufferedReader lines = DagFile.open(resource("/values/" + name + ".txt.gz"))) {
      String line = lines.readLine();
      for (DagFile.Entry entry : valid) {
        Header header = entry.block().header();
        int id = source.blocks.size();
        assertThat(line).isEqualTo("block " + id + " " + header.hash());
        Map<String, String> expected = new TreeMap<>();
        line = readValues(lines, expected);
        Map<String, String> found = new TreeMap<>();
        int level = ProofOfWork.of(header).level(file.params().maxBlockLevel());
        found.put("level", String.valueOf(level));
        int[] parents = header.directParents().stream().mapToInt(dag::find).toArray();
        calculator.all(parents, parents.length);
        DagValues.put(dag, calculator, found);
        byte[] data = dag.append(calculator, header, level).dagData();
        store.commit(
            List.of(
                new Change.HeaderAdded(id, header, data),
                new Change.BodyAdded(id, entry.block().transactions())));
        dag.setStatus(id, BlockStatus.BODY);
        source.blocks.add(entry.block());
        chain.put(id, found);
        assertThat(found).as("block %d %s", id, header.hash()).isEqualTo(expected);
      }
      assertThat(line).isNull();
    }
  }

  /**
   * Reads lines of a name and a value each; answers the line of the next block, null at the end.
   */
  private static @org.jspecify.annotations.Nullable String readValues(
      BufferedReader lines, Map<String, String> values) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith("block ")) {
      int space = line.indexOf(' ');
      values.put(line.substring(0, space), line.substring(space + 1));
      line = lines.readLine();
    }
    return line;
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(OracleValuesTest.class.getResource(name)).toURI());
  }
}
