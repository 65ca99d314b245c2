package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.node.KaspeerNode;

/**
 * Block by block: what kaspad makes of it, and what we do. kaspad does not tell whether it has
 * looked at the UTXO state of a block that is not on its chain, so for those only what is
 * disqualified is compared.
 *
 * @param transactions ids of all in the bodies
 * @param accepted ids that chain blocks accepted
 * @param blocks how many were compared
 */
record ChainComparison(Set<String> transactions, Set<String> accepted, int blocks) {
  /** Compares all blocks that are not in the past of a block; the nodes must be at one sink. */
  static ChainComparison since(String start, KaspeerNode node, Kaspad kaspad) {
    Map<String, JsonNode> theirs = blocksSince(start, kaspad);
    String log = kaspad.log();
    Set<String> transactions = new HashSet<>();
    theirs.forEach(
        (hash, block) -> {
          assertSame(hash, block, node.get("blocks/" + hash), log);
          block
              .get("transactions")
              .forEach(tx -> transactions.add(tx.get("verboseData").get("transactionId").asText()));
        });
    return new ChainComparison(
        transactions, assertSameAcceptance(start, node, kaspad), theirs.size());
  }

  private static void assertSame(String hash, JsonNode theirs, JsonNode ours, String log) {
    boolean onChain = theirs.get("verboseData").get("isChainBlock").asBoolean();
    assertThat(ours.get("isChainBlock").asBoolean())
        .as("%s is on the chain", hash)
        .isEqualTo(onChain);
    assertThat(theirs.get("verboseData").get("isHeaderOnly").asBoolean())
        .as("%s has a body at kaspad", hash)
        .isFalse();
    String status = ours.get("status").asText();
    if (onChain) {
      assertThat(status).as("status of %s", hash).isEqualTo("utxoValid");
    } else if (log.contains("Block " + hash + " is disqualified")) {
      assertThat(status).as("status of %s", hash).isEqualTo("disqualifiedFromChain");
    } else {
      assertThat(status).as("status of %s", hash).isIn("body", "utxoValid");
    }
  }

  private static Map<String, JsonNode> blocksSince(String start, Kaspad kaspad) {
    Map<String, JsonNode> blocks = new LinkedHashMap<>();
    String low = start;
    while (true) {
      JsonNode page =
          kaspad
              .rpc()
              .call(
                  "getBlocks",
                  KaspadRpc.params()
                      .put("lowHash", low)
                      .put("includeBlocks", true)
                      .put("includeTransactions", true));
      int before = blocks.size();
      String last = low;
      for (JsonNode block : page.get("blocks")) {
        last = block.get("header").get("hash").asText();
        blocks.put(last, block);
      }
      if (blocks.size() == before || blocks.containsKey(kaspad.rpc().sink())) {
        return blocks;
      }
      low = last;
    }
  }

  /** What each chain block accepted, in order. */
  private static Set<String> assertSameAcceptance(String start, KaspeerNode node, Kaspad kaspad) {
    Set<String> accepted = new HashSet<>();
    String from = start;
    String sink = kaspad.rpc().sink();
    while (!from.equals(sink)) {
      ObjectNode params = KaspadRpc.params().put("startHash", from);
      JsonNode path =
          kaspad
              .rpc()
              .call("getVirtualChainFromBlock", params.put("includeAcceptedTransactionIds", true));
      assertThat(path.get("acceptedTransactionIds")).as("chain from %s", from).isNotEmpty();
      for (JsonNode block : path.get("acceptedTransactionIds")) {
        from = block.get("acceptingBlockHash").asText();
        List<String> theirs = texts(block.get("acceptedTransactionIds"));
        assertThat(acceptedBy(node, from)).as("accepted by %s", from).isEqualTo(theirs);
        accepted.addAll(theirs);
      }
    }
    return accepted;
  }

  private static List<String> acceptedBy(KaspeerNode node, String hash) {
    List<String> ids = new ArrayList<>();
    for (JsonNode merged : node.get("blocks/" + hash).get("acceptance")) {
      ids.addAll(texts(merged.get("acceptedTransactionIds")));
    }
    return ids;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(entry -> texts.add(entry.asText()));
    return texts;
  }
}
