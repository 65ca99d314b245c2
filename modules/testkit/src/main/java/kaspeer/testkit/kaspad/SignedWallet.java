package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Address;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.TransactionSigner;

/**
 * Coins of one Schnorr key, and signed payments of them to itself. It keeps its own books: what it
 * made can be spent again at once, unconfirmed or not. Not for several threads.
 */
public final class SignedWallet {
  private static final HexFormat HEX = HexFormat.of();
  private static final long FEE = 1_000_000;
  private static final long MATURITY = 1_000;

  /** A coin below this is not split: storage mass grows as outputs get small. */
  private static final long SPLIT_FROM = 1_000_000_000;

  private record Coin(Outpoint outpoint, UtxoEntry entry) {}

  private final byte[] secret;
  private final ScriptPublicKey script;
  private final String address;
  private final Deque<Coin> coins = new ArrayDeque<>();

  /**
   * @param secret 32 bytes, a valid key
   */
  public SignedWallet(Network network, byte[] secret) {
    this.secret = secret.clone();
    Address own =
        new Address(network, Address.Version.PUB_KEY, Secp256k1.xOnlyPublicKey(this.secret));
    this.script = own.toScriptPublicKey();
    this.address = own.toString();
  }

  /** Where miners and payers send coins to. */
  public String address() {
    return address;
  }

  /** Coins that can be spent now. */
  public int size() {
    return coins.size();
  }

  /** Forgets its books and takes the coins that the node's index has, immature ones excepted. */
  public void load(KaspadRpc rpc) {
    coins.clear();
    ObjectNode params = KaspadRpc.params();
    params.putArray("addresses").add(address);
    long now = rpc.dag().get("virtualDaaScore").asLong();
    for (JsonNode found : rpc.call("getUtxosByAddresses", params).get("entries")) {
      JsonNode utxo = found.get("utxoEntry");
      long daaScore = utxo.get("blockDaaScore").asLong();
      boolean coinbase = utxo.get("isCoinbase").asBoolean();
      if (!coinbase || daaScore + MATURITY + 10 < now) {
        JsonNode outpoint = found.get("outpoint");
        coins.add(
            new Coin(
                new Outpoint(
                    Hash.fromHex(outpoint.get("transactionId").asText()),
                    outpoint.get("index").asInt()),
                new UtxoEntry(utxo.get("amount").asLong(), script, daaScore, coinbase, null)));
      }
    }
  }

  /** A signed payment of the coin that was idle for longest; large ones are split in two. */
  public Transaction pay() {
    Coin coin = coins.remove();
    long amount = coin.entry.amount() - FEE;
    List<Output> outputs = new ArrayList<>(2);
    if (amount >= SPLIT_FROM) {
      outputs.add(new Output(amount / 2, script, null));
      outputs.add(new Output(amount - amount / 2, script, null));
    } else {
      outputs.add(new Output(amount, script, null));
    }
    Transaction unsigned =
        new Transaction(
            0,
            List.of(new Input(coin.outpoint, new byte[0], 0, 1)),
            outputs,
            0,
            SubnetworkId.NATIVE,
            0,
            new byte[0],
            0);
    Transaction signed = TransactionSigner.signSchnorr(unsigned, List.of(coin.entry), secret);
    for (int i = 0; i < outputs.size(); i++) {
      coins.add(
          new Coin(
              new Outpoint(signed.id(), i),
              UtxoEntry.of(outputs.get(i), UtxoEntry.UNACCEPTED, false)));
    }
    return signed;
  }

  /** Hands a transaction to a node. */
  public static CompletableFuture<JsonNode> submit(KaspadRpc rpc, Transaction transaction) {
    ObjectNode params = KaspadRpc.params().put("allowOrphan", false);
    params.set("transaction", json(transaction));
    return rpc.send("submitTransaction", params);
  }

  private static ObjectNode json(Transaction transaction) {
    ObjectNode json = KaspadRpc.params().put("version", transaction.version());
    for (Input input : transaction.inputs()) {
      ObjectNode in = json.withArray("inputs").addObject();
      in.putObject("previousOutpoint")
          .put("transactionId", input.previous().transactionId().toString())
          .put("index", input.previous().index());
      in.put("signatureScript", HEX.formatHex(input.signatureScript()))
          .put("sequence", input.sequence())
          .put("sigOpCount", input.computeCommit())
          .put("computeBudget", 0);
    }
    for (Output output : transaction.outputs()) {
      json.withArray("outputs")
          .addObject()
          .put("value", output.value())
          .put("scriptPublicKey", "0000" + HEX.formatHex(output.scriptPublicKey().script()));
    }
    return json.put("lockTime", 0)
        .put("subnetworkId", "00".repeat(SubnetworkId.SIZE))
        .put("gas", 0)
        .put("payload", "")
        .put("mass", 0);
  }
}
