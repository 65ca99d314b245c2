package kaspeer.node.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import kaspeer.consensus.Consensus;
import kaspeer.node.mining.MiningKey;
import kaspeer.primitives.Address;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;
import kaspeer.script.TransactionSigner;

/** Some keys that pay each other: the first one mines. Used by one thread. */
final class Wallet {
  static final long SOMPI = 100_000_000;

  private static final int KEYS = 4;
  private static final long FEE = SOMPI / 20;

  /** What is left of smaller coins after a payment would not be worth its storage mass. */
  private static final long LEAST = 2 * SOMPI;

  private final Params params;
  private final RandomGenerator random;
  private final List<Key> keys = new ArrayList<>();

  /** Outputs that pay one of the keys, accepted or not. */
  private final Map<Outpoint, Key> coins = new LinkedHashMap<>();

  private final Set<Hash> seen = new HashSet<>();

  private record Key(int number, byte[] secret, ScriptPublicKey script) {}

  /** A payment from one of the keys to another. */
  record Payment(Transaction transaction, long amount) {}

  Wallet(Params params, RandomGenerator random) {
    this.params = params;
    this.random = random;
    for (int i = 0; i < KEYS; i++) {
      MiningKey key = MiningKey.random();
      Address address = key.address(Network.SIMNET);
      keys.add(new Key(i, key.secret(), address.toScriptPublicKey()));
    }
  }

  /** Whom mined blocks are to pay. */
  ScriptPublicKey miner() {
    return keys.getFirst().script;
  }

  /** Looks for coins in the blocks that came since the last time. */
  void look(Consensus dag) {
    Deque<Hash> queue = new ArrayDeque<>(dag.state().tips());
    while (!queue.isEmpty()) {
      Hash hash = queue.remove();
      Header header = seen.add(hash) ? dag.header(hash) : null;
      List<Transaction> body = header == null ? null : dag.body(hash);
      if (header == null || body == null) {
        continue;
      }
      addCoins(body.getFirst());
      queue.addAll(header.directParents());
    }
  }

  private void addCoins(Transaction transaction) {
    for (int i = 0; i < transaction.outputs().size(); i++) {
      for (Key key : keys) {
        if (Arrays.equals(
            transaction.outputs().get(i).scriptPublicKey().script(), key.script.script())) {
          coins.put(new Outpoint(transaction.id(), i), key);
        }
      }
    }
  }

  /**
   * Pays half of a coin that a node knows to be accepted and mature to another key; empty if there
   * is none.
   */
  Optional<Payment> pay(Consensus at) {
    for (Map.Entry<Outpoint, Key> coin : List.copyOf(coins.entrySet())) {
      UtxoEntry entry = at.utxo(coin.getKey());
      if (entry != null && entry.amount() >= LEAST && isMature(entry, at)) {
        coins.remove(coin.getKey());
        return Optional.of(pay(coin.getKey(), coin.getValue(), entry));
      }
    }
    return Optional.empty();
  }

  private boolean isMature(UtxoEntry entry, Consensus at) {
    return !entry.coinbase()
        || entry.blockDaaScore() + params.coinbaseMaturity() <= at.state().virtualDaaScore();
  }

  private Payment pay(Outpoint outpoint, Key from, UtxoEntry entry) {
    List<Key> others = keys.stream().filter(key -> key.number != from.number).toList();
    Key to = others.get(random.nextInt(others.size()));
    long amount = entry.amount() / 2;
    Transaction unsigned =
        new Transaction(
            0,
            List.of(new Input(outpoint, new byte[0], 0, 1)),
            List.of(
                new Output(amount, to.script, null),
                new Output(entry.amount() - amount - FEE, from.script, null)),
            0,
            SubnetworkId.NATIVE,
            0,
            new byte[0],
            0);
    Transaction signed =
        TransactionSigner.signSchnorr(unsigned, List.of(entry), from.secret.clone());
    addCoins(signed);
    return new Payment(signed, amount);
  }
}
