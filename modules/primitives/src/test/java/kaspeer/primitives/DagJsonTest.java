package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.json.RpcBlockJson;
import kaspeer.primitives.json.RpcBlockWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole DAGs that kaspad has made (consensus reference 10.3). */
class DagJsonTest {
  @ParameterizedTest
  @CsvSource({
    "goref-1060-tx-265-blocks,266,600000,661,124",
    "goref-notx-5000-blocks,5001,600000,661,124",
    "goref_custom_pruning_depth,5001,16000,32,20"
  })
  void everyHeaderHashesToItsStatedHashAndIsWrittenBackUnchanged(
      String name, int blocks, long tolerance, int difficultyWindow, int ghostdagK)
      throws IOException {
    try (BufferedReader lines = ConformanceData.lines("dag-json/" + name + ".json.gz")) {
      Params params = ParamsOverride.parse(lines.readLine()).apply(Params.of(Network.DEVNET));
      assertThat(params.timestampTolerance()).isEqualTo(tolerance);
      assertThat(params.difficultyWindow()).isEqualTo(difficultyWindow);
      assertThat(params.ghostdagK()).isEqualTo(ghostdagK);
      assertThat(params.skipProofOfWork()).isTrue();
      int count = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // Reading fails if the header does not hash to the hash it states.
        Block block = RpcBlockJson.parse(line);
        if (count == 0) {
          assertThat(block.hash()).isEqualTo(params.genesis().hash());
        }
        assertThat(RpcBlockWriter.write(block)).isEqualTo(line);
        count++;
      }
      assertThat(count).isEqualTo(blocks);
    }
  }

  /** What an output is worth and how large it is does not depend on when it was accepted. */
  @ParameterizedTest
  @CsvSource({"goref-1060-tx-265-blocks,223", "goref_custom_pruning_depth,4789"})
  void everyTransactionCommitsToItsStorageMass(String name, int transactions) throws IOException {
    Map<Outpoint, UtxoEntry> outputs = new HashMap<>();
    int count = 0;
    try (BufferedReader lines = ConformanceData.lines("dag-json/" + name + ".json.gz")) {
      Params params = ParamsOverride.parse(lines.readLine()).apply(Params.of(Network.DEVNET));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        for (Transaction transaction : RpcBlockJson.parse(line).transactions()) {
          List<UtxoEntry> spent = new ArrayList<>();
          for (Transaction.Input input : transaction.inputs()) {
            spent.add(Objects.requireNonNull(outputs.get(input.previous())));
          }
          assertThat(StorageMass.of(transaction, spent, params))
              .hasValue(transaction.storageMass());
          count += transaction.isCoinbase() ? 0 : 1;
          for (int i = 0; i < transaction.outputs().size(); i++) {
            outputs.put(
                new Outpoint(transaction.id(), i),
                UtxoEntry.of(transaction.outputs().get(i), 0, transaction.isCoinbase()));
          }
        }
      }
    }
    assertThat(count).isEqualTo(transactions);
  }
}
