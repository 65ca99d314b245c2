package kaspeer.consensus.utxo;

import kaspeer.consensus.dag.Blocks;
import kaspeer.consensus.dag.Dag;
import kaspeer.primitives.Hash;
import kaspeer.script.ChainCommitments;
import kaspeer.script.ScriptError;
import kaspeer.script.ScriptException;

/**
 * What scripts may ask about the chain of the block they are checked for, by its selected parent
 * (consensus reference 6.7). Safe from any thread.
 *
 * @param context the selected parent
 */
record ChainQueries(Dag dag, BlockSource source, int context) implements ChainCommitments {
  private enum Place {
    UNKNOWN,
    NOT_ON_CHAIN,
    TOO_DEEP,
    HERE
  }

  private record Found(int id, Place place) {}

  @Override
  public Hash sequencingCommitment(Hash block) throws ScriptException {
    Found found = source.read(() -> find(block));
    return switch (found.place) {
      case UNKNOWN -> throw new ScriptException(ScriptError.BLOCK_UNKNOWN, block.toString());
      case NOT_ON_CHAIN ->
          throw new ScriptException(ScriptError.BLOCK_NOT_ON_CHAIN, block.toString());
      case TOO_DEEP -> throw new ScriptException(ScriptError.BLOCK_TOO_DEEP, block.toString());
      case HERE -> source.header(found.id).acceptedIdMerkleRoot();
    };
  }

  private Found find(Hash block) {
    int id = dag.find(block);
    if (id == Blocks.NONE) {
      return new Found(id, Place.UNKNOWN);
    }
    if (!dag.reachability().isChainAncestor(id, context)) {
      return new Found(id, Place.NOT_ON_CHAIN);
    }
    long reach = dag.blocks().blueScore(id) + dag.params().finalityDepth();
    return new Found(id, reach > dag.blocks().blueScore(context) ? Place.HERE : Place.TOO_DEEP);
  }
}
