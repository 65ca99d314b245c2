package kaspeer.primitives;

import java.util.List;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.hashing.Blake2b;
import kaspeer.primitives.hashing.Blake2bDomain;

/** Ids of covenants (consensus reference 1.5). */
public final class CovenantId {
  private static final ThreadLocal<Blake2b> HASHER =
      ThreadLocal.withInitial(Blake2bDomain.COVENANT_ID::hasher);

  private CovenantId() {}

  /**
   * An output and where it stands in its transaction.
   *
   * @param index unsigned 32 bits
   */
  public record IndexedOutput(int index, Output output) {}

  /**
   * The id of the covenant that a transaction begins.
   *
   * @param genesis what the authorizing input spends; it makes the id unique
   * @param outputs those that begin the covenant, in the order of the transaction; their own
   *     covenant fields are not part of the id
   */
  public static Hash of(Outpoint genesis, List<IndexedOutput> outputs) {
    Blake2b hasher = HASHER.get();
    hasher.reset();
    hasher.putHash(genesis.transactionId());
    hasher.putInt(genesis.index());
    hasher.putLong(outputs.size());
    for (IndexedOutput indexed : outputs) {
      Output output = indexed.output();
      hasher.putInt(indexed.index());
      hasher.putLong(output.value());
      hasher.putShort(output.scriptPublicKey().version());
      hasher.putVarBytes(output.scriptPublicKey().script());
    }
    return hasher.finish();
  }
}
