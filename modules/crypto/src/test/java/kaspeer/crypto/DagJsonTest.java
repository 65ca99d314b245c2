package kaspeer.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.json.RpcBlockJson;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole DAGs that kaspad has made (consensus reference 10.3). */
class DagJsonTest {
  /**
   * The values are the oracle's, of the block with the highest level among the first 260 of each
   * file.
   */
  @ParameterizedTest
  @CsvSource({
    "goref-1060-tx-265-blocks,4b4f100fe610f0d807f97f2d50f783d12d4cff87b068aaf1af4689396700be55,5,"
        + "001ac11c6fcd993f3678b7baa63c59acffd20d6217c08c3f8e97b584e825cef66",
    "goref-notx-5000-blocks,665ce9787c69799dcd04d9c04c2b34d57e29de7b53253e1c36aa3914ca468ff8,6,"
        + "009160471dbc2af42d13694b3bd3df9c2dabdb97be3584c1ae805976bf73f9b4",
    "goref_custom_pruning_depth,81f4872e6803c176adb3b5e6519dafab38884cc9d9929d45eb14e5ca7a87907c,6,"
        + "00ac8baff21f5858413c521a06ee32f943e30acefe16f4d9fa7049de3c3ee777"
  })
  void everyMerkleRootAndBlockLevelIsRight(
      String name, String sample, int sampleLevel, String sampleValue) throws IOException {
    Map<Hash, Integer> levels = new HashMap<>();
    try (BufferedReader lines = ConformanceData.lines("dag-json/" + name + ".json.gz")) {
      Params params = ParamsOverride.parse(lines.readLine()).apply(Params.of(Network.DEVNET));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Block block = RpcBlockJson.parse(line);
        Header header = block.header();
        assertThat(Merkle.root(block.transactions().stream().map(Transaction::hash).toList()))
            .isEqualTo(header.hashMerkleRoot());
        ProofOfWork.Result pow = ProofOfWork.of(header);
        levels.put(header.hash(), pow.level(params.maxBlockLevel()));
        assertListedUpToItsLevel(header, levels);
        if (header.hash().toString().equals(sample)) {
          assertThat(pow.value().toString(16)).isEqualTo(sampleValue.replaceFirst("^0+", ""));
        }
      }
    }
    assertThat(levels).containsEntry(Hash.fromHex(sample), sampleLevel);
  }

  /** A direct parent is listed at exactly the levels it reaches (consensus reference 3.6). */
  private static void assertListedUpToItsLevel(Header header, Map<Hash, Integer> levels) {
    for (Hash parent : header.directParents()) {
      int level = Objects.requireNonNull(levels.get(parent));
      for (int l = 0; l < header.parents().levels(); l++) {
        assertThat(header.parents().at(l).contains(parent))
            .as("%s at level %d", parent, l)
            .isEqualTo(level >= l);
      }
    }
  }
}
