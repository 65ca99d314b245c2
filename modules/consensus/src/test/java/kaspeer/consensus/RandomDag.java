package kaspeer.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;

/**
 * Grows a random DAG of valid blocks: miners hear of each other's late, some work on branches of
 * their own for long, and all spend what they see, the same things at times; in either version, in
 * some lanes, of which few are busy for long, with and without covenants.
 */
final class RandomDag {
  private static final int FASHION_BLOCKS = 12;
  private static final int FASHIONS = 3;
  private static final int LANES = 2;

  private final UtxoFixture fixture;
  private final Random random;
  private boolean spoilt;
  final List<Block> blocks = new ArrayList<>();
  private final List<Transaction> pool = new ArrayList<>();

  RandomDag(UtxoFixture fixture, Random random) {
    this.fixture = fixture;
    this.random = random;
  }

  /** Some blocks from now on are not fit for the selected chain, and others build on those. */
  RandomDag withSpoiltBlocks() {
    spoilt = true;
    return this;
  }

  /** Adds some blocks. */
  void grow(int count) {
    for (int i = 0; i < count; i++) {
      Block block = make(parents());
      // One that merges too much or too deep is refused; then there is one block less.
      if (fixture.consensus.submitBlock(block).join().isHere()) {
        blocks.add(block);
        spendSomething();
      }
    }
  }

  private Block make(List<Hash> parents) {
    Block block;
    try {
      block = fixture.template(parents, offered().toArray(Transaction[]::new)).block();
    } catch (CompletionException noSuchState) {
      if (!spoilt) {
        throw noSuchState;
      }
      return random.nextInt(3) == 0 ? fixture.onAny(parents) : make(List.of(fixture.sink()));
    }
    if (!spoilt || random.nextInt(8) > 0) {
      return block;
    }
    if (pool.isEmpty() || random.nextInt(3) == 0) {
      return UtxoFixture.withWrongCommitment(block);
    }
    // Most likely it spends what is not there, or too early; what its own past allows may differ.
    Transaction added = pool.get(random.nextInt(pool.size()));
    return UtxoFixture.withBody(
        block,
        body -> {
          body.add(added);
          return body;
        });
  }

  /** One or two of the latest blocks, neither in the past of the other, the heavier first. */
  private List<Hash> parents() {
    if (blocks.isEmpty()) {
      return List.of(UtxoFixture.GENESIS);
    }
    Hash first = late(random.nextInt(5) == 0 ? 12 : 3);
    Hash second = late(4);
    boolean related =
        fixture.consensus.read(
            dag ->
                dag.isDagAncestor(dag.id(first), dag.id(second))
                    || dag.isDagAncestor(dag.id(second), dag.id(first)));
    if (!related) {
      List<Hash> both = fixture.ordered(first, second);
      return both;
    }
    return List.of(random.nextInt(3) == 0 ? fixture.sink() : first);
  }

  private Hash late(int depth) {
    return blocks.get(Math.max(0, blocks.size() - 1 - random.nextInt(depth))).hash();
  }

  private List<Transaction> offered() {
    List<Transaction> offered = new ArrayList<>();
    for (Transaction transaction : pool) {
      if (random.nextInt(3) == 0) {
        offered.add(transaction);
      }
    }
    return offered;
  }

  /** Makes a transaction that spends an output of a recent block, if the virtual block sees it. */
  private void spendSomething() {
    Block block = blocks.get(random.nextInt(blocks.size()));
    Transaction source = block.transactions().get(random.nextInt(block.transactions().size()));
    if (source.outputs().isEmpty()) {
      return;
    }
    Outpoint outpoint = new Outpoint(source.id(), random.nextInt(source.outputs().size()));
    Output output = source.outputs().get(outpoint.index());
    UtxoEntry seen = fixture.consensus.utxo(outpoint);
    UtxoEntry entry = seen != null ? seen : UtxoEntry.of(output, 0, source.isCoinbase());
    if (entry.amount() > 400_000_000L) {
      pool.add(spend(outpoint, entry, random.nextInt(1000), 1 + random.nextInt(2)));
      if (pool.size() > 12) {
        pool.removeFirst();
      }
    }
  }

  private Transaction spend(Outpoint outpoint, UtxoEntry entry, long fee, int outputs) {
    if (random.nextBoolean()) {
      return UtxoFixture.spend(outpoint, entry, fee, outputs);
    }
    // Now and then other lanes come into fashion, so that those before fall silent and expire.
    int lane = blocks.size() / FASHION_BLOCKS % FASHIONS * LANES + random.nextInt(LANES);
    return UtxoFixture.spendV1(
        outpoint,
        entry,
        fee,
        outputs,
        UtxoFixture.lane(1 + lane),
        random.nextInt(1000),
        random.nextInt(3) == 0);
  }
}
