package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/**
 * Coins of one key, and signed payments of them to itself. It keeps its own books: what it made can
 * be spent again at once, unconfirmed or not. Not for several threads.
 */
public final class SignedWallet {
  private static final HexFormat HEX = HexFormat.of();
  private static final long MATURITY = 1_000;
  private static final int SCRIPT_VERSION_DIGITS = 4;

  /** An output that the wallet can sign for. */
  public record Coin(Outpoint outpoint, UtxoEntry entry) {}

  private final Network network;
  private final byte[] secret;
  private final Address address;
  private final Deque<Coin> coins = new ArrayDeque<>();

  /**
   * @param secret 32 bytes, a valid key
   */
  public SignedWallet(Network network, byte[] secret) {
    this.network = network;
    this.secret = secret.clone();
    this.address = schnorr(network, this.secret);
  }

  static Address schnorr(Network network, byte[] secret) {
    return new Address(network, Address.Version.PUB_KEY, Secp256k1.xOnlyPublicKey(secret));
  }

  /** Where miners and payers send coins to. */
  public String address() {
    return address.toString();
  }

  /** Forgets its books and takes the coins that the node's index has, immature ones excepted. */
  public void load(KaspadRpc rpc) {
    coins.clear();
    long now = rpc.dag().get("virtualDaaScore").asLong();
    for (Coin coin : indexed(rpc)) {
      if (!coin.entry.coinbase() || coin.entry.blockDaaScore() + MATURITY + 10 < now) {
        coins.add(coin);
      }
    }
  }

  /** The youngest reward that the node's index has: it cannot be spent yet. */
  public Coin immature(KaspadRpc rpc) {
    return indexed(rpc).stream()
        .filter(coin -> coin.entry.coinbase())
        .max((a, b) -> Long.compare(a.entry.blockDaaScore(), b.entry.blockDaaScore()))
        .orElseThrow();
  }

  private List<Coin> indexed(KaspadRpc rpc) {
    ObjectNode params = KaspadRpc.params();
    ArrayNode addresses = params.putArray("addresses").add(address());
    addresses.add(
        new Address(network, Address.Version.PUB_KEY_ECDSA, Secp256k1.compressedPublicKey(secret))
            .toString());
    List<Coin> found = new ArrayList<>();
    for (JsonNode entry : rpc.call("getUtxosByAddresses", params).get("entries")) {
      JsonNode utxo = entry.get("utxoEntry");
      JsonNode outpoint = entry.get("outpoint");
      String script = utxo.get("scriptPublicKey").asText();
      found.add(
          new Coin(
              new Outpoint(
                  Hash.fromHex(outpoint.get("transactionId").asText()),
                  outpoint.get("index").asInt()),
              new UtxoEntry(
                  utxo.get("amount").asLong(),
                  new ScriptPublicKey(0, HEX.parseHex(script.substring(SCRIPT_VERSION_DIGITS))),
                  utxo.get("blockDaaScore").asLong(),
                  utxo.get("isCoinbase").asBoolean(),
                  null)));
    }
    return found;
  }

  /** A signed payment of the coin that was idle for longest; large ones are split in two. */
  public Transaction pay() {
    return enter(draft(1).sign());
  }

  /** A signed payment of the coin that came last: of the payment before, in no block yet. */
  public Transaction payChained() {
    return enter(draft(List.of(coins.removeLast())).sign());
  }

  /** Takes the coin that was idle for longest out of the books. */
  public Coin take() {
    return coins.remove();
  }

  /** A payment in the making of the coins that were idle for longest; they leave the books. */
  public PaymentDraft draft(int inputs) {
    List<Coin> taken = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      taken.add(take());
    }
    return draft(taken);
  }

  /** A payment in the making of coins that need not be in the books. */
  public PaymentDraft draft(List<Coin> spent) {
    return new PaymentDraft(network, secret, spent);
  }

  /** Coin {@code index} of a transaction that this wallet made, whatever the books say. */
  public Coin coin(Transaction made, int index) {
    return new Coin(
        new Outpoint(made.id(), index),
        UtxoEntry.of(made.outputs().get(index), UtxoEntry.UNACCEPTED, false));
  }

  /** Two payments of one coin that differ in what they pay: a block has room for one of them. */
  public List<Transaction> conflicting() {
    List<Coin> coin = List.of(take());
    return List.of(draft(coin).sign(), draft(coin).fee(2 * PaymentDraft.FEE).sign());
  }

  /** Puts the outputs of a payment into the books. */
  public Transaction enter(Transaction payment) {
    for (int i = 0; i < payment.outputs().size(); i++) {
      coins.add(coin(payment, i));
    }
    return payment;
  }

  /** Hands a transaction to a node, which must not keep it as an orphan. */
  public static CompletableFuture<JsonNode> submit(KaspadRpc rpc, Transaction transaction) {
    return submit(rpc, transaction, false);
  }

  /**
   * Hands a transaction to a node.
   *
   * @param orphanAllowed whether it may keep it as an orphan
   */
  public static CompletableFuture<JsonNode> submit(
      KaspadRpc rpc, Transaction transaction, boolean orphanAllowed) {
    ObjectNode params = KaspadRpc.params().put("allowOrphan", orphanAllowed);
    params.set("transaction", RpcJson.of(transaction));
    return rpc.send("submitTransaction", params);
  }
}
