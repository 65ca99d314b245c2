package kaspeer.consensus.dag;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;
import kaspeer.consensus.DagFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reachability against the transitive closure as bit sets. */
class ReachabilityTest {
  @ParameterizedTest
  @ValueSource(strings = {"attack", "noattack"})
  void conformanceDagsHaveTheAncestorsOfTheirClosure(String kind) throws Exception {
    Closure closure = new Closure(Reachability.DEFAULT_DEPTH, Reachability.DEFAULT_SLACK);
    readConformance(kind, closure, id -> {});
    closure.assertIntervals();
    Random random = new Random(1);
    for (int b = 0; b < closure.pasts.size(); b++) {
      for (int parent : closure.parents.get(b)) {
        closure.assertSame(parent, b);
      }
      for (int i = 0; i < 60; i++) {
        closure.assertSame(random.nextInt(closure.pasts.size()), b);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"attack", "noattack"})
  void intervalsStayInOrderWhileAConformanceDagGrowsWithLittleSlack(String kind) throws Exception {
    Closure closure = new Closure(5, 3);
    readConformance(
        kind,
        closure,
        id -> {
          if (id % 100 == 0) {
            closure.assertIntervals();
          }
        });
    assertThat(closure.reachability.reindexRoot()).isPositive();
    closure.assertIntervals();
  }

  private static void readConformance(String kind, Closure closure, IntConsumer added)
      throws Exception {
    String name = "reachability/" + kind + "-dag-blocks--2^12-delay-factor--1-k--18.json.gz";
    try (Reader file = DagFile.open(DagFile.conformancePath(name))) {
      JsonNode rows = new ObjectMapper().readTree(file);
      List<String> ids = new ArrayList<>();
      for (JsonNode row : rows) {
        ids.add(row.get("id").asText());
        List<Integer> parents = new ArrayList<>();
        row.get("parents").forEach(parent -> parents.add(ids.indexOf(parent.asText())));
        if (!parents.isEmpty()) {
          closure.add(parents);
          added.accept(ids.size() - 1);
        }
      }
    }
  }

  @Test
  void aSubtreeBelowTheReindexRootFindsRoomOnBothSidesOfTheChain() {
    Closure closure = new Closure(2, 5);
    for (int id = 1; id <= 60; id++) { // a chain
      closure.add(List.of(id - 1));
    }
    for (int i = 0; i < 40; i++) { // leaves beside it, low on the chain
      closure.add(List.of(10));
    }
    int side = closure.pasts.size();
    closure.add(List.of(10));
    for (int i = 0; i < 40; i++) { // and a side chain upon one of them
      closure.add(List.of(side + i));
    }
    closure.assertIntervals();
    closure.assertAllSame();
  }

  @Test
  @Timeout(30)
  void aHundredThousandChildrenOfOneBlockAreReindexedInReasonableTime() {
    Reachability reachability = new Reachability();
    reachability.addGenesis();
    int[] none = {};
    for (int id = 1; id <= 100_000; id++) {
      reachability.add(id, 0, none, 0);
    }
    assertThat(reachability.isChainAncestor(0, 100_000)).isTrue();
    assertThat(reachability.isDagAncestor(99_999, 100_000)).isFalse();
  }

  @Test
  @Timeout(30)
  void aSideChainAsLongAsTheMainOneIsReindexedInReasonableTime() {
    Reachability reachability = new Reachability();
    reachability.addGenesis();
    int[] none = {};
    int main = 0;
    for (int id = 1; id <= 100_000; id++) {
      reachability.add(id, main, none, 0);
      reachability.follow(id);
      main = id;
    }
    int side = 10;
    for (int id = 100_001; id <= 200_000; id++) {
      reachability.add(id, side, none, 0);
      side = id;
    }
    assertThat(reachability.isChainAncestor(10, side)).isTrue();
    assertThat(reachability.isChainAncestor(11, side)).isFalse();
    assertThat(reachability.isChainAncestor(100_001, side)).isTrue();
    assertThat(reachability.isChainAncestor(10, main)).isTrue();
  }

  @Test
  @Timeout(30)
  void manyChildrenOfABlockFarBelowTheReindexRootAreReindexedInReasonableTime() {
    Reachability reachability = new Reachability();
    reachability.addGenesis();
    int[] none = {};
    for (int id = 1; id <= 1000; id++) {
      reachability.add(id, id - 1, none, 0);
      reachability.follow(id);
    }
    for (int id = 1001; id <= 21_000; id++) {
      reachability.add(id, 10, none, 0);
    }
    assertThat(reachability.isChainAncestor(10, 21_000)).isTrue();
    assertThat(reachability.isDagAncestor(20_999, 21_000)).isFalse();
    assertThat(reachability.isChainAncestor(11, 1000)).isTrue();
  }
}
