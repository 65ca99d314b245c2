package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import kaspeer.primitives.Transaction;
import kaspeer.testkit.kaspad.Kaspad;
import kaspeer.testkit.kaspad.KaspadRpc;
import kaspeer.testkit.kaspad.RpcJson;
import kaspeer.testkit.kaspad.SignedWallet;
import kaspeer.testkit.node.Await;
import kaspeer.testkit.node.KaspeerNode;

/** Transactions handed to kaspad and to us, which know the same blocks and are not connected. */
record TransactionVerdicts(Kaspad kaspad, KaspeerNode node) {
  static final String ACCEPTED = "accepted";

  /** Hands a transaction to both, which must say the same; returns what: a rule, or accepted. */
  String same(String what, Transaction transaction) {
    String theirs = ofKaspad(kaspad, transaction);
    String ours = ofNode(node, transaction);
    assertThat(ours).as("%s: %s", what, transaction.id()).isEqualTo(theirs);
    return ours;
  }

  /** What kaspad says of a transaction, in our words. */
  static String ofKaspad(Kaspad kaspad, Transaction transaction) {
    return ofKaspad(kaspad, transaction, false);
  }

  /**
   * What kaspad says of a transaction, in our words.
   *
   * @param orphanAllowed whether it is accepted also if it has to wait for others
   */
  static String ofKaspad(Kaspad kaspad, Transaction transaction, boolean orphanAllowed) {
    try {
      SignedWallet.submit(kaspad.rpc(), transaction, orphanAllowed).join();
      return ACCEPTED;
    } catch (CompletionException e) {
      return KaspadTexts.ruleOfTransaction(String.valueOf(e.getCause()));
    }
  }

  /** What we say of it: accepted, known or the rule. */
  static String ofNode(KaspeerNode node, Transaction transaction) {
    JsonNode answer = node.post("transactions", RpcJson.of(transaction).toString());
    return switch (answer.path("verdict").asText()) {
      case "accepted" -> ACCEPTED;
      case "known" -> answer.get("inBlock").asBoolean() ? "known in a block" : "known";
      default -> answer.path("rule").asText(answer.toString());
    };
  }

  /** The mempools hold the same transactions. */
  void assertSameMempools() {
    Await.until(
        "the same mempools",
        Nodes.RELAY_LIMIT,
        this::haveSameMempools,
        () -> "kaspad: " + idsOf(kaspad) + "\nwe: " + node.get("mempool"));
  }

  private boolean haveSameMempools() {
    Set<String> theirs = idsOf(kaspad);
    return node.get("mempool").get("mempoolSize").asInt() == theirs.size()
        && theirs.stream().allMatch(this::isInOurMempool);
  }

  private boolean isInOurMempool(String id) {
    try {
      return node.get("mempool/" + id).get("verboseData").get("transactionId").asText().equals(id);
    } catch (IllegalStateException notThere) {
      return false;
    }
  }

  /** Both have this transaction in their mempools, not as an orphan. */
  void awaitInBoth(Transaction transaction) {
    String id = transaction.id().toString();
    Await.until(
        id + " in both mempools",
        Nodes.RELAY_LIMIT,
        () -> idsOf(kaspad).contains(id) && isInOurMempool(id) && !isOurOrphan(id),
        () -> "kaspad: " + idsOf(kaspad) + "\nwe: " + node.get("mempool"));
  }

  /** In both these transactions wait for others, and no more. */
  void assertOrphans(Transaction... expected) {
    Set<String> ids = new TreeSet<>();
    for (Transaction transaction : expected) {
      ids.add(transaction.id().toString());
    }
    assertThat(idsOf(kaspad, true)).as("kaspad's").isEqualTo(ids);
    assertThat(ids).as("ours").allMatch(this::isOurOrphan);
    assertThat(node.get("mempool").get("orphansSize").asInt()).isEqualTo(ids.size());
  }

  private boolean isOurOrphan(String id) {
    return isInOurMempool(id) && node.get("mempool/" + id).get("isOrphan").asBoolean();
  }

  /** How many transactions we have refused for another that spends the same. */
  int ourDoubleSpends() {
    return node.get("mempool").get("counts").get("double-spend").asInt();
  }

  /** The ids in kaspad's mempool, without orphans. */
  static Set<String> idsOf(Kaspad kaspad) {
    return idsOf(kaspad, false);
  }

  /** The ids in kaspad's mempool, or else those of its orphans. */
  private static Set<String> idsOf(Kaspad kaspad, boolean orphans) {
    Set<String> ids = new TreeSet<>();
    for (JsonNode entry :
        kaspad
            .rpc()
            .call(
                "getMempoolEntries",
                KaspadRpc.params()
                    .put("includeOrphanPool", orphans)
                    .put("filterTransactionPool", orphans))
            .get("mempoolEntries")) {
      ids.add(entry.get("transaction").get("verboseData").get("transactionId").asText());
    }
    return ids;
  }
}
