package kaspeer.engine.mempool;

import java.util.List;
import kaspeer.consensus.BlockTemplate;
import kaspeer.consensus.Consensus;
import kaspeer.primitives.Block;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.ScriptPublicKey;

/** Makes blocks that lack nothing but their proof of work. May block. */
public interface TemplateMaker {
  /**
   * A block on the present virtual parents.
   *
   * @param payTo whom its reward is for
   * @param extraData to go into its coinbase
   * @param transactions to put in, as far as they still can be
   * @throws IllegalArgumentException if the coinbase cannot hold what it is to hold
   */
  Made make(ScriptPublicKey payTo, byte[] extraData, List<Transaction> transactions);

  /**
   * A block and what did not go into it.
   *
   * @param invalid ids of transactions that are not valid on the virtual parents; what only did not
   *     fit is not among them
   */
  record Made(Block block, List<Hash> invalid) {
    public Made {
      invalid = List.copyOf(invalid);
    }
  }

  /** One that asks the consensus. */
  static TemplateMaker of(Consensus consensus) {
    return (payTo, extraData, transactions) -> {
      BlockTemplate template = consensus.blockTemplate(payTo, extraData, transactions);
      return new Made(template.block(), template.invalid());
    };
  }
}
