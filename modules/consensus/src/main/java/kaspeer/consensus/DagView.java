package kaspeer.consensus;

import java.util.List;
import java.util.function.Function;
import kaspeer.primitives.Block;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Outpoint;
import kaspeer.primitives.UtxoEntry;
import org.jspecify.annotations.Nullable;

/** Reads of the DAG, from any thread. */
public interface DagView {
  /** The latest snapshot; costs nothing. */
  DagState state();

  BlockStatus status(Hash hash);

  /** The header, or null if it is not in the DAG. May read the disk. */
  @Nullable Header header(Hash hash);

  /** The transactions, or null if the body is not here. May read the disk. */
  @Nullable List<Transaction> body(Hash hash);

  /** Header and body, or null if either is missing. May read the disk. */
  default @Nullable Block block(Hash hash) {
    Header header = header(hash);
    List<Transaction> body = header == null ? null : body(hash);
    return header == null || body == null ? null : new Block(header, body);
  }

  /**
   * The transactions that a block accepted, if it qualified for the selected chain, whether or not
   * it is on it now; else null. May read the disk.
   *
   * @throws UnsupportedOperationException without UTXO validation
   */
  default @Nullable BlockAcceptance acceptance(Hash chainBlock) {
    throw new UnsupportedOperationException("no UTXO state");
  }

  /**
   * The entry of an output that is unspent for the virtual block, else null. May read the disk.
   *
   * @throws UnsupportedOperationException without UTXO validation
   */
  default @Nullable UtxoEntry utxo(Outpoint outpoint) {
    throw new UnsupportedOperationException("no UTXO state");
  }

  /**
   * Runs a query on an unchanging DAG; commits wait meanwhile, so it must be short and must not
   * block.
   */
  <T> T read(Function<DagReader, T> query);
}
