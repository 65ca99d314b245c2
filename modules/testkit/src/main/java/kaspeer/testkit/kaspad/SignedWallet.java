package kaspeer.testkit.kaspad;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import kaspeer.crypto.signature.Secp256k1;
import kaspeer.primitives.Address;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;

/**
 * Coins of one key, and signed payments of them to itself. It keeps its own books: what it made can
 * be spent again at once, unconfirmed or not. Not for several threads.
 */
public final class SignedWallet {
  static final long MATURITY = Params.of(Network.SIMNET).coinbaseMaturity();

  /** An output that a wallet can spend. */
  public record Coin(Outpoint outpoint, UtxoEntry entry) {
    /** Whether it can be spent at this DAA score, and could be a little before. */
    boolean isMature(long daaScore) {
      return !entry.coinbase() || entry.blockDaaScore() + MATURITY + 10 < daaScore;
    }
  }

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
      if (coin.isMature(now)) {
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
    return rpc.coins(
        address(),
        new Address(network, Address.Version.PUB_KEY_ECDSA, Secp256k1.compressedPublicKey(secret))
            .toString());
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
