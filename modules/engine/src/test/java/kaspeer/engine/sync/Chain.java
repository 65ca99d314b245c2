package kaspeer.engine.sync;

import java.util.ArrayList;
import java.util.List;
import kaspeer.flow.dag.Dag;
import kaspeer.primitives.BlueWork;
import kaspeer.primitives.Hash;
import kaspeer.primitives.Header;
import kaspeer.primitives.ParentsByLevel;
import kaspeer.primitives.SubnetworkId;
import kaspeer.primitives.Transaction;

/**
 * A chain of headers for tests: number 0 is genesis, and blue work, blue score and DAA score are
 * the number.
 */
final class Chain {
  /** When genesis was made; a block follows every 100 milliseconds. Long ago. */
  static final long GENESIS_TIME = 1_700_000_000_000L;

  private static final Transaction COINBASE =
      new Transaction(0, List.of(), List.of(), 0, SubnetworkId.COINBASE, 0, new byte[0], 0);

  private final List<Header> headers = new ArrayList<>();

  Chain(int length) {
    for (int i = 0; i <= length; i++) {
      ParentsByLevel parents =
          i == 0
              ? ParentsByLevel.NONE
              : ParentsByLevel.ofLevels(List.of(List.of(headers.get(i - 1).hash())));
      headers.add(
          new Header(
              2,
              parents,
              Hash.ZERO,
              Hash.ZERO,
              Hash.ZERO,
              GENESIS_TIME + 100L * i,
              0x207fffff,
              i,
              i,
              BlueWork.of(i),
              i,
              Hash.ZERO));
    }
  }

  int length() {
    return headers.size() - 1;
  }

  Header header(int number) {
    return headers.get(number);
  }

  Hash hash(int number) {
    return headers.get(number).hash();
  }

  /** Hashes of these blocks, both ends included. */
  List<Hash> hashes(int from, int to) {
    return headers.subList(from, to + 1).stream().map(Header::hash).toList();
  }

  /** The number of a block, or -1. */
  int number(Hash hash) {
    for (int i = 0; i < headers.size(); i++) {
      if (headers.get(i).hash().equals(hash)) {
        return i;
      }
    }
    return -1;
  }

  /** A body that the DAG takes. */
  static Dag.Body body(Hash hash) {
    return new Dag.Body(hash, List.of(COINBASE), 100);
  }

  /**
   * A body that is not the block's: the DAG of these tests knows it by its having no transactions.
   */
  static Dag.Body wrongBody(Hash hash) {
    return new Dag.Body(hash, List.of(), 100);
  }
}
