package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.script.StandardScripts;
import kaspeer.testkit.kaspad.SignedWallet.Coin;

/**
 * Coins locked by the script hash of {@code OP_TRUE}: standard to every mempool, spendable without
 * a signature. Miners that pay to {@link #ADDRESS} fill it.
 */
public final class AnyoneCanSpendWallet {
  /** Simnet address of the script hash of OP_TRUE. */
  public static final String ADDRESS =
      "kaspasim:pr89wgtzs5f9qphvrqvhhkqcggsua7j4nwc8npqsmxd9hwjmqlx36x509ft6l";

  private static final byte[] OP_TRUE = {0x51};
  private static final ScriptPublicKey SCRIPT = StandardScripts.payToScriptHash(OP_TRUE);
  private static final byte[] UNLOCK = StandardScripts.spendScriptHash(new byte[0], OP_TRUE);

  private AnyoneCanSpendWallet() {}

  /** Outputs that can be spent now, by the node's UTXO index. */
  public static List<Coin> spendable(KaspadRpc rpc) {
    long now = rpc.dag().get("virtualDaaScore").asLong();
    return rpc.coins(ADDRESS).stream().filter(coin -> coin.isMature(now)).toList();
  }

  /**
   * Sends one such output back to the same script, less a fee. Returns the transaction's id, as
   * hex.
   */
  public static String respend(KaspadRpc rpc, Coin coin) {
    Transaction transaction =
        new Transaction(
            0,
            List.of(new Input(coin.outpoint(), UNLOCK, 0, 0)),
            List.of(new Output(coin.entry().amount() - PaymentDraft.FEE, SCRIPT, null)),
            0,
            SubnetworkId.NATIVE,
            0,
            new byte[0],
            0);
    return SignedWallet.submit(rpc, transaction).join().get("transactionId").asText();
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
