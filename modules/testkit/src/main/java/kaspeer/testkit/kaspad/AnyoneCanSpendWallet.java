package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Coins locked by the script hash of {@code OP_TRUE}: standard to every mempool, spendable without
 * a signature. Miners that pay to {@link #ADDRESS} fill it.
 */
public final class AnyoneCanSpendWallet {
  /** Simnet address of the script hash of OP_TRUE. */
  public static final String ADDRESS =
      "kaspasim:pr89wgtzs5f9qphvrqvhhkqcggsua7j4nwc8npqsmxd9hwjmqlx36x509ft6l";

  private static final String SCRIPT =
      "aa20ce57216285125006ec18197bd8184221cefa559bb0798410d99a5bba5b07cd1d87";
  private static final String UNLOCK = "0151";
  private static final String NATIVE = "00".repeat(20);
  private static final long FEE = 1_000_000;
  private static final long MATURITY = 1_000;

  private AnyoneCanSpendWallet() {}

  /** Outputs that can be spent now, by the node's UTXO index. */
  public static List<JsonNode> spendable(KaspadRpc rpc) {
    ObjectNode params = KaspadRpc.params();
    params.putArray("addresses").add(ADDRESS);
    long now = rpc.dag().get("virtualDaaScore").asLong();
    List<JsonNode> mature = new ArrayList<>();
    for (JsonNode entry : rpc.call("getUtxosByAddresses", params).get("entries")) {
      JsonNode utxo = entry.get("utxoEntry");
      if (!utxo.get("isCoinbase").asBoolean()
          || utxo.get("blockDaaScore").asLong() + MATURITY + 10 < now) {
        mature.add(entry);
      }
    }
    return mature;
  }

  /**
   * Sends one such output back to the same script, less a fee. Returns the transaction's id, as
   * hex.
   */
  public static String respend(KaspadRpc rpc, JsonNode output) {
    ObjectNode transaction = KaspadRpc.params();
    transaction.put("version", 0);
    ObjectNode input = transaction.putArray("inputs").addObject();
    input.set("previousOutpoint", output.get("outpoint"));
    input
        .put("signatureScript", UNLOCK)
        .put("sequence", 0)
        .put("sigOpCount", 0)
        .put("computeBudget", 0);
    transaction
        .putArray("outputs")
        .addObject()
        .put("value", output.get("utxoEntry").get("amount").asLong() - FEE)
        .put("scriptPublicKey", "0000" + SCRIPT);
    transaction
        .put("lockTime", 0)
        .put("subnetworkId", NATIVE)
        .put("gas", 0)
        .put("payload", "")
        .put("mass", 0);
    ObjectNode params = KaspadRpc.params().put("allowOrphan", false);
    params.set("transaction", transaction);
    return rpc.call("submitTransaction", params).get("transactionId").asText();
  }

  /** Whether the node has this transaction in its mempool. */
  public static boolean inMempool(KaspadRpc rpc, String id) {
    for (JsonNode entry :
        rpc.call(
                "getMempoolEntries",
                KaspadRpc.params()
                    .put("includeOrphanPool", true)
                    .put("filterTransactionPool", false))
            .get("mempoolEntries")) {
      if (entry.path("transaction").path("verboseData").path("transactionId").asText().equals(id)) {
        return true;
      }
    }
    return false;
  }
}
