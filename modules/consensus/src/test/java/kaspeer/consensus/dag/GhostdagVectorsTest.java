package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.DagFile;
import kaspeer.consensus.TestParams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kaspad's small GHOSTDAG cases (consensus reference 10.1): names stand for hashes, all blocks have
 * the same work.
 */
class GhostdagVectorsTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void coloursSelectedParentsAndScoresAreAsExpected(int number) throws Exception {
    JsonNode file =
        new ObjectMapper()
            .readTree(DagFile.conformancePath("dags/dag" + number + ".json").toFile());
    NamedDag named =
        new NamedDag(
            TestParams.simnet(
                TestParams.blockRate(file.get("K").asInt(), 64, 248, 100, 40, 36_000, 432_000)),
            file.get("GenesisID").asText());
    for (JsonNode block : file.get("Blocks")) {
      String name = block.get("ID").asText();
      int id = named.add(name, list(block.get("Parents")).toArray(String[]::new));
      Blocks blocks = named.dag.blocks();
      assertThat(named.name(blocks.selectedParent(id)))
          .as("selected parent of %s", name)
          .isEqualTo(block.get("ExpectedSelectedParent").asText());
      assertThat(blocks.blueScore(id))
          .as("blue score of %s", name)
          .isEqualTo(block.get("ExpectedScore").asLong());
      assertThat(named.names(blocks.blues(id)))
          .as("blues of %s", name)
          .isEqualTo(list(block.get("ExpectedBlues")));
      assertThat(named.names(blocks.reds(id)))
          .as("reds of %s", name)
          .isEqualTo(list(block.get("ExpectedReds")));
    }
    assertThat(named.dag.blocks().count()).isEqualTo(file.get("Blocks").size() + 1);
  }

  private static List<String> list(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
