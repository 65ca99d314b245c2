package kaspeer.consensus.utxo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Merge;
import kaspeer.primitives.CoinbasePayload;
import kaspeer.primitives.CoinbasePayloadException;
import kaspeer.primitives.Params;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/** The coinbase a block has to have (consensus reference 6.5). */
public final class CoinbaseOutputs {
  /** The version of every coinbase but that of genesis. */
  private static final int VERSION = 1;

  private final Params params;
  private final Blocks blocks;

  public CoinbaseOutputs(Params params, Blocks blocks) {
    this.params = params;
    this.blocks = blocks;
  }

  /** The coinbase of the block that merges these and has this payload. */
  Transaction expected(MergedState merged, CoinbasePayload payload) {
    return new Transaction(
        VERSION,
        List.of(),
        outputs(merged, payload.scriptPublicKey()),
        0,
        SubnetworkId.COINBASE,
        0,
        payload.encode(),
        0);
  }

  /**
   * Whether a coinbase is the one expected. Its payload need only be right in what it asks for: the
   * rest was checked with the body. Comparing fields says what comparing hashes would: the body's
   * rules see to it that there is nothing in them that the hash leaves out.
   */
  boolean isExpected(Transaction coinbase, MergedState merged) {
    return coinbase.version() == VERSION
        && coinbase.lockTime() == 0
        && coinbase.gas() == 0
        && sameOutputs(coinbase.outputs(), outputs(merged, payload(coinbase).scriptPublicKey()));
  }

  /**
   * An output for each blue block in the difficulty window, to its miner; and one with what the red
   * ones would have earned, to the merging block's own.
   */
  private List<Output> outputs(MergedState merged, ScriptPublicKey miner) {
    Merge merge = merged.merge();
    List<Output> outputs = new ArrayList<>(merge.size() + 1);
    long red = 0;
    for (int i = 0; i < merge.size(); i++) {
      MergedBlock block = merged.block(i);
      boolean outside = merge.isOutsideWindow(i, blocks);
      if (merge.isRed(i)) {
        red += block.fees() + (outside ? 0 : payload(block.coinbase()).subsidy());
      } else if (!outside) {
        CoinbasePayload payload = payload(block.coinbase());
        long reward = payload.subsidy() + block.fees();
        if (reward != 0) {
          outputs.add(new Output(reward, payload.scriptPublicKey(), null));
        }
      }
    }
    if (red != 0) {
      outputs.add(new Output(red, miner, null));
    }
    return outputs;
  }

  private CoinbasePayload payload(Transaction coinbase) {
    try {
      return CoinbasePayload.parse(coinbase.payload(), params);
    } catch (CoinbasePayloadException e) {
      throw new IllegalStateException("a coinbase payload that passed the body rules", e);
    }
  }

  private static boolean sameOutputs(List<Output> stated, List<Output> expected) {
    if (stated.size() != expected.size()) {
      return false;
    }
    for (int i = 0; i < stated.size(); i++) {
      Output a = stated.get(i);
      Output b = expected.get(i);
      if (a.value() != b.value()
          || a.scriptPublicKey().version() != b.scriptPublicKey().version()
          || !Arrays.equals(a.scriptPublicKey().script(), b.scriptPublicKey().script())
          || !Objects.equals(a.covenant(), b.covenant())) {
        return false;
      }
    }
    return true;
  }
}
