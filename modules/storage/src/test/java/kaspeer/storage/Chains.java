package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import kaspeer.consensus.Consensus;
import kaspeer.consensus.ConsensusOptions;
import kaspeer.consensus.DagStore;
import kaspeer.consensus.body.BodyRules;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Network;
import kaspeer.primitives.Params;
import kaspeer.primitives.ParamsOverride;
import kaspeer.primitives.StorageMass;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import kaspeer.primitives.UtxoEntry;

/** Blocks of a simnet with coinbases that mature soon, made on a store. */
final class Chains {
  static final int MATURITY = 3;
  static final Params PARAMS =
      ParamsOverride.parse(
              """
              {"blockrate": {"target_time_per_block": 100, "ghostdag_k": 18,
              "past_median_time_sample_rate": 10, "difficulty_sample_rate": 10,
              "max_block_parents": 10, "mergeset_size_limit": 180, "merge_depth": 3600,
              "finality_depth": 43200, "pruning_depth": 129600, "coinbase_maturity": %d}}
              """
                  .formatted(MATURITY))
          .apply(Params.of(Network.SIMNET));

  /** Pushes true: anyone may spend it. */
  static final ScriptPublicKey ANYONE = new ScriptPublicKey(0, new byte[] {0x51});

  private Chains() {}

  static Consensus open(DagStore store) {
    return open(store, ConsensusOptions.defaults());
  }

  static Consensus open(DagStore store, ConsensusOptions options) {
    return Consensus.open(PARAMS, store, new BodyRules(PARAMS), options.withWorkers(1));
  }

  /** A block that is not handed in. */
  static Block make(Consensus consensus, List<Hash> parents, Transaction... transactions) {
    return consensus
        .blockTemplate(parents, ANYONE, new byte[0], List.of(transactions))
        .join()
        .block();
  }

  /** Makes blocks on each other, the first on some block, and hands them in. */
  static Hash chain(Consensus consensus, Hash from, int length) {
    Hash tip = from;
    for (int i = 0; i < length; i++) {
      Block block = make(consensus, List.of(tip));
      assertThat(consensus.submitBlock(block).join().isHere()).isTrue();
      tip = block.hash();
    }
    return tip;
  }

  static Outpoint coinbaseOf(Consensus consensus, Hash block) {
    List<Transaction> body = Objects.requireNonNull(consensus.body(block));
    return new Outpoint(body.getFirst().id(), 0);
  }

  /** Spends an output, all of it, to some of equal amounts. */
  static Transaction spend(Consensus consensus, Outpoint outpoint, int outputs) {
    UtxoEntry entry = Objects.requireNonNull(consensus.utxo(outpoint));
    List<Output> made =
        java.util.Collections.nCopies(outputs, new Output(entry.amount() / outputs, ANYONE, null));
    List<Input> inputs = List.of(new Input(outpoint, new byte[0], -1, 0));
    Transaction plain = transaction(inputs, made, 0);
    return transaction(inputs, made, StorageMass.of(plain, List.of(entry), PARAMS).orElseThrow());
  }

  private static Transaction transaction(List<Input> inputs, List<Output> outputs, long mass) {
    return new Transaction(0, inputs, outputs, 0, SubnetworkId.NATIVE, 0, new byte[0], mass);
  }
}
