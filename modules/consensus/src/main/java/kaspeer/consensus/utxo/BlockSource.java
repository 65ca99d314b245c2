package kaspeer.consensus.utxo;

import java.util.List;
import java.util.function.Supplier;
import kaspeer.primitives.BlockStatus;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.Transaction;

/** Where the blocks of the DAG are, by id. Reading is safe from any thread. */
public interface BlockSource {
  /** The hash of a block of the DAG. */
  Hash hash(int id);

  /** The header of a block of the DAG. */
  Header header(int id);

  /** The transactions of a block that has its body. */
  List<Transaction> body(int id);

  /** Runs a query while the DAG does not change; it must be short. */
  <T> T read(Supplier<T> query);

  /** Notes whether a block qualified. The committer's. */
  void setStatus(int id, BlockStatus status);
}
