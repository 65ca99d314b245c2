package kaspeer.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kaspeer.crypto.Merkle;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Output;

/** Good blocks with one thing changed and all that depends on it made right. */
final class Spoiled {
  private Spoiled() {}

  static Block utxoCommitment(Block block) {
    Header h = block.header();
    return with(block, h.parents(), h.acceptedIdMerkleRoot(), Hash.ZERO, h.pruningPoint());
  }

  static Block sequencingCommitment(Block block) {
    Header h = block.header();
    return with(block, h.parents(), Hash.ZERO, h.utxoCommitment(), h.pruningPoint());
  }

  static Block pruningPoint(Block block) {
    Header h = block.header();
    return with(
        block,
        h.parents(),
        h.acceptedIdMerkleRoot(),
        h.utxoCommitment(),
        h.directParents().getFirst());
  }

  static Block orderOfParents(Block block) {
    Header h = block.header();
    List<List<Hash>> levels = new ArrayList<>(h.parents().toLevels());
    List<Hash> direct = new ArrayList<>(levels.getFirst());
    assertThat(direct).as("parents to swap").hasSizeGreaterThan(1);
    Collections.swap(direct, 0, 1);
    levels.set(0, direct);
    ParentsByLevel parents = ParentsByLevel.ofLevels(levels);
    return with(block, parents, h.acceptedIdMerkleRoot(), h.utxoCommitment(), h.pruningPoint());
  }

  static Block richerCoinbase(Block block) {
    List<Output> outputs = new ArrayList<>(coinbase(block).outputs());
    Output first = outputs.getFirst();
    outputs.set(0, new Output(first.value() + 1, first.scriptPublicKey(), null));
    return withCoinbase(block, outputs);
  }

  static Block coinbaseInAnotherOrder(Block block) {
    List<Output> outputs = new ArrayList<>(coinbase(block).outputs());
    Collections.swap(outputs, 0, outputs.size() - 1);
    assertThat(outputs).isNotEqualTo(coinbase(block).outputs());
    return withCoinbase(block, outputs);
  }

  static Block coinbaseThatForgetsOne(Block block) {
    List<Output> outputs = coinbase(block).outputs();
    assertThat(outputs).hasSizeGreaterThan(1);
    return withCoinbase(block, outputs.subList(0, outputs.size() - 1));
  }

  /** The block with one more transaction. */
  static Block with(Block block, Transaction more) {
    List<Transaction> all = new ArrayList<>(block.transactions());
    all.add(more);
    return withTransactions(block, all);
  }

  private static Transaction coinbase(Block block) {
    return block.transactions().getFirst();
  }

  private static Block withCoinbase(Block block, List<Output> outputs) {
    Transaction coinbase = coinbase(block);
    List<Transaction> all = new ArrayList<>(block.transactions());
    all.set(
        0,
        new Transaction(
            coinbase.version(),
            coinbase.inputs(),
            outputs,
            coinbase.lockTime(),
            coinbase.subnetworkId(),
            coinbase.gas(),
            coinbase.payload(),
            coinbase.storageMass()));
    return withTransactions(block, all);
  }

  private static Block withTransactions(Block block, List<Transaction> transactions) {
    Header h = block.header();
    return new Block(
        header(
            h,
            h.parents(),
            Merkle.root(transactions.stream().map(Transaction::hash).toList()),
            h.acceptedIdMerkleRoot(),
            h.utxoCommitment(),
            h.pruningPoint()),
        transactions);
  }

  private static Block with(
      Block block,
      ParentsByLevel parents,
      Hash sequencing,
      Hash utxoCommitment,
      Hash pruningPoint) {
    Header h = block.header();
    return new Block(
        header(h, parents, h.hashMerkleRoot(), sequencing, utxoCommitment, pruningPoint),
        block.transactions());
  }

  private static Header header(
      Header original,
      ParentsByLevel parents,
      Hash merkleRoot,
      Hash sequencing,
      Hash utxoCommitment,
      Hash pruningPoint) {
    return new Header(
        original.version(),
        parents,
        merkleRoot,
        sequencing,
        utxoCommitment,
        original.timestamp(),
        original.bits(),
        original.nonce(),
        original.daaScore(),
        original.blueWork(),
        original.blueScore(),
        pruningPoint);
  }
}
