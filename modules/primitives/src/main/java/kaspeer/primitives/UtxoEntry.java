package kaspeer.primitives;

import kaspeer.primitives.Transaction.Covenant;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.Transaction.ScriptPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * An unspent output as the UTXO set keeps it (consensus reference 6.9).
 *
 * @param amount in sompi, unsigned
 * @param blockDaaScore DAA score of the chain block that accepted the transaction, unsigned; {@link
 *     #UNACCEPTED} while only a mempool holds it
 * @param coinbase whether a coinbase transaction made it
 * @param covenantId of the output's covenant, null if it has none
 */
public record UtxoEntry(
    long amount,
    ScriptPublicKey scriptPublicKey,
    long blockDaaScore,
    boolean coinbase,
    @Nullable Hash covenantId) {
  /** The DAA score of an output that no chain block has accepted: all ones. */
  public static final long UNACCEPTED = -1L;

  /** The entry an output becomes. */
  public static UtxoEntry of(Output output, long blockDaaScore, boolean coinbase) {
    Covenant covenant = output.covenant();
    return new UtxoEntry(
        output.value(),
        output.scriptPublicKey(),
        blockDaaScore,
        coinbase,
        covenant == null ? null : covenant.covenantId());
  }
}
