package kaspeer.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import kaspeer.crypto.MuHash;
import kaspeer.crypto.UtxoElement;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;

/**
 * The UTXO set of a chain, made from genesis on with nothing but a map: what it has to be. Scripts
 * are taken to succeed.
 */
final class NaiveUtxos {
  private final Consensus consensus;
  private final long maturity;
  final Map<Outpoint, UtxoEntry> set = new HashMap<>();

  /** The transactions each chain block accepted. */
  final Map<Hash, List<Hash>> accepted = new HashMap<>();

  /** What each chain block did, in their order. */
  final List<Step> steps = new ArrayList<>();

  /**
   * A chain block.
   *
   * @param merged the selected parent and the rest of the mergeset, in the order of acceptance
   */
  record Step(Hash block, List<Hash> merged, List<Transaction> accepted) {}

  NaiveUtxos(Consensus consensus, long maturity) {
    this.consensus = consensus;
    this.maturity = maturity;
  }

  /** Goes along the selected chain of a block, that block included. */
  void replay(Hash tip) {
    Hash genesis = consensus.read(dag -> dag.hash(0));
    List<Hash> chain = new ArrayList<>();
    for (Hash block = tip; !block.equals(genesis); block = parent(block)) {
      chain.add(block);
    }
    chain.reversed().forEach(this::apply);
  }

  private Hash parent(Hash block) {
    return consensus.read(dag -> dag.hash(dag.selectedParent(dag.id(block))));
  }

  private void apply(Hash block) {
    long score = consensus.read(dag -> dag.daaScore(dag.id(block)));
    List<Hash> merged = new ArrayList<>(List.of(parent(block)));
    merged.addAll(
        consensus.<List<Hash>>read(
            dag -> {
              List<Hash> hashes = new ArrayList<>();
              for (int id : dag.mergeset(dag.id(block))) {
                hashes.add(dag.hash(id));
              }
              return hashes;
            }));
    List<Transaction> taken = new ArrayList<>();
    for (int i = 0; i < merged.size(); i++) {
      List<Transaction> body = Objects.requireNonNull(consensus.body(merged.get(i)));
      for (int j = 0; j < body.size(); j++) {
        if (j == 0 ? i == 0 : isFit(body.get(j), score)) {
          accept(body.get(j), score);
          taken.add(body.get(j));
        }
      }
    }
    accepted.put(block, taken.stream().map(Transaction::id).toList());
    steps.add(new Step(block, merged, taken));
  }

  private boolean isFit(Transaction transaction, long score) {
    long in = 0;
    for (Input input : transaction.inputs()) {
      UtxoEntry entry = set.get(input.previous());
      if (entry == null || (entry.coinbase() && entry.blockDaaScore() + maturity > score)) {
        return false;
      }
      in += entry.amount();
    }
    return in >= transaction.outputs().stream().mapToLong(Transaction.Output::value).sum();
  }

  private void accept(Transaction transaction, long score) {
    transaction.inputs().forEach(input -> set.remove(input.previous()));
    for (int i = 0; i < transaction.outputs().size(); i++) {
      set.put(
          new Outpoint(transaction.id(), i),
          UtxoEntry.of(transaction.outputs().get(i), score, transaction.isCoinbase()));
    }
  }

  /** What a header has to commit to. */
  Hash commitment() {
    MuHash hash = new MuHash();
    set.forEach((outpoint, entry) -> hash.add(UtxoElement.bytes(outpoint, entry)));
    return hash.hash();
  }

  /** The set in the form of {@link UtxoFixture#stored}. */
  Map<String, String> text() {
    Map<String, String> text = new TreeMap<>();
    set.forEach(
        (outpoint, entry) ->
            text.put(outpoint.transactionId() + ":" + outpoint.index(), UtxoFixture.text(entry)));
    return text;
  }
}
