package kaspeer.consensus;

import java.util.List;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.TransactionMass;
import kaspeer.primitives.UtxoEntry;

/** Whether the block after the virtual parents could accept a transaction. */
public sealed interface TransactionVerdict {
  /**
   * It could, once what it spends of other transactions' is accepted.
   *
   * @param fee in sompi
   * @param storageMass as computed, whatever it commits to, in grams
   * @param spent the entries of its inputs, in their order
   */
  record Accepted(long fee, TransactionMass mass, long storageMass, List<UtxoEntry> spent)
      implements TransactionVerdict {
    public Accepted {
      spent = List.copyOf(spent);
    }
  }

  /** It spends outputs that are not unspent, or not known yet. Nothing else was checked. */
  record MissingOutpoints(List<Outpoint> outpoints) implements TransactionVerdict {
    public MissingOutpoints {
      outpoints = List.copyOf(outpoints);
    }
  }

  /**
   * It breaks a rule, now at least.
   *
   * @param forNow whether a script failed that had asked for something which changes with the
   *     chain, so that it may succeed in another block
   */
  record Refused(Rule rule, String detail, boolean forNow) implements TransactionVerdict {}
}
