package kaspeer.consensus.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import kaspeer.consensus.DagFile;
import kaspeer.consensus.Rule;
import kaspeer.consensus.RuleException;
import kaspeer.primitives.Block;
import kaspeer.primitives.Transaction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bodies of kaspad's own test DAGs (consensus reference 10.3). */
class ConformanceBodiesTest {
  @ParameterizedTest
  @CsvSource({
    "goref-1060-tx-265-blocks, 265, 223",
    "goref-notx-5000-blocks, 5000, 0",
    "goref_custom_pruning_depth, 5000, 4789"
  })
  void everyBodyPasses(String name, int expectedBlocks, int expectedTransactions)
      throws RuleException {
    DagFile file = DagFile.conformance("dag-json/" + name + ".json.gz");
    BodyRules rules = new BodyRules(file.params());
    int transactions = 0;
    for (DagFile.Entry entry : file.entries()) {
      Block block = entry.block();
      rules.validateInIsolation(block.header(), block.transactions());
      // No transaction is locked until a time, so the earliest median will do.
      rules.validateInContext(block.header(), block.transactions(), 0);
      transactions += block.transactions().size() - 1;
      failsWithoutItsLastTransaction(rules, block);
    }
    assertThat(file.entries()).hasSize(expectedBlocks);
    assertThat(transactions).isEqualTo(expectedTransactions);
  }

  private static void failsWithoutItsLastTransaction(BodyRules rules, Block block) {
    if (block.transactions().size() < 2) {
      return;
    }
    List<Transaction> fewer = new ArrayList<>(block.transactions());
    fewer.removeLast();
    assertThatThrownBy(() -> rules.validateInIsolation(block.header(), fewer))
        .isInstanceOfSatisfying(
            RuleException.class, e -> assertThat(e.rule()).isEqualTo(Rule.BAD_MERKLE_ROOT));
  }
}
